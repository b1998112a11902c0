"""Results: what a plan says of the present, the routing and the account. Regimes, levels, awards and demand carry
``known_at``, so a later run reads them back as facts.

Those of the forecast, the division and buying stand in ``forecast``, ``division`` and ``purchase`` beside this one.
"""

import dataframely as dy
import polars as pl

from dijk.tables import columns as c
from dijk.tables.facts import CHANNELS, STATUSES, TOPICS
from dijk.tables.judgements import VERDICTS

REGIMES: c.Choices = {
    "direct": "direct",
    "early_warning": "vroege waarschuwing",
    "unknown": "niet te zeggen",
    "scarce": "schaars",
}
MISSING: c.Choices = {
    "scope": "besluit over de lijst",
    "norm": "normen",
    "activity": "activiteit",
    "stock": "voorraad",
}
"""What may be missing to say how short a need is, the first cause first."""
PRESSING_FIRST = tuple(REGIMES)[::-1]
"""The order in which people read the regimes."""
SEVERITIES: c.Choices = {
    "error": "fout",
    "warning": "waarschuwing",
    "note": "opmerking",
}


def out_day(meaning: str, dutch: str) -> dy.Float64:
    """A day of running out, counted from today."""
    return c.number("days", meaning, dutch, optional=True)


EXAMPLE: dict[str, dy.Column] = {
    "found": c.text("What was found.", "gevonden: wat er stond", optional=True, longest=200),
    "by": c.text("Columns of the table by which its row is found, apart by blanks.", "via: kolommen", optional=True),
    "key": c.text("What stands in them, apart by blanks.", "sleutel: wat erin staat", optional=True, longest=1000),
    "file": c.text("File, with the sheet.", "bestand: bestand, met het blad", optional=True, longest=400),
    "row": c.whole(
        "row", "Row as the spreadsheet counts.", "rij: rij zoals het rekenblad telt", optional=True, least=1
    ),
}
"""What is said of each of the rows that a finding speaks of; what is not known is empty."""


class Finding(dy.Schema):
    """Something a person should know of the input. An error stops, a warning wants a reason, a note informs."""

    code = c.code("Stable code.", "code: vaste code")
    severity = c.choice(SEVERITIES, "Error, warning or note.", "ernst: fout, waarschuwing of opmerking")
    table = c.code("Table.", "tabel: tabel")
    file = c.text("File, with the sheet.", "bestand: bestand, met het blad", optional=True, longest=400)
    row = c.whole("row", "Row as the spreadsheet counts.", "rij: rij zoals het rekenblad telt", optional=True, least=1)
    column = c.text("Column.", "kolom: kolom", optional=True, longest=200)
    found = c.text("What was found.", "gevonden: wat er stond", optional=True)
    wanted_en = c.text("What was wanted, in English.", "gewenst_en: wat er had moeten staan, Engels")
    wanted_nl = c.text("What was wanted, in Dutch.", "gewenst_nl: wat er had moeten staan")
    rows = c.whole("rows", "How many rows it holds for.", "rijen: voor hoeveel rijen het geldt", least=1)
    examples = c.listing(
        EXAMPLE,
        "All rows it speaks of where it speaks of several: found, by, key, file, row.",
        "voorbeelden: alle regels waarover het gaat als het er meer zijn: gevonden, via, sleutel, bestand, rij",
    )


class NormUse(dy.Schema):
    """Norm use ``w`` of a site: norm times activity, the weight with which scarce goods are shared."""

    site = c.site()
    need = c.cell_need()
    risk_class = c.risk_class()
    low = c.number("pieces/day", "With the low norms.", "laag: met de lage normen")
    mid = c.number("pieces/day", "With the norms.", "midden: met de normen")
    high = c.number("pieces/day", "With the high norms.", "hoog: met de hoge normen")
    how = c.choice(c.HOW, "Counted activity, or estimated from the size.", "hoe: geteld, of geschat uit de omvang")


