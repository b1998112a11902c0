"""Filters of the log: acts, roles and tables in words."""

from typing import Any

from django import template

from dijk_web.pages.acts import ACTS, pairs
from dijk_web.pages.findings import table_name
from dijk_web.pages.navigation import role_name

register = template.Library()


@register.filter
def done(name: str) -> str:
    """What an act did."""
    return str(ACTS.get(name, name))


@register.filter
def role(code: str) -> str:
    """Who did it, by role."""
    return role_name(code)


@register.filter
def table(code: str) -> str:
    """A table by its name."""
    return table_name(code)


@register.filter
def said(what: Any) -> list[tuple[str, str]]:
    """What was before or after."""
    return pairs(what)
