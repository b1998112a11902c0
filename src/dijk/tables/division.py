"""Results of the division: who claims what, who gets what, the sum between the two, and the published level."""

import dataframely as dy

from dijk.tables import columns as c
from dijk.tables.columns import cell_need, holder, of_run

AWARD_LINES: c.Choices = {
    "requested": "gevraagd",
    "over_norm": "boven de norm",
    "in_stock": "al op voorraad",
    "at_hub": "nog in het regionale depot",
    "level_band": "tegengehouden door de band",
    "floor": "bodems",
    "tier": "klassen op volgorde",
    "fence": "hekken",
    "substitution": "andere artikelen",
    "scarcity": "schaarste",
    "pack_rounding": "hele verpakkingen",
    "region_change": "door de regio",
    "shipped": "geleverd",
}
"""The first and the last line are totals; those between carry the sign with which they lead from one to the other."""

REACHES: c.Choices = {
    "all": "alles",
    "part": "deel",
    "floor": "bodem",
    "part_of_floor": "deel van de bodem",
    "nothing": "niets",
}


class Claim(dy.Schema):
    """What a site may claim of a need for a risk class: its weight, its position and its bounds.

    A site claims first on the hub of its region and then, with what the hub sends counted as stock, on the warehouses
    of the nation.
    """

    site = c.site()
    need = cell_need()
    risk_class = c.risk_class()
    holder = holder()
    sector = c.sector(key=False)
    region = c.region(key=False)
    tier = c.whole("rank", "Order of service.", "rang: volgorde", least=1, most=99)
    product = c.code(
        "Article it is divided in; empty where none is left.", "product: artikel waarin verdeeld wordt", optional=True
    )
    level_region = c.code(
        "Region of the level it is dealt by: its own where that has goods or rules of its own, or all.",
        "niveauregio: regio van het niveau waarnaar verdeeld is: de eigen bij goederen of regels van de regio, of all",
    )
    fence = c.code("Fence it is divided in, or all.", "hek: hek waarbinnen verdeeld is, of all")
    reserve = c.code("Reserve it took part in first.", "reserve: reserve waarin eerst gedeeld is", optional=True)
    norm_use_per_day = c.number("pieces/day", "Weight w.", "normverbruik: gewicht w")
    position = c.whole("pieces", "Stock that counts for it, s.", "voorraad: meegetelde voorraad s")
    at_hub = c.whole(
        "pieces",
        "Of the position, what the hub of its region keeps back.",
        "bij_depot: deel van de voorraad dat het regionale depot achterhoudt",
    )
    position_reason = c.choice(
        c.REASONS, "Why the position was assumed.", "voorraad_reden: waarom aangenomen", optional=True
    )
    assumed = c.assumed()
    assumed_because = c.assumed_because()
    assumed_on = c.assumed_on()
    requested = c.whole(
        "pieces",
        "Open request; on a hub what the hub meets of it, on the nation the rest.",
        "aangevraagd: openstaande aanvraag; bij een depot het deel dat het depot vervult, landelijk de rest",
    )
    floor = c.whole(
        "pieces", "Least it gets as far as goods reach, lo; whole packs.", "bodem: minimaal lo, hele verpakkingen"
    )
    ceiling = c.whole("pieces", "Most it gets, hi; whole packs.", "plafond: maximaal hi, hele verpakkingen")
    waiting_since = c.day(
        "Day of its oldest open request.", "wacht_sinds: dag van de oudste open aanvraag", optional=True
    )
    lot = c.whole(
        "number",
        "Settles equal cover and wait: lowest first.",
        "lotnummer: beslist bij gelijke stand, laagste eerst",
        most=2**60,
    )


class Award(dy.Schema):
    """What a site gets: need and product shipped, in whole packs."""

    known_at = of_run()
    site = c.site()
    need = cell_need()
    risk_class = c.risk_class()
    holder = holder()
    product = c.product()
    sector = c.sector(key=False)
    region = c.region(key=False)
    packs = c.whole("packs", "Packs.", "dozen: verpakkingen")
    pieces_per_pack = c.whole("pieces", "Pieces in a pack.", "stuks_per_doos: stuks per verpakking", least=1)
    cover_before_days = c.number("days", "Cover before.", "dekking_voor: dagen dekking vooraf", most=1e9)
    cover_after_days = c.number("days", "Cover after.", "dekking_na: dagen dekking erna", most=1e9)
    route = c.choice(
        {"direct": "direct", "regional_check": ("regiotoets", "toetsing door de regio")},
        "Direct, or after the region's check.",
        "route: direct of na toetsing door de regio",
    )
    changed_packs = c.whole(
        "packs",
        "Of these, what the region added; below 0 what it took. It stands in the next runs.",
        "gewijzigd: waarvan door de regio toegevoegd; onder 0 weggenomen",
        least=-c.MOST_PIECES,
    )
    change_reason = c.text("Why the region changed it.", "reden_wijziging: waarom de regio het wijzigde", optional=True)


