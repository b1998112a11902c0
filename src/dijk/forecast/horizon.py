"""Which weeks are forecast, from which last known day, and on how many sample paths."""

import datetime as dt
from dataclasses import dataclass

from dijk.policy import listed
from dijk.present.now import Now


@dataclass(frozen=True)
class Horizon:
    """What the policy says of how far to look.

    Attributes
    ----------
    mondays
        The weeks that are forecast, named by their Monday; the first is the week of ``as_of``.
    beyond
        Weeks after these, as far as buying looks ahead: no forecast, but a way back to the level of the past year.
    fall_back_weeks
        Weeks in which half of that way is gone.
    last_day
        Last day of the indicators that is used: the newest ones wait for the reporting lag.
    samples
        Joint sample paths behind the demand.
    """

    mondays: tuple[dt.date, ...]
    beyond: int
    fall_back_weeks: float
    last_day: dt.date
    samples: int

    @property
    def all_mondays(self) -> tuple[dt.date, ...]:
        """The weeks that are forecast and those beyond."""
        after = (self.mondays[-1] + dt.timedelta(weeks=week) for week in range(1, self.beyond + 1))
        return (*self.mondays, *after)

    @property
    def steps(self) -> int:
        """Weeks of seven days from the day after ``last_day`` until the last Sunday is reached."""
        return -(-((self.mondays[-1] - self.last_day).days + 6) // 7)


def horizon_of(now: Now) -> Horizon:
    """Read the horizon from the policy in force today."""
    today, number = now.world.today, now.policy.number
    monday = today - dt.timedelta(days=today.weekday())
    weeks = round(number("horizon_weeks", today))
    return Horizon(
        mondays=tuple(monday + dt.timedelta(weeks=ahead) for ahead in range(weeks)),
        beyond=max(_bought_ahead(now) - weeks, 0) + 1,  # a week that begins today ends in the next calendar week
        fall_back_weeks=number("fall_back_weeks", today),
        last_day=today - dt.timedelta(days=round(number("reporting_lag_days", today))),
        samples=round(number("sample_paths", today)),
    )


def _bought_ahead(now: Now) -> int:
    """The most weeks of demand that buying aims to cover of any need."""
    weeks = now.policy.numbers("buy_cover_weeks", now.world.today, listed(now.policy, now.world.today))
    return int(weeks.max() or 0)  # type: ignore[arg-type]
