"""Rows that a site told, as people read them: the article or need by name, the amount both ways."""

from collections.abc import Iterable
from dataclasses import dataclass

from dijk_web.models import Activity, Delivery, Driver, Need, Product, RequestRow, Site, Stock, Use
from dijk_web.of_site import moment, names_of, packs_of_needs, policy_now
from dijk_web.pages.lines import amount_in_words, reason_in_words, shown

Row = Stock | Use | Activity | Delivery | RequestRow
TELLS: tuple[type[Row], ...] = (Stock, Use, Activity, Delivery, RequestRow)
"""Tables in which a site tells and asks."""


@dataclass(frozen=True)
class Told:
    """A row of an act as its answer shows it."""

    site: str
    name: str
    code: str
    amount: str
    day: object


def as_told(rows: Iterable[Row]) -> list[Told]:
    """Rows of these tables, those of a table together, in their order."""
    rows = list(rows)
    return [line for model in TELLS for line in _of_table(model, [row for row in rows if isinstance(row, model)])]


def _of_table(model: type[Row], rows: list[Row]) -> list[Told]:
    if not rows:
        return []
    sites = dict(Site.objects.filter(site__in={row.site_id for row in rows}).values_list("site", "name"))
    names, each = _names_and_packs(model, {_about(row) for row in rows})
    return [
        Told(
            sites.get(row.site_id, row.site_id),
            names.get(_about(row), _about(row)),
            getattr(row, "request", None) or "",
            _amount(row, each.get(_about(row))),
            row.day,
        )
        for row in rows
    ]


def _about(row: Row) -> str:
    """The code of what a row is about."""
    if isinstance(row, Stock | Delivery):
        return str(row.product_id)
    return str(row.driver if isinstance(row, Activity) else row.need_id)


def _names_and_packs(model: type[Row], codes: set[str]) -> tuple[dict[str, str], dict[str, int]]:
    """Names by code, and pieces in a pack."""
    if model in (Stock, Delivery):
        articles = Product.objects.filter(product__in=codes).values_list("product", "name", "pieces_per_pack")
        return {code: name for code, name, _each in articles}, {code: each for code, _name, each in articles}
    if model is Activity:
        return names_of(Driver, codes), {}
    now = moment()
    return names_of(Need, codes), packs_of_needs(policy_now(), now.date())


def _amount(row: Row, each: int | None) -> str:
    """The amount of a row, or why it has none."""
    if row.reason:
        return reason_in_words(row.reason)
    return shown(row.units) if isinstance(row, Activity) else amount_in_words(row.pieces, each)
