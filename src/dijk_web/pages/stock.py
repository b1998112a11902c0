"""Stock: a count per article, in packs or pieces, of a place of care, a hub or a warehouse."""

import datetime as dt
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import polars as pl
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dijk.policy import served_need
from dijk.tables.columns import HOLDERS
from dijk.tables.facts import STATUSES
from dijk_web.actions.telling import tell_stock, valid
from dijk_web.models import Need, Product
from dijk_web.of_site import known_of, last_counts, names_of, needs_of, positions_of, world_of
from dijk_web.pages.form import date_field
from dijk_web.pages.lines import Line, choice_in_words, told_in_words
from dijk_web.pages.telling import Seen, TellForm, Topic
from dijk_web.people import Permission

NO_LOT, USABLE = "-", "approved"

Key = tuple[str, str, str]
"""Product, lot and status."""


def stock_lines(seen: Seen) -> list[Line]:
    """A line per article of the site's needs, and one per lot and status that it counted last. Who holds goods for
    others has a line for every article.
    """
    counts = last_counts(known_of([seen.site]).world)
    accepted = seen.policy.in_force("acceptance", seen.now.date())
    if seen.site.kind not in HOLDERS:
        needs = needs_of([seen.site], seen.policy, seen.now.date())[seen.site.site]
        accepted = accepted.filter(pl.col("need").is_in(list(needs)))
    last = {(row["product"], row["lot"], row["status"]): row for row in counts.to_dicts()}
    with_lots = {product for product, lot, _status in last if lot != NO_LOT}
    wanted = set(accepted["product"]) | {product for product, _lot, _status in last}
    keys = {(product, NO_LOT, USABLE) for product in wanted - with_lots} | set(last)
    added = added_lots(seen.sent, keys)
    wanted |= {lot.key[0] for lot in added}
    serves = dict(served_need(seen.policy, None).rows())
    places = names_of(Need, {serves[product] for product in wanted if product in serves})
    articles = {product.product: product for product in Product.objects.filter(product__in=wanted)}
    lines = [a_line(key, last.get(key), articles.get(key[0])) for key in keys]
    lines += [a_new_line(lot, articles[lot.key[0]]) for lot in added if lot.key[0] in articles]
    for line in lines:
        line.about["need"] = serves.get(str(line.about["product"]))
        line.place = places.get(str(line.about["need"]), "")
    return sorted(lines, key=lambda line: (line.place, line.name))


class AddLot(forms.Form):
    """An article of another lot or status than those that were counted."""

    product = forms.ChoiceField(label=gettext_lazy("Article"))
    lot = forms.RegexField(
        r"^[^|]+$",
        label=gettext_lazy("Lot"),
        max_length=80,
        required=False,
        empty_value=NO_LOT,
        help_text=gettext_lazy("Leave it empty where lots are not kept."),
    )
    status = forms.ChoiceField(label=gettext_lazy("May it be given out"))
    expires_on = date_field(gettext_lazy("Last day of use"), required=False)

    def __init__(self, seen: Seen, data: Any) -> None:
        super().__init__(data, prefix="new")
        accepted = seen.policy.in_force("acceptance", seen.now.date())["product"].unique().to_list()
        articles = Product.objects.filter(product__in=accepted).order_by("name")
        self.fields["product"].choices = list(articles.values_list("product", "name"))
        self.fields["status"].choices = [(code, choice_in_words(STATUSES, code)) for code in STATUSES]

    def clean(self) -> dict[str, Any]:
        """With the key that a line of what was counted has, and the last day of use where it has one."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            day = [str(said["expires_on"])] if said["expires_on"] else []
            said["key"] = "|".join([said["product"], said["lot"], said["status"], *day])
        return said


@dataclass(frozen=True)
class Lot:
    """A lot that a person added, by the key that was sent."""

    sent: str
    key: Key
    expires_on: dt.date | None


def added_lots(sent: Iterable[str], there: Collection[Key]) -> list[Lot]:
    """The lots among the keys that were sent that were not counted before: product, lot, status, and perhaps a day."""
    lots = []
    for text in sent:
        product, lot, status, day = [*text.split("|"), "", "", ""][:4]
        with suppress(ValueError):  # no day at all
            expires_on = dt.date.fromisoformat(day) if day else None
            if product and lot and status in STATUSES and (product, lot, status) not in there:
                lots.append(Lot(text, (product, lot, status), expires_on))
    return lots


def a_line(key: Key, last: dict[str, Any] | None, article: Product | None) -> Line:
    """The line of an article, with its last count."""
    product, lot, status = key
    name = article.name if article else product
    if lot != NO_LOT:
        name += ", " + _("lot {lot}").format(lot=lot)
    if status != USABLE:
        name += ", " + _("status {status}").format(status=choice_in_words(STATUSES, status))
    line = Line("|".join(key), name, each=article.pieces_per_pack if article else None)
    line.about = {"product": product, "lot": lot, "status": status, "expires_on": last and last["expires_on"]}
    if last:
        line.last, line.last_day = told_in_words(last, line.each), last["day"]
    return line


def a_new_line(lot: Lot, article: Product) -> Line:
    """The line of a lot that a person added."""
    line = a_line(lot.key, None, article)
    line.key, line.about["expires_on"] = lot.sent, lot.expires_on
    return line


def stock_rows(line: Line, said: dict[str, Any]) -> list[dict[str, Any]]:
    """The row of a line."""
    about = {name: line.about[name] for name in ("product", "lot", "status", "expires_on")}
    return [{**about, **line.value_of("pieces"), "day": said["day"]}]


def doubt_counts(seen: Seen, lines: list[Line], rows: list[dict[str, Any]]) -> None:
    """Say of each count below the ledger that it waits for a second, by the plan's own reckoning."""
    told = valid("stock", [{"source": "site", "site": seen.site.site, **row} for row in rows])
    world = world_of([seen.site], seen.now, {"stock": told})
    doubted = set(positions_of([seen.site], world, seen.policy).filter("doubted")["need"])
    for line in lines:
        if line.value is not None and line.about["need"] in doubted:
            line.notes.append(
                _(
                    "This is below what you counted before plus what came, less the norm use since. The picture shows "
                    "it at once; in a division it counts after a second count on another day, or when the region "
                    "confirms it."
                )
            )


STOCK = Topic(
    table="stock",
    column="pieces",
    title=gettext_lazy("My stock"),
    title_of_held=gettext_lazy("Stock"),
    says=gettext_lazy("Count what can be used. Nothing there is 0; what you do not know is unknown."),
    form=TellForm,
    lines=stock_lines,
    rows=stock_rows,
    act=tell_stock,
    doubt=doubt_counts,
    add=AddLot,
    permissions=(Permission.TELL, Permission.TELL_HELD),
)
