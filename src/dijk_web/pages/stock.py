"""Stock: a count per article, in packs or pieces, of a place of care, a hub or a warehouse."""

from typing import Any

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dijk.policy import served_need
from dijk.tables.columns import HOLDERS
from dijk.tables.facts import STATUSES
from dijk_web.actions.telling import tell_stock, valid
from dijk_web.models import Need, Product
from dijk_web.of_site import held_by, last_counts, names_of, needs_of, world_of
from dijk_web.pages.lines import Line, choice_in_words, told_in_words
from dijk_web.pages.telling import Seen, TellForm, Topic
from dijk_web.people import Permission

NO_LOT, USABLE = "-", "approved"


def stock_lines(seen: Seen) -> list[Line]:
    """A line per article of the site's needs, and one per lot and status that it counted last. Who holds goods for
    others has a line for every article.
    """
    counts = last_counts(world_of([seen.site], seen.now))
    accepted = seen.policy.in_force("acceptance", seen.now.date())
    if seen.site.kind not in HOLDERS:
        needs = needs_of([seen.site], seen.policy, seen.now.date())[seen.site.site]
        accepted = accepted.filter(pl.col("need").is_in(list(needs)))
    last = {(row["product"], row["lot"], row["status"]): row for row in counts.to_dicts()}
    wanted = set(accepted["product"]) | {product for product, _lot, _status in last}
    serves = dict(served_need(seen.policy, None).rows())
    places = names_of(Need, {serves[product] for product in wanted if product in serves})
    articles = {product.product: product for product in Product.objects.filter(product__in=wanted)}
    with_lots = {product for product, lot, _status in last if lot != NO_LOT}
    keys = {(product, NO_LOT, USABLE) for product in wanted - with_lots} | set(last)
    lines = [a_line(key, last.get(key), articles.get(key[0])) for key in keys]
    for line in lines:
        line.about["need"] = serves.get(str(line.about["product"]))
        line.place = places.get(str(line.about["need"]), "")
    return sorted(lines, key=lambda line: (line.place, line.name))


def a_line(key: tuple[str, str, str], last: dict[str, Any] | None, article: Product | None) -> Line:
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


def stock_rows(line: Line, said: dict[str, Any]) -> list[dict[str, Any]]:
    """The row of a line."""
    about = {name: line.about[name] for name in ("product", "lot", "status", "expires_on")}
    return [{**about, **line.value_of("pieces"), "day": said["day"]}]


def doubt_counts(seen: Seen, lines: list[Line], rows: list[dict[str, Any]]) -> None:
    """Say of each count below the ledger that it waits for a second, by the plan's own reckoning."""
    told = valid("stock", [{"source": "site", "site": seen.site.site, **row} for row in rows])
    world = world_of([seen.site], seen.now, {"stock": told})
    held = held_by([seen.site], world, seen.policy)
    for line in lines:
        place = held.get((seen.site.site, str(line.about["need"])))
        if line.value is not None and place and place.doubted:
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
    permissions=(Permission.TELL, Permission.TELL_HELD),
)
