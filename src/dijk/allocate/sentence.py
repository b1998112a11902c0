"""An award in words, in Dutch and English: what was asked, what became of it, and what another request or another pack
would have done.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import polars as pl

from dijk.allocate.assumed import without_assumed
from dijk.allocate.claims import CLAIM, ITS_LEVEL, LEVEL
from dijk.known import MICRO
from dijk.tables import ALL
from dijk.tables.languages import LANGS, MONTHS, Lang, figure

WORDS: dict[str, dict[Lang, str]] = {
    "asked": {
        "en": "You asked for {requested} pieces. Your norm is {norm} a day; {position} count as in stock.",
        "nl": "U vroeg {requested} stuks. Uw norm is {norm} per dag; {position} tellen als voorraad.",
    },
    "asked_rest": {
        "en": "Of your request {requested} pieces are left after what your regional hub sends. Your norm is "
        "{norm} a day; "
        "{position} count as in stock, with what the hub sends.",
        "nl": "Van uw aanvraag blijven {requested} stuks over na wat uw regionale depot stuurt. Uw norm is {norm} "
        "per dag; "
        "{position} tellen als voorraad, met wat het depot stuurt.",
    },
    "asked_rest_over": {
        "en": "Of your request {requested} pieces are left after what your regional hub sends. Your norm is "
        "{norm} a day, so at most "
        "{capped}; {position} count as in stock, with what the hub sends.",
        "nl": "Van uw aanvraag blijven {requested} stuks over na wat uw regionale depot stuurt. Uw norm is {norm} "
        "per dag, dus hoogstens "
        "{capped}; {position} tellen als voorraad, met wat het depot stuurt.",
    },
    "hub": {
        "en": "Your regional hub goes first. Your norm is {norm} a day; {position} count as in stock.",
        "nl": "Uw regionale depot gaat voor. Uw norm is {norm} per dag; {position} tellen als voorraad.",
    },
    "asked_over": {
        "en": "You asked for {requested} pieces. Your norm is {norm} a day, so at most {capped}; {position} count "
        "as in stock.",
        "nl": "U vroeg {requested} stuks. Uw norm is {norm} per dag, dus hoogstens {capped}; {position} tellen "
        "als voorraad.",
    },
    "at_hub": {
        "en": "Of these {at_hub} lie at your regional hub, which keeps them back.",
        "nl": "Daarvan liggen nog in uw regionale depot, dat ze achterhoudt: {at_hub}.",
    },
    "assumed_stock": {
        "en": "Of these {assumed} stand in for an answer: you did not answer the question of {since} about your stock.",
        "nl": "Daarvan staan {assumed} in de plaats van een antwoord: u beantwoordde de vraag van {since} over uw "
        "voorraad niet.",
    },
    "assumed_activity": {
        "en": "Of these {assumed} stand in for an answer: you did not answer the question of {since} about your "
        "activity.",
        "nl": "Daarvan staan {assumed} in de plaats van een antwoord: u beantwoordde de vraag van {since} over uw "
        "activiteit niet.",
    },
    "assumed_count": {
        "en": "Of these {assumed} wait for a second count, or a check by another: what you counted on {since} lies "
        "below what you received less your norm.",
        "nl": "Daarvan wachten {assumed} op een tweede telling, of controle door een ander: wat u telde op {since} "
        "ligt onder wat u ontving min uw norm.",
    },
    "without": {
        "en": "Report it: with {known} pieces in stock this level would have given you {without}.",
        "nl": "Meld dit alsnog: met {known} stuks op voorraad had dit niveau u er {without} gegeven.",
    },
    "without_count": {
        "en": "With {known} pieces in stock this level would have given you {without}.",
        "nl": "Met {known} stuks op voorraad had dit niveau u er {without} gegeven.",
    },
    "without_floor": {
        "en": "Report it: with {known} pieces in stock your class would have got its floor, and you with it.",
        "nl": "Meld dit alsnog: met {known} stuks op voorraad had u de bodem van uw klasse gekregen.",
    },
    "get": {
        "en": "You get {shipped} ({packs} packs of {pack}); after this delivery you have {after} days.",
        "nl": "U krijgt {shipped} ({packs} verpakkingen van {pack}); na deze levering heeft u {after} dagen.",
    },
    "none": {"en": "You get nothing now.", "nl": "U krijgt nu niets."},
    "all": {"en": "That is all you may claim.", "nl": "Dat is alles waar u aanspraak op maakt."},
    "part": {
        "en": "Everyone in your class who is not at its floor or ceiling is brought to {level} days; "
        "the last pack went to a cover of {marginal} days.",
        "nl": "Ieder in uw klasse die niet op bodem of plafond staat komt op {level} dagen; "
        "de laatste verpakking ging naar een dekking van {marginal} dagen.",
    },
    "floor": {
        "en": "Your class gets its floor; what was left went to classes before yours.",
        "nl": "Uw klasse krijgt de bodem; wat er verder was ging naar klassen voor de uwe.",
    },
    "part_of_floor": {
        "en": "There is not enough for the floor of everyone in your class; it reaches {level} days.",
        "nl": "Er is niet genoeg voor de bodem van ieder in uw klasse; die komt tot {level} dagen.",
    },
    "nothing": {
        "en": "The goods were gone before your class was reached.",
        "nl": "De voorraad was op voordat uw klasse aan de beurt was.",
    },
    "band": {
        "en": "{held} pieces are held back, so that the level does not rise faster than agreed.",
        "nl": "{held} stuks worden tegengehouden, zodat het niveau niet sneller stijgt dan afgesproken.",
    },
    "no_goods": {
        "en": "Nothing is left that this need accepts.",
        "nl": "Er is niets over dat deze behoefte accepteert.",
    },
    "more_no": {"en": "A larger request would change nothing.", "nl": "Een grotere aanvraag zou niets veranderen."},
    "pack_share_here": {
        "en": "Of one more pack for all who share this level, {share} pieces would be yours on average.",
        "nl": "Van een verpakking meer voor ieder die dit niveau deelt, waren gemiddeld {share} stuks voor u.",
    },
    "pack_share": {
        "en": "Of one more pack in the country, {share} pieces would be yours on average.",
        "nl": "Van een verpakking meer in het land waren gemiddeld {share} stuks voor u.",
    },
}


@dataclass(frozen=True)
class Explained:
    """One claim in words.

    Attributes
    ----------
    site, need, risk_class, holder
        The claim, and on whose goods.
    lines
        Line and pieces, in the order in which they add up.
    en, nl
        The same in sentences.
    """

    site: str
    need: str
    risk_class: str
    holder: str
    lines: tuple[tuple[str, int], ...]
    en: str
    nl: str


def explain(
    claim: pl.DataFrame, award_line: pl.DataFrame, level: pl.DataFrame, *, site: str, need: str
) -> tuple[Explained, ...]:
    """Explain what a site gets of a need, class by class, highest class first; empty where it claims none.

    Parameters
    ----------
    claim, award_line, level
        Tables of one division. ``claim`` may be a part; ``Of one more pack`` is left out where it lacks claims that
        share the level, and so what they would get of that pack.

    Examples
    --------
    Of the example country (see `dijk.example`), what a site gets from the warehouses:

    >>> one = explain(made.claim, made.award_line, made.level, site="S00001", need="ffp2")[1]
    >>> dict(one.lines)
    {'requested': 19480, 'over_norm': -3859, 'in_stock': -7654, 'pack_rounding': 13, 'shipped': 7980}
    >>> one.en.partition(" a day")[0]
    'Of your request 19,480 pieces are left after what your regional hub sends. Your norm is 1,562.1'
    """
    found = []
    of_site = claim.filter((pl.col("site") == site) & (pl.col("need") == need)).sort(
        "tier", "holder", descending=[False, True]
    )
    after_hub: set[str] = set()
    without = {row["risk_class"]: row for row in without_assumed(of_site, award_line, level).iter_rows(named=True)}
    for row in of_site.iter_rows(named=True):
        own = award_line.filter(pl.all_horizontal(pl.col(c) == row[c] for c in CLAIM)).sort("line")
        if own.is_empty():
            continue  # a hub that sends it nothing
        lines = tuple((str(line), int(pieces)) for line, pieces in own.select("line", "pieces").iter_rows())
        if row["holder"] == "regional_hub":
            after_hub.add(row["risk_class"])
        key = zip(LEVEL, ITS_LEVEL, strict=True)
        at = level.filter(pl.all_horizontal(pl.col(column).eq_missing(row[own]) for column, own in key))
        opening = (
            "hub" if row["holder"] == "regional_hub" else "asked_rest" if row["risk_class"] in after_hub else "asked"
        )
        pool = _same_pool(level, at)
        beside = claim.filter(pl.col("need").is_in(pool["need"].implode()))
        keys, gaps = _said(
            row | without.get(row["risk_class"], {}) | {"opening": opening, "alone": _alone(row, level)},
            dict(lines),
            at.row(0, named=True) | {"claims": pool["claims"].sum()} if at.height else None,
            beside,
        )
        en, nl = (" ".join(WORDS[key][lang].format(**_in(gaps, lang)) for key in keys) for lang in LANGS)
        found.append(Explained(row["site"], row["need"], row["risk_class"], row["holder"], lines, en, nl))
    return tuple(found)


Gaps = dict[str, int | float | date | None]


def _said(
    row: dict[str, Any], lines: dict[str, int], level: dict[str, Any] | None, claim: pl.DataFrame
) -> tuple[list[str], Gaps]:
    """Which sentences hold for a claim, and the numbers in them."""
    shipped, w = lines["shipped"], row["norm_use_per_day"]
    kept = row["requested"] + lines.get("over_norm", 0)
    gaps: Gaps = {
        "requested": row["requested"],
        "norm": w,
        "capped": kept,
        "position": row["position"],
        "at_hub": row["at_hub"],
        "shipped": shipped,
    }
    gaps["after"] = (row["position"] + shipped) / w
    asked = [row["opening"] + ("_over" if "over_norm" in lines else ""), *(["at_hub"] if row["at_hub"] else [])]
    if row["assumed"] and row["holder"] == "warehouse":
        asked += _assumed(row, level, shipped)
        gaps |= {"assumed": row["assumed"], "since": row["assumed_on"]}
        gaps |= {"known": row["known"], "without": row["without"]}
    if level is None:
        return [*asked, "none", "no_goods"], gaps
    gaps |= {"pack": level["pieces_per_pack"], "packs": shipped // level["pieces_per_pack"]}
    gaps |= {"level": level["level_days"], "marginal": level["marginal_cover_days"]}
    keys = [*asked, "get" if shipped else "none", level["reach"]]
    full = shipped >= row["ceiling"]
    if "level_band" in lines:
        keys.append("band")
        gaps["held"] = -lines["level_band"]
    if full and not {"over_norm", "in_stock", "at_hub", "level_band"} & lines.keys():
        return keys, gaps  # the request itself may be what limits it, so nothing is said of a larger one
    keys.append("more_no")
    share = _share_of_next(row, level, claim) if level["reach"] == "part" and not full else None
    if share is not None:
        keys.append("pack_share" if row["alone"] else "pack_share_here")
        gaps["share"] = level["pieces_per_pack"] * float(share)
    return keys, gaps


def _assumed(row: dict[str, Any], level: dict[str, Any] | None, shipped: int) -> list[str]:
    """What stands in for an answer, and what that costs; what stands in for a second count where it costs anything."""
    told, costs = [f"assumed_{row['assumed_because']}"], row["without"] is not None and row["without"] > shipped
    if row["assumed_because"] == "count":
        return [*told, "without_count"] if costs else []
    floor = ["without_floor"] if level is not None and level["reach"] == "floor" else []
    return [*told, *(["without"] if costs else floor)]


def _same_pool(level: pl.DataFrame, at: pl.DataFrame) -> pl.DataFrame:
    """The levels of the pool of one: needs may share an article, and then they share its level."""
    pool = [*(column for column in LEVEL if column != "need"), "level_exact"]
    return level.join(at.select(pool), on=pool, nulls_equal=True)


def _alone(row: dict[str, Any], level: pl.DataFrame) -> bool:
    """Whether a pack more in the country is sure to reach the level of a claim: one article for the need, and one pool
    of it.
    """
    nation = level.filter(pl.col("holder") == "warehouse")
    articles, pools = (nation.filter(pl.col(c).eq_missing(row[c])) for c in ("need", "product"))
    return (
        row["holder"] == "warehouse"
        and articles["product"].n_unique() == 1
        and pools.select("region", "fence").unique().rows() == [(ALL, ALL)]
    )


def _share_of_next(row: dict[str, Any], level: dict[str, Any], claim: pl.DataFrame) -> Fraction | None:
    """The part of one more piece that goes to a claim: its norm use over that of all whom the level reaches between
    their limits. None where not all the claims that were counted when the level was published are here; the nation's
    level counts those too that a region deals again by rules of its own.
    """
    same = {column: pl.col(column) == row[column] for column in ITS_LEVEL if column != "need"}
    of_region = same.pop("level_region")
    counted = claim.filter(*same.values(), of_region | (row["level_region"] == ALL))
    if counted.height < level["claims"]:
        return None
    beside = counted.filter(of_region)
    wanted = beside["norm_use_per_day"] * level["level_days"] - beside["position"]
    moving = beside.filter((wanted > beside["floor"]) & (wanted < beside["ceiling"]))
    total = int((moving["norm_use_per_day"] * MICRO).round().sum())
    return Fraction(round(row["norm_use_per_day"] * MICRO), max(total, round(row["norm_use_per_day"] * MICRO)))


def _in(gaps: Gaps, lang: Lang) -> dict[str, str]:
    """Numbers as the language writes them; whole numbers without decimals, others with one."""
    days = {name: f"{n.day} {MONTHS[lang][n.month - 1]}" for name, n in gaps.items() if isinstance(n, date)}
    numbers = {name: n for name, n in gaps.items() if not isinstance(n, date)}
    written = {
        name: "?" if n is None else f"{n:,}" if isinstance(n, int) else figure(n, places=1)
        for name, n in numbers.items()
    }
    swap = str.maketrans(",.", ",." if lang == "en" else ".,")
    return days | {name: text.translate(swap) for name, text in written.items()}
