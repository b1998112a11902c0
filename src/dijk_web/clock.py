"""The only place that asks the time of facts, runs and ages. Logging in, links and cookies stay on the machine's."""

import datetime as dt
import time

from django.conf import settings

STARTED = time.monotonic()


def now() -> dt.datetime:
    """The moment, in UTC to the second; in a demo the moment it was started at, running on."""
    if not settings.CLOCK:
        return dt.datetime.now(dt.UTC).replace(microsecond=0)
    start = dt.datetime.fromisoformat(settings.CLOCK)
    return (start + dt.timedelta(seconds=time.monotonic() - STARTED)).replace(microsecond=0)
