"""Results: what a plan says. Regimes, levels, awards and demand carry ``known_at``, so a later run reads them back as
facts.

Those of the division stand in ``dijk.tables.division``.
"""

import dataframely as dy
import polars as pl

from dijk.tables import columns as c
from dijk.tables.facts import CHANNELS

REGIMES = ("direct", "early_warning", "scarce")
PRESSING_FIRST = REGIMES[::-1]
"""The order in which people read the regimes."""
SEVERITIES = ("error", "warning", "note")
HOLDERS = ("warehouse", "regional_hub")


def cell_need() -> dy.String:
    """The need of a result."""
    return c.code("Code of the need.", "behoefte: code van de behoefte", key=True)


def cell_sector() -> dy.String:
    """The sector of a result: a sector, a group (cure, care, other) or all."""
    return c.code("Sector, group of sectors, or all.", "sector: sector, groep, of all", key=True)


def cell_region() -> dy.String:
    """The region of a result, or all."""
    return c.code("Region, or all.", "regio: regio, of all", key=True)


def of_run() -> dy.Datetime:
    """The moment a published result speaks from."""
    return c.moment(
        "The moment the run speaks from (as_of).", "bekend_op: peilmoment van de berekening (UTC)", key=True
    )


def holder(*, key: bool = True) -> dy.Enum:
    """Whose goods: a warehouse's are for the whole country, a regional hub's for its region."""
    return c.choice(
        HOLDERS, "For the whole country, or for the region.", "houder: magazijn of regionaal depot", key=key
    )


def out_day(meaning: str, dutch: str) -> dy.Float64:
    """A day of running out, counted from today."""
    return c.number("days", meaning, dutch, optional=True)


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


class NormUse(dy.Schema):
    """Norm use ``w`` of a site: norm times activity, the weight with which scarce goods are shared."""

    site = c.site()
    need = cell_need()
    risk_class = c.risk_class()
    low = c.number("pieces/day", "With the low norms.", "laag: met de lage normen")
    mid = c.number("pieces/day", "With the norms.", "midden: met de normen")
    high = c.number("pieces/day", "With the high norms.", "hoog: met de hoge normen")
    how = c.choice(c.HOW, "Counted activity, or estimated from the size.", "hoe: geteld, of geschat uit de omvang")


class Position(dy.Schema):
    """What a site has of a need: last accepted count + receipts - norm use. Empty pieces have a reason."""

    site = c.site()
    need = cell_need()
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
    norm_use = c.number("pieces", "Norm use since the count.", "normverbruik: normverbruik sinds de telling")

    @dy.rule()
    def value_or_reason(cls) -> pl.Expr:
        """A stale position keeps its value and says so; any other missing value has a reason."""
        return cls.pieces.col.is_not_null() | cls.reason.col.is_not_null()


class DriverForecast(dy.Schema):
    """Forecast of an indicator: quantiles per region and week."""

    known_at = of_run()
    indicator = c.code("Code of the series.", "indicator: code van de reeks", key=True)
    region = cell_region()
    week = dy.Date(
        primary_key=True, description="Monday that starts the week.", metadata=c.words("week: maandag", "day")
    )
    quantile_level = dy.Float64(
        primary_key=True,
        min_exclusive=0,
        max_exclusive=1,
        description="Quantile level.",
        metadata=c.words("kwantiel: kwantielniveau"),
    )
    value = c.number(
        "units/week",
        "Sum over the days of that week; for beds that is patient-days.",
        "waarde: som over de dagen van die week; bij bedden patiëntdagen",
    )
    cold_start = c.yes("True where published priors stand in for a past.", "koude_start: zonder eigen verleden")


class IndicatorSeen(dy.Schema):
    """An indicator behind the number, with its last value and the day of it."""

    indicator = c.code("Code of the series.", "indicator: code van de reeks", key=True)
    region = cell_region()
    day = c.day("Day of the last value.", "dag: dag van de laatste waarde", optional=True)
    value = c.number("units/day", "Last value.", "waarde: laatste waarde", optional=True)
    week_value = c.number(
        "units/week",
        "Sum of the last seven days with a value.",
        "weekwaarde: som van de laatste zeven dagen",
        optional=True,
    )
    growth = c.number(
        "factor/week", "This week over the week before.", "groei: deze week op de vorige", optional=True, most=1e6
    )
    missing_days = c.whole(
        "days", "Days without a value in the last four weeks.", "ontbrekend: dagen zonder waarde in vier weken", most=28
    )
    nowcast = c.number(
        "factor",
        "By which the forecast corrected the newest week, because the source nearly always does so later; empty: "
        "left as it is.",
        "correctie: waarmee de prognose de nieuwste week corrigeert, omdat de bron dat later bijna altijd doet; "
        "leeg: onveranderd",
        optional=True,
        most=1e6,
    )


