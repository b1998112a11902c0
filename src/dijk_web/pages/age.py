"""How long ago something was, or how long it still has, as people say it."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

HOURS_SAID, DAYS_SAID = 60, 48 * 60
"""From how many minutes on hours are said, and days."""


def duration(time: dt.timedelta) -> str:
    """A time in the two largest units that say something: 25 minutes, 2 h 05 min, 3 days."""
    minutes = int(abs(time).total_seconds() // 60)
    if not minutes:
        return _("less than a minute")
    if minutes < HOURS_SAID:
        return ngettext("{count} minute", "{count} minutes", minutes).format(count=minutes)
    if minutes < DAYS_SAID:
        return _("{hours} h {minutes:02} min").format(hours=minutes // 60, minutes=minutes % 60)
    days = minutes // (24 * 60)
    return ngettext("{count} day", "{count} days", days).format(count=days)
