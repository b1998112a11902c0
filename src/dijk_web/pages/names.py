"""What a need is called, and the function in which somebody speaks, in the language of the page."""

from typing import Any

from django.utils.translation import gettext as _

from dijk_web.models import Need
from dijk_web.pages.navigation import role_name
from dijk_web.pages.told_run import lang
from dijk_web.people import Role


def need_name(need: Need) -> str:
    """What a need is called."""
    return str(need.name_nl if lang() == "nl" else need.name_en)


def function_of(said: Any) -> str:
    """Who said something, as a function and never by name: what has ``role``, and where it has them ``region`` and
    ``directorate``.
    """
    match Role(said.role):
        case Role.INSTITUTION:
            return _("a care institution")
        case Role.COORDINATOR:
            return _("coordinator of {region}").format(region=said.region)
    return " ".join(filter(None, [role_name(said.role), said.directorate]))