class ForecastScore(dy.Schema):
    """How the forecasts that earlier runs published of an indicator did, per region and week ahead, beside the random
    walk.
    """

    indicator = c.code("Code of the series.", "indicator: code van de reeks", key=True)
    region = cell_region()
    horizon = c.whole(
        "weeks",
        "Calendar weeks ahead; 1 is the week of the run, 0 all weeks together.",
        "weken_vooruit: kalenderweken vooruit; 1 is de week van de berekening, 0 alle weken samen",
        most=26,
        key=True,
    )
    sector = c.code(
        "Group of sectors whose demand rests on it: cure, care or other; all where several do.",
        "sector: groep waarvan de vraag erop rust: cure, care of other; all bij meer dan een",
    )
    forecasts = c.whole(
        "forecasts",
        "How many could be scored: their week is over and known.",
        "prognoses: aantal waarvan de week voorbij en bekend is",
        least=1,
    )
    wis = c.number(
        "units/week",
        "Weighted interval score; lower is better.",
        "wis: gewogen intervalscore; lager is beter",
        most=1e15,
    )
    log_wis = c.number("none", "The same of log(1 + y).", "log_wis: hetzelfde van log(1 + y)")
    relative = c.number(
        "factor",
        "Its log score over that of the log random walk; above 1 the forecast lost. Empty where the walk had no past.",
        "verhouding: logscore gedeeld door die van de toevalswandeling; boven 1 verloor de prognose",
        optional=True,
    )
    coverage_50 = c.share(
        "Share of truths inside the central half.", "dekking_50: deel van de uitkomsten in de middelste helft"
    )
    coverage_95 = c.share(
        "Share of truths inside the 95 % interval.", "dekking_95: deel van de uitkomsten in het 95 %-interval"
    )
    bias = c.number(
        "none",
        "-1 always too high, +1 always too low.",
        "afwijking: -1 altijd te hoog, +1 altijd te laag",
        least=-1,
        most=1,
    )


class UsageFactor(dy.Schema):
    """How much of the norm is really used, learnt from use, deliveries and orders.

    The forecast multiplies norms by it. The division does not: no order steers a share.
    """

    need = cell_need()
    sector = cell_sector()
    factor = c.number("factor", "Median: 1 is as the norm says.", "factor: mediaan; 1 is zoals de norm zegt", most=1e4)
    low = c.number(
        "factor", "10 % quantile; the norm's low end where nothing was told.", "laag: 10 %-kwantiel", most=1e6
    )
    high = c.number(
        "factor", "90 % quantile; the norm's high end where nothing was told.", "hoog: 90 %-kwantiel", most=1e6
    )
    range_kept = c.share(
        "What is left of the norm's stated range, as a share of its logarithm; 1 where nothing was learnt.",
        "bandbreedte_over: deel van de bandbreedte van de norm dat over is (logaritmisch); 1 als niets geleerd is",
    )
    use_weeks = c.whole(
        "weeks", "Weeks of recorded use behind it.", "weken_verbruik: weken geregistreerd verbruik erachter"
    )
    delivery_weeks = c.whole("weeks", "Weeks of deliveries behind it.", "weken_levering: weken leveringen erachter")
    request_weeks = c.whole("weeks", "Weeks of orders behind it.", "weken_aanvraag: weken bestellingen erachter")
    raising_weeks = c.whole(
        "weeks",
        "Of these three together, those that could only raise it: the need was scarce, or nobody knows.",
        "weken_alleen_omhoog: waarvan samen alleen omhoog: de behoefte was schaars, of dat is onbekend",
    )
    how = c.choice(
        c.HOW,
        "Estimated from what was told, or assumed as the norm says because nothing moved it.",
        "hoe: geschat uit meldingen, of aangenomen zoals de norm zegt omdat niets hem verschoof",
    )


class Demand(dy.Schema):
    """Forecast demand as quantiles. ``curve`` is low, base, max or the code of a scenario. Totals come from joint
    samples.
    """

    known_at = of_run()
    curve = c.code("Curve or scenario.", "curve: laag, basis, max of scenario", key=True)
    need = cell_need()
    sector = cell_sector()
    region = cell_region()
    week = dy.Date(
        primary_key=True, description="Monday that starts the week.", metadata=c.words("week: maandag", "day")
    )
    quantile_level = dy.Float64(
        primary_key=True,
        min_exclusive=0,
        max_exclusive=1,
        description="Quantile level.",
        metadata=c.words("kwantiel: kwantielniveau"),
    )
    pieces = c.number("pieces/week", "Pieces needed that week.", "stuks: stuks nodig in die week")


