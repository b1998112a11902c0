"""Which weeks are forecast, from which last known day, and on how many sample paths."""

import datetime as dt
from dataclasses import dataclass

from dijk.present.now import Now


@dataclass(frozen=True)
class Horizon:
    """What the policy says of how far to look.

    Attributes
    ----------
    mondays
        The weeks that are forecast, named by their Monday; the first is the week of ``as_of``.
    last_day
        Last day of the indicators that is used: the newest ones wait for the reporting lag.
    samples
        Joint sample paths behind the demand.
    """

    mondays: tuple[dt.date, ...]
    last_day: dt.date
    samples: int

    @property
    def steps(self) -> int:
        """Weeks of seven days from the day after ``last_day`` until the last Sunday is reached."""
        return -(-((self.mondays[-1] - self.last_day).days + 6) // 7)


def horizon_of(now: Now) -> Horizon:
    """Read the horizon from the policy in force today."""
    today, number = now.world.today, now.policy.number
    monday = today - dt.timedelta(days=today.weekday())
    return Horizon(
        mondays=tuple(monday + dt.timedelta(weeks=ahead) for ahead in range(round(number("horizon_weeks", today)))),
        last_day=today - dt.timedelta(days=round(number("reporting_lag_days", today))),
        samples=round(number("sample_paths", today)),
    )