class PastAward(Award):
    """What was awarded before and counts as promised. Below 0 packs take back what was not sent of the awards before:
    the newest of that site, need, product and holder first.
    """

    packs = c.whole(
        "packs",
        "Packs; below 0 an award of before is taken back.",
        "dozen: verpakkingen; onder 0 is een eerdere toekenning teruggenomen",
        least=-c.MOST_PIECES,
    )
    pieces_per_pack = Award.pieces_per_pack  # said again, as those below, so that all stand in the order of an award
    cover_before_days = c.number(
        "days",
        "Cover before; empty where nobody reckoned it.",
        "dekking_voor: dagen dekking vooraf",
        most=1e9,
        optional=True,
    )
    cover_after_days = c.number(
        "days",
        "Cover after; empty where nobody reckoned it.",
        "dekking_na: dagen dekking erna",
        most=1e9,
        optional=True,
    )
    route = Award.route
    changed_packs = Award.changed_packs
    change_reason = Award.change_reason


class AwardLine(dy.Schema):
    """One line of the sum that leads from request to shipment, in pieces with its sign."""

    site = c.site()
    need = cell_need()
    risk_class = c.risk_class()
    holder = holder()
    line = c.choice(AWARD_LINES, "Line.", "regel: regel", key=True)
    pieces = c.whole("pieces", "Pieces, with sign.", "stuks: stuks, met teken", least=-c.MOST_PIECES)


class Level(dy.Schema):
    """The published number: per need, tier, holder, region and fence the days of cover that the stock allows, exactly.

    A regional hub's goods have levels in its region. A warehouse's have levels for all, and in a region that divides
    its part of them by rules of its own.
    """

    known_at = of_run()
    need = cell_need()
    tier = c.whole("rank", "Order of service.", "rang: volgorde", least=1, most=99, key=True)
    holder = holder()
    region = c.code(
        "Region whose hub, or whose own rules, divided; all for the nation.",
        "regio: regio waarvan het depot of de eigen regels verdeelden; all voor het land",
        key=True,
    )
    fence = c.code("Fence, or all.", "hek: hek, of all", key=True)
    product = c.code("Article divided.", "product: verdeeld artikel", key=True)
    pieces_per_pack = c.whole("pieces", "Pieces in a pack.", "stuks_per_doos: stuks per verpakking", least=1)
    reach = c.choice(
        REACHES,
        "How far supply reached in this tier: all claims, part of the claims on top of floors, floors alone, part "
        "of the floors, nothing.",
        "bereik: alle claims, deel van de claims boven de bodem, alleen de bodem, deel van de bodem, niets",
    )
    supply_pieces = c.whole("pieces", "Divided.", "te_verdelen: te verdelen stuks")
    awarded_pieces = c.whole("pieces", "Awarded in whole packs.", "toegekend: toegekend in hele verpakkingen")
    level_days = c.number(
        "days",
        "Level L; empty where nothing is scarce.",
        "niveau: niveau L; leeg waar niets schaars is",
        optional=True,
        most=1e9,
    )
    band_days = c.number(
        "days",
        "Highest cover that the band allows; empty: no band.",
        "grens: hoogste dekking; leeg is geen grens",
        optional=True,
        most=1e9,
    )
    level_exact = c.text("L as a fraction.", "niveau_exact: L als breuk", optional=True, longest=200)
    marginal_cover_days = c.number(
        "days", "Cover before the last pack.", "marge: dekking voor de laatste verpakking", optional=True, most=1e9
    )
    claims = c.whole("claims", "Claims.", "claims: aantal claims")
    last_since = c.day(
        "At the marginal cover: wait of the last served.",
        "laatste_wacht: wachtend sinds, laatst bediende",
        optional=True,
    )
    last_lot = c.whole(
        "number",
        "And its lot; empty: nobody.",
        "laatste_lot: en diens lotnummer; leeg: niemand",
        optional=True,
        most=2**60,
    )
    tie_seed = c.whole(
        "number", "Seed of the tie order.", "lotingsgetal: getal voor de volgorde bij gelijke stand", most=2**62
    )
