"""Effects: what a plan would say were other judgements in force, beside what it says without them.

A row of a change stands for something that differs; ``Compared`` says how much was looked at. Before is without the
proposed judgements, after is with them.
"""

import dataframely as dy
import polars as pl

from dijk.tables import columns as c
from dijk.tables.division import REACHES
from dijk.tables.results import MISSING, REGIMES

TAKEN: c.Choices = {
    "as_said": "zoals gezegd",
    "from_today": "vanaf vandaag",
    "takes_back": "trekt in",
    "not_today": "vandaag niet",
}
PARTS: c.Choices = {
    "regime_change": "regimes",
    "level_change": "niveaus",
    "unmet_change": "onvervulde behoefte",
    "purchase_change": "inkoopbehoefte",
}
NO_MONEY: c.Choices = {
    "not_in_plan": "niet in het plan",
    "no_price": "geen prijs",
    "no_article": "geen artikel",
    **MISSING,
}


class ProposedRow(dy.Schema):
    """A proposed judgement, and how it was taken: what begins later counts as begun today."""

    table = c.code("Table of the judgement.", "tabel: tabel van het oordeel", key=True)
    key = c.text(
        "Its key but the days, the parts apart by blanks.",
        "sleutel: de sleutel zonder de dagen, delen gescheiden door spaties",
        longest=1000,
        key=True,
    )
    valid_from = c.day("First day it holds, as proposed.", "geldig_vanaf: eerste dag, zoals voorgesteld", key=True)
    valid_to = c.day("Last day it holds; empty is open.", "geldig_tot: laatste dag; leeg is open", optional=True)
    taken = c.choice(
        TAKEN,
        "As it says; as begun today, for it begins later; as taking back the row with its first day; or not, for it "
        "ended or another row goes before it today.",
        "genomen: zoals het er staat; als vandaag begonnen, want het begint later; als intrekking van de regel met die "
        "eerste dag; of niet, want het is geëindigd of een andere regel gaat vandaag voor",
    )


class Compared(dy.Schema):
    """How much of two plans was set side by side, and how much of it differs."""

    part = c.choice(PARTS, "What was compared.", "onderdeel: wat vergeleken is", key=True)
    compared = c.whole("rows", "Rows that either plan has.", "vergeleken: regels die een van beide plannen heeft")
    changed = c.whole("rows", "Of which differ.", "gewijzigd: waarvan er verschillen")


class RegimeChange(dy.Schema):
    """A need that would be routed otherwise; empty where a plan says nothing of the need."""

    need = c.cell_need()
    effective_before = c.choice(REGIMES, "What holds.", "geldend_voor: wat geldt", optional=True)
    effective_after = c.choice(REGIMES, "What would hold.", "geldend_na: wat zou gelden", optional=True)


class LevelChange(dy.Schema):
    """A published level that would be another, that would come or would go."""

    need = c.cell_need()
    tier = c.whole("rank", "Order of service.", "rang: volgorde", least=1, most=99, key=True)
    holder = c.holder()
    region = c.cell_region()
    fence = c.code("Fence, or all.", "hek: hek, of all", key=True)
    product = c.code("Article divided.", "product: verdeeld artikel", key=True)
    reach_before = c.choice(
        REACHES, "How far supply reaches; empty: no such level.", "bereik_voor: leeg is geen niveau", optional=True
    )
    reach_after = c.choice(
        REACHES, "How far it would reach; empty: no such level.", "bereik_na: leeg is geen niveau", optional=True
    )
    level_days_before = c.number(
        "days",
        "Level L; empty where nothing is scarce.",
        "niveau_voor: niveau L; leeg waar niets schaars is",
        optional=True,
        most=1e9,
    )
    level_days_after = c.number("days", "What it would be.", "niveau_na: wat het zou zijn", optional=True, most=1e9)


class UnmetChange(dy.Schema):
    """What claimants miss and get of a need in a sector or region, where either would be other than it is.

    Unmet is the share of the norm use over the days of the cap that the claimants are left without. Both plans are held
    against the caps without the proposal, so that a lower cap does not look like less want; norm use is each plan's
    own.
    """

    need = c.cell_need()
    sector = c.code("Sector, or all.", "sector: sector, of all", key=True)
    region = c.cell_region()
    unmet_before = c.share("Unmet need; empty: nobody claims.", "onvervuld_voor: leeg is geen aanspraak", optional=True)
    unmet_after = c.share(
        "What it would be; empty: nobody would claim.", "onvervuld_na: leeg is geen aanspraak", optional=True
    )
    packs_before = c.whole("packs", "Packs awarded.", "dozen_voor: toegekend")
    packs_after = c.whole("packs", "Packs that would be awarded.", "dozen_na: wat toegekend zou worden")
    pieces_before = c.whole("pieces", "Pieces awarded.", "stuks_voor: toegekend")
    pieces_after = c.whole("pieces", "Pieces that would be awarded.", "stuks_na: wat toegekend zou worden")