class Position(dy.Schema):
    """What a site has of a need: last accepted count + receipts - norm use. Empty pieces have a reason."""

    site = c.site()
    need = c.cell_need()
    pieces = c.whole("pieces", "Expected to be there now.", "stuks: nu naar verwachting aanwezig", optional=True)
    least = c.whole("pieces", "Lower bound.", "minst: ondergrens")
    most = c.whole("pieces", "Upper bound; empty is not known.", "meest: bovengrens; leeg is onbekend", optional=True)
    counts_as = c.whole(
        "pieces", "Stock that counts when goods are divided.", "telt_als: voorraad die meetelt bij verdeling"
    )
    reason = c.choice(c.REASONS, "Why it is not known.", "reden: waarom het niet bekend is", optional=True)
    counted_pieces = c.whole(
        "pieces", "The last accepted count.", "geteld_stuks: laatste aanvaarde telling", optional=True
    )
    counted_on = c.day("Day of that count.", "geteld_op: dag van die telling", optional=True)
    doubted = c.yes(
        "The count lies below the ledger and waits for a second.",
        "betwijfeld: telling onder de boekvoorraad, wacht op een tweede",
    )
    receipts = c.whole("pieces", "Received since the count.", "ontvangen: ontvangen sinds de telling")
    passed_on = c.whole(
        "pieces", "Passed on to others since the count.", "doorgegeven: aan anderen doorgegeven sinds de telling"
    )
    turned = c.whole(
        "pieces",
        "Turned unusable since the count: blocked, recalled or expired.",
        "onbruikbaar_geworden: sinds de telling geblokkeerd, teruggeroepen of verlopen",
    )
    promised = c.whole(
        "pieces",
        "Awarded by earlier runs and still to come; it counts as there.",
        "toegezegd: eerder toegekend en nog niet gekomen; telt alsof het er is",
    )
    assumed = c.assumed()
    assumed_because = c.assumed_because()
    assumed_on = c.assumed_on()
    norm_use = c.number("pieces", "Norm use since the count.", "normverbruik: normverbruik sinds de telling")

    @dy.rule()
    def value_or_reason(cls) -> pl.Expr:
        """A stale position keeps its value and says so; any other missing value has a reason."""
        return cls.pieces.col.is_not_null() | cls.reason.col.is_not_null()


class CentralStock(dy.Schema):
    """Stock held for others (warehouses, regional hubs), by status: what there is against what can be delivered.

    An article is listed once, under the need it serves first; ``unaccepted`` means that it serves none today.
    ``promised`` are approved goods that earlier runs awarded and that have not come: they can go out, and are not
    divided again.
    """

    need = c.cell_need()
    product = c.product()
    region = c.cell_region()
    holder = c.holder()
    status = c.choice(
        {**STATUSES, "unaccepted": "niet geaccepteerd", "promised": "toegezegd"}, "Status.", "status: status", key=True
    )
    pieces = c.whole("pieces", "Pieces.", "stuks: stuks")
    lots = c.whole("lots", "Lots.", "partijen: aantal partijen")
    oldest_count = c.day("Oldest count in it.", "oudste_telling: oudste telling erin", optional=True)


class StockPath(dy.Schema):
    """How known, usable stock of the whole country may go: quantiles of what is left, per need and day.

    A need whose stock nobody knows has no rows.
    """

    need = c.cell_need()
    days_ahead = c.whole(
        "days", "Days from today; 0 is now.", "dagen_vooruit: dagen vanaf vandaag; 0 is nu", most=28, key=True
    )
    quantile_level = c.quantile_level()
    pieces = c.number(
        "pieces",
        "Left at the end of that day with inbound, beyond what sites go on buying themselves; 0 is out.",
        "stuks: over aan het eind van die dag, met inkomend, boven wat locaties zelf blijven kopen; 0 is op",
    )


