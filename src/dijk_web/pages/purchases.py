"""My own purchases: what a site bought itself and received, an article a line."""

from typing import Any

import polars as pl
from django.utils.translation import gettext_lazy

from dijk_web.actions.telling import purchase_code, tell_purchases
from dijk_web.models import Need, Product
from dijk_web.of_site import names_of, needs_of
from dijk_web.pages.form import date_field
from dijk_web.pages.lines import Line, told_in_words
from dijk_web.pages.telling import Seen, TellForm, Topic
from dijk_web.pages.told_before import last_rows

BOUGHT = {"channel": "own_purchase", "lot": "-"}
"""What each row of an own purchase says."""


class PurchaseForm(TellForm):
    """The day on which it came."""

    day = date_field(gettext_lazy("Day on which it came"))


def purchase_lines(seen: Seen) -> list[Line]:
    """A line per article of the site's needs, or that it bought before, with what came last."""
    needs = needs_of([seen.site], seen.policy, seen.now.date())[seen.site.site]
    accepted = seen.policy.in_force("acceptance", seen.now.date()).filter(pl.col("need").is_in(list(needs)))
    last = last_rows("delivery", seen.site, ("product", "need"), channel=BOUGHT["channel"])
    keys = set(accepted.select("product", "need").rows()) | set(last)
    places = names_of(Need, {need for _product, need in keys})
    articles = {article.product: article for article in Product.objects.filter(product__in={key[0] for key in keys})}
    lines = []
    for product, need in keys:
        article = articles.get(product)
        line = Line(f"{product}|{need}", article.name if article else product, place=places[need])
        line.each = article.pieces_per_pack if article else None
        line.about = {"site": seen.site.site, "product": product, "need": need}
        if row := last.get((product, need)):
            line.last, line.last_day = told_in_words(row, line.each), row["day"]
        lines.append(line)
    return sorted(lines, key=lambda line: (line.place, line.name))


def purchase_rows(line: Line, said: dict[str, Any]) -> list[dict[str, Any]]:
    """The row of a line."""
    code = purchase_code(*line.about.values(), said["day"])
    return [{**BOUGHT, **line.about, **line.value_of("pieces"), "delivery": code, "day": said["day"]}]


PURCHASES = Topic(
    table="delivery",
    column="pieces",
    title=gettext_lazy("My own purchases"),
    says=gettext_lazy(
        "What you bought yourself and received that day, beside what the consortium or the region sent. Is your "
        "article not here? Take the one it replaces, in pieces. Told again for the same day, it corrects what you told."
    ),
    form=PurchaseForm,
    lines=purchase_lines,
    rows=purchase_rows,
    act=tell_purchases,
)