class PurchaseChange(dy.Schema):
    """What to buy of a need at a curve, net of inbound, where that would be another number or other money."""

    need = c.cell_need()
    curve = c.choice(
        {"base": "basis", "max": "max", "stance": "gekozen stand"},
        "Bought for base, max, or the stance in force.",
        "curve: basis, max of de gekozen stand",
        key=True,
    )
    pieces_before = c.whole("pieces", "To buy; empty is not known.", "stuks_voor: te kopen", optional=True)
    pieces_after = c.whole("pieces", "What it would be.", "stuks_na: wat het zou zijn", optional=True)
    cents_before = c.whole(
        "euro cent", "What that costs; empty is not known.", "cent_voor: wat dat kost", optional=True, most=10**15
    )
    cents_after = c.whole("euro cent", "What it would cost.", "cent_na: wat het zou kosten", optional=True, most=10**15)
    reason_before = c.choice(NO_MONEY, "Why there is no money.", "reden_voor: waarom er geen geld staat", optional=True)
    reason_after = c.choice(
        NO_MONEY, "Why there would be no money.", "reden_na: waarom er geen geld zou staan", optional=True
    )

    @dy.rule()
    def money_or_reason(cls) -> pl.Expr:
        """Money, or a reason for having none, before and after."""
        return (cls.cents_before.col.is_null() == cls.reason_before.col.is_not_null()) & (
            cls.cents_after.col.is_null() == cls.reason_after.col.is_not_null()
        )


def _unmet(meaning: str, dutch: str) -> dy.Float64:
    return c.share(meaning, dutch, optional=True)


def _days(meaning: str, dutch: str) -> dy.Float64:
    return c.number("days", meaning, dutch, optional=True, most=1e9)


class FencePrice(dy.Schema):
    """What a proposed fence costs: all that is proposed, caps too, beside the same without this fence."""

    fence = c.code("Code of the fence.", "hek: code van het hek", key=True)
    need = c.cell_need()
    unmet_with = _unmet("Unmet need with it.", "onvervuld_met: onvervulde behoefte met het hek")
    unmet_without = _unmet("Unmet need without it.", "onvervuld_zonder: onvervulde behoefte zonder het hek")
    group_days_with = _days(
        "Cover of its group with it; empty: nobody.", "groep_met: dekking van de groep; leeg is niemand"
    )
    group_days_without = _days(
        "Cover of its group without it; empty: nobody.", "groep_zonder: dekking van de groep; leeg is niemand"
    )
    others_days_with = _days(
        "Cover of the others with it; empty: nobody.", "anderen_met: dekking van de anderen; leeg is niemand"
    )
    others_days_without = _days(
        "Cover of the others without it; empty: nobody.", "anderen_zonder: dekking van de anderen; leeg is niemand"
    )
    missing_pieces = c.whole(
        "pieces", "What its promise lacks; empty: nothing.", "tekort: wat de belofte mist; leeg is niets", optional=True
    )
    missing_together = c.whole(
        "pieces",
        "What all fences of the need together lack; empty: nothing.",
        "tekort_samen: wat alle hekken van de behoefte samen missen; leeg is niets",
        optional=True,
    )


def most_changed(rows: pl.DataFrame, most: int) -> pl.DataFrame:
    """The rows of a table of changes to look at first, in their own order: totals, then what comes or goes, then those
    of which the first number changes most; ties go to the first. All of them where they are no more, or hold no number.
    """
    numbers = [name for name, kind in rows.schema.items() if kind.is_numeric() and name.endswith("_before")]
    if rows.height <= most or not numbers:
        return rows
    total = pl.all_horizontal(pl.col("sector", "region") == c.ALL) if "sector" in rows.columns else pl.lit(False)
    by = (pl.col(numbers[0].replace("_before", "_after")) - pl.col(numbers[0])).abs()
    ranked = rows.with_row_index("_at").with_columns(_total=total, _by=by)
    first = ranked.sort("_total", "_by", descending=True, nulls_last=[True, False], maintain_order=True).head(most)
    return first.sort("_at").select(rows.columns)