class Situation(dy.Schema):
    """The picture, per need, sector and region, totals included. An empty figure has a reason."""

    known_at = c.of_run()
    need = c.cell_need()
    sector = c.cell_sector()
    region = c.cell_region()
    sites = c.whole("sites", "Sites in scope: with norm use.", "locaties: locaties met normverbruik")
    sites_known = c.whole("sites", "Of which the stock is known.", "bekend: waarvan de voorraad bekend is")
    norm_use_per_day = c.number("pieces/day", "Norm use.", "normverbruik: normverbruik per dag")
    unknown_share = c.share(
        "Share of norm use at sites without a known stock.",
        "onbekend: deel van het normverbruik zonder bekende voorraad",
        optional=True,
    )
    stock_pieces = c.whole(
        "pieces", "Stock at the sites that is known.", "voorraad: bekende voorraad op de locaties", optional=True
    )
    cover_days = c.number(
        "days",
        "Known stock over the norm use it serves.",
        "dekking: dagen dekking van bekende voorraad",
        optional=True,
        most=1e6,
    )
    cover_least_days = c.number(
        "days",
        "The same with unknown stock taken as none.",
        "dekking_laagst: idem, onbekend als leeg",
        optional=True,
        most=1e6,
    )
    p_out_2w = c.share("Chance to run out within 2 weeks.", "kans_2w: kans op tekort binnen 2 weken", optional=True)
    p_out_4w = c.share("Chance to run out within 4 weeks.", "kans_4w: kans op tekort binnen 4 weken", optional=True)
    p_out_8w = c.share("Chance to run out within 8 weeks.", "kans_8w: kans op tekort binnen 8 weken", optional=True)
    p_out_most_4w = c.share(
        "The same with unknown stock taken as none.", "kans_4w_hoogst: idem, onbekend als leeg", optional=True
    )
    out_day_10 = out_day(
        "Day by which 10 % of paths have run out; empty is not within 8 weeks.",
        "op_dag_10: dag waarop 10 % van de paden op is",
    )
    out_day_50 = out_day("The same for half of the paths.", "op_dag_50: idem voor de helft van de paden")
    out_day_90 = out_day("The same for 90 % of the paths.", "op_dag_90: idem voor 90 % van de paden")
    short_pieces_4w = c.number(
        "pieces",
        "Mean of the deepest shortage within 4 weeks.",
        "tekort_4w: gemiddeld diepste tekort binnen 4 weken",
        optional=True,
    )
    reason = c.choice(c.REASONS, "Why the cell is empty.", "reden: waarom de cel leeg is", optional=True)


class WarehouseOutlook(dy.Schema):
    """How long what a warehouse or a regional hub holds can go on: per place and need that it can deliver.

    A place meets its part, by approved and promised stock, of what its territory needs beyond what the sites there hold
    and buy themselves. The territory of a hub is its region, that of a warehouse the nation, which draws on the hubs
    first. An order line arrives where it is bound for, else at the warehouse that holds most.
    """

    site = c.site()
    need = c.cell_need()
    region = c.region(key=False)
    holder = c.holder(key=False)
    pieces = c.whole(
        "pieces", "Approved and promised pieces there.", "stuks: goedgekeurde en toegezegde stuks daar", least=1
    )
    part = c.share(
        "Its part of the approved and promised stock for the territory.",
        "aandeel: deel van de goedgekeurde en toegezegde voorraad voor het gebied",
    )
    days_of_stock = c.number(
        "days",
        "Days that the pieces last if the place alone met its part of the norm use; empty where nothing is used.",
        "dagen_voorraad: dagen dat de stuks reiken als de plek alleen haar deel van het normverbruik dekt; leeg "
        "zonder verbruik",
        optional=True,
        most=1e6,
    )
    p_out_2w = c.share("Chance to run out within 2 weeks.", "kans_2w: kans op tekort binnen 2 weken")
    p_out_4w = c.share("Chance to run out within 4 weeks.", "kans_4w: kans op tekort binnen 4 weken")
    p_out_8w = c.share("Chance to run out within 8 weeks.", "kans_8w: kans op tekort binnen 8 weken")
    p_out_most_4w = c.share(
        "The same with unknown stock at the sites taken as none; else they hold as those that are known.",
        "kans_4w_hoogst: idem, onbekende voorraad op locaties als leeg; anders zoals de bekende",
    )
    out_day_10 = out_day(
        "Day by which 10 % of paths have run out; empty is not within 8 weeks.",
        "op_dag_10: dag waarop 10 % van de paden op is",
    )
    out_day_50 = out_day("The same for half of the paths.", "op_dag_50: idem voor de helft van de paden")
    out_day_90 = out_day("The same for 90 % of the paths.", "op_dag_90: idem voor 90 % van de paden")


DELIVERED = {channel: "from_region" if channel == "region" else channel for channel in CHANNELS}
"""The column of ``Flow`` that counts what came by each channel; there, ``region`` is the cell's."""