class CentralStock(dy.Schema):
    """Stock held for others (warehouses, regional hubs), by status: what there is against what can be delivered.

    An article is listed once, under the need it serves first; ``unaccepted`` means that it serves none today.
    """

    need = cell_need()
    product = c.product()
    region = cell_region()
    holder = holder()
    status = c.choice(
        ("approved", "quarantine", "blocked", "expired", "unaccepted"), "Status.", "status: status", key=True
    )
    pieces = c.whole("pieces", "Pieces.", "stuks: stuks")
    lots = c.whole("lots", "Lots.", "partijen: aantal partijen")
    oldest_count = c.day("Oldest count in it.", "oudste_telling: oudste telling erin", optional=True)


class Situation(dy.Schema):
    """The picture, per need, sector and region, totals included. An empty figure has a reason."""

    known_at = of_run()
    need = cell_need()
    sector = cell_sector()
    region = cell_region()
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
    """How long what a warehouse or a regional hub holds can go on: per place and need that it holds approved.

    A place meets its part, by approved stock, of what its territory needs beyond what the sites there hold and buy
    themselves. The territory of a hub is its region, that of a warehouse the nation, which draws on the hubs first. An
    order line arrives where it is bound for, else at the warehouse that holds most.
    """

    site = c.site()
    need = cell_need()
    region = c.region(key=False)
    holder = holder(key=False)
    pieces = c.whole("pieces", "Approved pieces there.", "stuks: goedgekeurde stuks daar", least=1)
    part = c.share(
        "Its part of the approved stock for the territory.",
        "aandeel: deel van de goedgekeurde voorraad voor het gebied",
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

    need = cell_need()
    sector = cell_sector()
    region = cell_region()
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
        "buiten_lijst: waarvan voor niet-gelijste behoeften",
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

    need = cell_need()
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

    known_at = of_run()
    need = cell_need()
    computed = c.choice(REGIMES, "From cover and chance.", "berekend: uit dekking en kans")
    verdict = c.choice(
        ("no_shortage", "early_warning", "specific_shortage", "absolute_shortage"),
        "Of the experts.",
        "oordeel: van de experts",
        optional=True,
    )
    effective = c.choice(REGIMES, "What holds.", "geldend: wat geldt")
    since = c.day("Since when it holds.", "sinds: sinds wanneer")
    evidence_en = c.text("Why, in English.", "onderbouwing_en: waarom, Engels", longest=1000)
    evidence_nl = c.text("Why, in Dutch.", "onderbouwing_nl: waarom", longest=1000)
    action = c.text("Action that runs.", "actie: actie die loopt", longest=40)
    alarm = c.yes("Short or listed, and no action runs.", "alarm: tekort of gelijst, en geen actie")


class PurchaseNeed(dy.Schema):
    """What would have to be bought, gross and net of inbound, at a curve: what 'buy at maximum' means in numbers."""

    need = cell_need()
    curve = c.choice(
        ("base", "max", "stance"),
        "Bought for base, max, or the stance in force.",
        "curve: basis, max of de gekozen stand",
        key=True,
    )
    horizon_weeks = c.whole("weeks", "Weeks covered.", "horizon: weken", least=1, most=104)
    demand_pieces = c.whole("pieces", "Demand over the horizon.", "vraag: vraag over de horizon")
    stock_pieces = c.whole(
        "pieces", "Deliverable stock and known stock at sites.", "voorraad: leverbaar en bekend op locaties"
    )
    own_purchase_pieces = c.whole(
        "pieces", "What institutions go on buying.", "eigen_inkoop: wat instellingen zelf blijven kopen"
    )
    gross_pieces = c.whole("pieces", "To buy before inbound, in whole packs.", "bruto: te kopen zonder wat onderweg is")
    inbound_pieces = c.whole("pieces", "Open orders due in time.", "inkomend: bestellingen die op tijd komen")
    net_pieces = c.whole("pieces", "To buy after inbound, in whole packs.", "netto: te kopen na wat onderweg is")
    product = c.code("Article it is reckoned in.", "product: artikel waarin gerekend is", optional=True)
    price_source = c.text("Whence the price.", "prijsbron: waar de prijs vandaan komt", optional=True, longest=200)
    gross_cents = c.whole("euro cent", "Money, gross.", "bruto_cent: geld bruto", optional=True, most=10**15)
    net_cents = c.whole("euro cent", "Money, net.", "netto_cent: geld netto", optional=True, most=10**15)
    net_kg = c.number("kg", "Weight, net.", "netto_kg: gewicht netto", optional=True)
    net_m3 = c.number("m3", "Volume, net.", "netto_m3: volume netto", optional=True)
    weeks_left_over = c.number(
        "weeks",
        "Weeks of base demand left if base comes true.",
        "over_weken: weken over als basis uitkomt",
        optional=True,
        most=1e6,
    )


class ScenarioCost(dy.Schema):
    """What a scenario asks and costs beyond base over the weeks that are forecast, with low, base and max beside it.

    Extra pieces come from differences on the same random numbers; money is in whole packs at the newest price, with
    handling, whose rule starts assumed.
    """

    curve = c.code("Scenario, or low, base or max.", "curve: scenario, of laag, basis of max", key=True)
    need = cell_need()
    sector = c.code("Sector, or all.", "sector: sector, of all", key=True)
    persons = c.whole(
        "persons",
        "Inhabitants, clients or staff of the sector, by the sizes of its sites; empty is not known.",
        "personen: inwoners, cliënten of medewerkers van de sector, naar de omvang van de locaties; leeg is onbekend",
        optional=True,
    )
    uptake = c.share(
        "Share of the sector that the scenario adds to those covered; empty where it widens no norm.",
        "deelname: deel van de sector dat het scenario aan de gedekten toevoegt; leeg als het geen norm verbreedt",
        optional=True,
    )
    demand_pieces = c.whole("pieces", "Demand over the horizon, median.", "vraag: vraag over de horizon, mediaan")
    demand_cents = c.whole("euro cent", "What that costs.", "vraag_cent: wat dat kost", optional=True, most=10**15)
    extra_low = c.whole(
        "pieces", "Beyond base, 10 % quantile.", "extra_laag: boven basis, 10 %-kwantiel", least=-c.MOST_PIECES
    )
    extra_mid = c.whole("pieces", "Beyond base, median.", "extra_midden: boven basis, mediaan", least=-c.MOST_PIECES)
    extra_high = c.whole(
        "pieces", "Beyond base, 90 % quantile.", "extra_hoog: boven basis, 90 %-kwantiel", least=-c.MOST_PIECES
    )
    cents_low = c.whole(
        "euro cent",
        "What the low extra costs.",
        "cent_laag: kosten van extra_laag",
        optional=True,
        least=-(10**15),
        most=10**15,
    )
    cents_mid = c.whole(
        "euro cent",
        "What the median extra costs.",
        "cent_midden: kosten van extra_midden",
        optional=True,
        least=-(10**15),
        most=10**15,
    )
    cents_high = c.whole(
        "euro cent",
        "What the high extra costs.",
        "cent_hoog: kosten van extra_hoog",
        optional=True,
        least=-(10**15),
        most=10**15,
    )
    price_source = c.text("Whence the price.", "prijsbron: waar de prijs vandaan komt", optional=True, longest=200)
    reason = c.choice(
        ("no_price", "no_article"), "Why there is no money.", "reden: waarom er geen geld staat", optional=True
    )

    @dy.rule()
    def money_or_reason(cls) -> pl.Expr:
        """Money, or a reason for having none."""
        return cls.demand_cents.col.is_null() == cls.reason.col.is_not_null()


class ShareRange(dy.Schema):
    """Share of norm use per sector or region over the stated ranges of the norms."""

    need = cell_need()
    sector = cell_sector()
    region = cell_region()
    low = c.share("Smallest share.", "laag: kleinste aandeel")
    mid = c.share("Share at the norms.", "midden: aandeel bij de normen")
    high = c.share("Largest share.", "hoog: grootste aandeel")


class NotAnswered(dy.Schema):
    """Who was asked and did not answer in time."""

    site = c.site()
    topic = c.choice(("stock", "use", "activity"), "What was asked.", "onderwerp: waarnaar gevraagd is", key=True)
    sector = c.code("Sector.", "sector: sector", optional=True)
    region = c.region(key=False)
    asked_on = c.day("Last asked.", "gevraagd_op: laatst gevraagd")
    due = c.day("Due.", "uiterlijk: uiterste dag")
    last_answer = c.day(
        "Last answer ever; empty is never.", "laatste_antwoord: laatste antwoord; leeg is nooit", optional=True
    )