class Flow(dy.Schema):
    """Asked and delivered over a period, and which share of the norm use was met."""

    need = c.cell_need()
    sector = c.cell_sector()
    region = c.cell_region()
    days = c.whole(
        "days", "Length of the period that ends at as_of.", "dagen: lengte van de periode", least=1, most=366, key=True
    )
    requested = c.whole("pieces", "Requested, as asked.", "aangevraagd: zoals gevraagd", optional=True)
    requested_counted = c.whole(
        "pieces",
        "Requested, without doubles and beyond-belief quantities.",
        "meegeteld: zonder dubbele en onwaarschijnlijke",
        optional=True,
    )
    out_of_scope = c.whole(
        "pieces",
        "Of which for needs not on the list.",
        "buiten_lijst: waarvan voor behoeften die niet op de lijst staan",
        optional=True,
    )
    consortium = c.whole("pieces", "Delivered by the consortium.", "consortium: geleverd door het consortium")
    own_purchase = c.whole("pieces", "Bought by the institutions.", "eigen_inkoop: zelf gekocht")
    donated = c.whole("pieces", "Donated.", "gift: geschonken")
    from_region = c.whole("pieces", "From the region.", "regio: van de regio")
    norm_use = c.number("pieces", "Norm use over the period.", "normverbruik: over de periode")
    need_met = c.number(
        "share",
        "Delivered by all channels over norm use.",
        "vervuld: alle leveringen op normverbruik",
        optional=True,
        most=1e9,
    )


class Drift(dy.Schema):
    """Cure against care: the share of the need met in each, how far care is behind, and whether that passes the
    policy's ``drift_alarm``; a row per listed need that either of them uses.
    """

    need = c.cell_need()
    cure = c.number("share", "Need met in cure.", "cure: vervuld deel in cure", optional=True, most=1e9)
    care = c.number("share", "Need met in care.", "care: vervuld deel in care", optional=True, most=1e9)
    gap = c.number(
        "share",
        "Cure less care; above 0 care is behind. Empty where one of them uses none.",
        "verschil: cure min care; boven 0 loopt care achter, leeg waar een van beide niets gebruikt",
        optional=True,
        least=-1e9,
        most=1e9,
    )
    limit = c.share("Gap above which it alarms.", "grens: verschil waarboven het alarm slaat")
    alarm = c.yes("Whether the gap is wider than that, either way.", "alarm: of het verschil groter is", optional=True)


class Regime(dy.Schema):
    """Routing of a need: computed, the experts' verdict over it, and which holds."""

    known_at = c.of_run()
    need = c.cell_need()
    computed = c.choice(REGIMES, "From cover and chance.", "berekend: uit dekking en kans")
    verdict = c.choice(
        VERDICTS,
        "Of the experts.",
        "oordeel: van de experts",
        optional=True,
    )
    effective = c.choice(REGIMES, "What holds.", "geldend: wat geldt")
    missing = c.choice(
        MISSING,
        "What is missing to compute it, where that is unknown.",
        "ontbreekt: wat er mist om het te berekenen, waar dat niet te zeggen is",
        optional=True,
    )
    since = c.day(
        "Since when it holds; empty: before the first run, nobody knows.",
        "sinds: sinds wanneer; leeg: al voor de eerste berekening, niemand weet het",
        optional=True,
    )
    evidence_en = c.text("Why, in English.", "onderbouwing_en: waarom, Engels", longest=1000)
    evidence_nl = c.text("Why, in Dutch.", "onderbouwing_nl: waarom", longest=1000)
    action = c.text("Action that runs.", "actie: actie die loopt", longest=40)
    alarm = c.yes(
        "Short or listed, and no action runs; or nobody can say.",
        "alarm: tekort of op de lijst, en geen actie; of niet te zeggen",
    )


class ShareRange(dy.Schema):
    """Share of norm use per sector or region over the stated ranges of the norms."""

    need = c.cell_need()
    sector = c.cell_sector()
    region = c.cell_region()
    low = c.share("Smallest share.", "laag: kleinste aandeel")
    mid = c.share("Share at the norms.", "midden: aandeel bij de normen")
    high = c.share("Largest share.", "hoog: grootste aandeel")


class NotAnswered(dy.Schema):
    """Who was asked and did not answer in time."""

    site = c.site()
    topic = c.choice(TOPICS, "What was asked.", "onderwerp: waarnaar gevraagd is", key=True)
    sector = c.code("Sector.", "sector: sector", optional=True)
    region = c.region(key=False)
    asked_on = c.day("Last asked.", "gevraagd_op: laatst gevraagd")
    due = c.day("Due.", "uiterlijk: uiterste dag")
    last_answer = c.day(
        "Last answer ever; empty is never.", "laatste_antwoord: laatste antwoord; leeg is nooit", optional=True
    )
