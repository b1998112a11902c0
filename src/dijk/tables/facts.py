"""Facts: what was seen, asked, sent and promised. Only ever added; the latest row known counts."""

import dataframely as dy
import polars as pl

from dijk.tables import columns as c

STATUSES: c.Choices = {
    "approved": ("goedgekeurd", "vrijgegeven", "akkoord", "beschikbaar", "ok", "vrij"),
    "quarantine": ("quarantaine", "in quarantaine", "in onderzoek", "te beoordelen"),
    "blocked": ("geblokkeerd", "afgekeurd"),
    "expired": ("verlopen", "over datum"),
}
CHANNELS: c.Choices = {
    "consortium": ("consortium", "lch"),
    "own_purchase": ("eigen inkoop", "zelf gekocht"),
    "donated": ("gift", "geschonken", "donatie", "schenking"),
    "region": "regio",
}
FILL_ORDERS = ("consortium", "region")
"""Channels by which what was asked is answered; what a site buys or is given comes beside its orders."""
MODES: c.Choices = {
    "air": ("lucht", "vliegtuig", "luchtvracht"),
    "rail": ("spoor", "trein"),
    "sea": ("zee", "schip", "zeevracht", "boot"),
    "road": ("weg", "vrachtwagen"),
}
ORDER_STATES: c.Choices = {
    "ordered": "besteld",
    "confirmed": "bevestigd",
    "underway": "onderweg",
    "received": ("ontvangen", "geleverd"),
    "cancelled": "geannuleerd",
}
CLOSED = ("received", "cancelled")
"""States after which nothing of an order line comes any more."""
MEASURES: c.Choices = {
    "flow": ("stroom", "nieuw per dag"),
    "state": ("stand", "aanwezig"),
}
"""What a figure of a day counts: what happened that day, which adds up over a week, or what there was that day."""
TOPICS: c.Choices = {
    "stock": "voorraad",
    "use": "verbruik",
    "activity": "activiteit",
}


class Fact(dy.Schema):
    """What every fact says of itself. A correction or a retraction is a row with the same key, known later."""

    known_at = c.moment(
        "When the consortium came to know it.", "bekend_op: moment waarop het bekend werd (UTC)", key=True
    )
    source = c.text("Who says so.", "bron: wie het zegt", longest=300)
    how = c.choice(c.HOW, "How it is known.", "hoe: geteld, geschat of aangenomen")
    reason = c.choice(c.REASONS, "Why there is no value.", "reden: waarom er geen waarde is", optional=True)


class PieceFact(Fact):
    """A fact whose value is a number of pieces; no value has a reason, a value has none."""

    pieces = c.whole(
        "pieces", "Pieces (each, or pair: see the need).", "stuks: stuks (los of paar, zie de behoefte)", optional=True
    )

    @dy.rule()
    def value_or_reason(cls) -> pl.Expr:
        """A value, or a reason for having none; never both, never neither."""
        return cls.pieces.col.is_null() != cls.reason.col.is_null()


class Asked(dy.Schema):
    """Who was asked to report what. No answer by the due day is a fact of its own; no row means not asked."""

    site = c.site()
    topic = c.choice(TOPICS, "What was asked.", "onderwerp: waarnaar gevraagd is", key=True)
    day = c.day("Day of the question.", "dag: dag van de vraag", key=True)
    due = c.day("Day the answer was due.", "uiterlijk: dag waarop het antwoord er moest zijn")
    known_at = c.moment("When the question was recorded.", "bekend_op: moment van vastlegging (UTC)", key=True)
    source = c.text("Who asked.", "bron: wie het vroeg", longest=300)


class Indicator(Fact):
    """A published series behind the forecast: admissions, beds taken, infected residents."""

    indicator = c.code("Code of the series.", "indicator: code van de reeks", key=True)
    region = c.region()
    day = c.day("Day the value speaks of.", "dag: dag waarover de waarde gaat", key=True)
    value = c.number("units/day", "Value of that day.", "waarde: waarde van die dag", optional=True)
    measure = c.choice(
        MEASURES,
        "Whether a value counts what happened that day (flow: admissions; a week is their sum) or what there was that "
        "day (state: beds taken; a week is their mean). Empty: not told; a week is then given as a mean per day, which "
        "is right for both.",
        "maat: stroom telt wat die dag gebeurde (opnames; een week is de som), stand wat er die dag was (bezette "
        "bedden; een week is het gemiddelde); leeg: niet gezegd, een week is dan het gemiddelde, dat voor beide klopt",
        optional=True,
    )

    @dy.rule()
    def value_or_reason(cls) -> pl.Expr:
        """A value, or a reason for having none."""
        return cls.value.col.is_null() != cls.reason.col.is_null()


class Activity(Fact):
    """Units of a driver at a site on a day: infected patients cared for, contacts, staff shifts."""

    site = c.site()
    driver = c.code("Code of the driver.", "drijver: code van de drijver", refers="driver", key=True)
    risk_class = c.risk_class()
    day = c.day("Day it speaks of.", "dag: dag waarover het gaat", key=True)
    units = c.number("units/day", "Units that day.", "eenheden: eenheden op die dag", optional=True, most=10**7)
    checked_by = c.text("Who checked it.", "gecontroleerd_door: wie het controleerde", optional=True, longest=100)

    @dy.rule()
    def value_or_reason(cls) -> pl.Expr:
        """A value, or a reason for having none."""
        return cls.units.col.is_null() != cls.reason.col.is_null()


class Use(PieceFact):
    """Recorded use at a site over the days that end on ``day``."""

    site = c.site()
    need = c.need()
    day = c.day("Last day of the period.", "dag: laatste dag van de periode", key=True)
    days = c.whole("days", "Length of the period.", "dagen: lengte van de periode", least=1, most=31)


class Stock(PieceFact):
    """What was counted at a site, per product, lot and status. On its way is inbound, not stock."""

    site = c.site()
    product = c.product()
    lot = c.code("Lot; a dash where lots are not kept.", "partij: partijnummer; een streepje als er geen is", key=True)
    status = c.choice(
        STATUSES, "May it be given out.", "status: goedgekeurd, quarantaine, geblokkeerd of verlopen", key=True
    )
    day = c.day("Day of the count.", "dag: dag van de telling", key=True)
    expires_on = c.day("Last day it may be used.", "houdbaar_tot: laatste dag van gebruik", optional=True)
    checked_by = c.text(
        "Who, other than the site, saw it; such a count needs no second.",
        "gecontroleerd_door: wie, anders dan de locatie zelf, het zag; zo'n telling heeft geen tweede nodig",
        optional=True,
        longest=100,
    )


class Request(PieceFact):
    """What a site asked for. It is a wish, not a need; what the consortium checked by calling stands beside it."""

    request = c.code("Number of the request.", "aanvraag: nummer van de aanvraag", key=True)
    site = c.site(key=False)
    need = c.need(key=False)
    day = c.day("Day of the request.", "dag: dag van de aanvraag")
    urgent = c.yes("Asked as urgent.", "spoed: als spoed gevraagd")
    repeats = c.code("The earlier request it repeats.", "herhaalt: eerdere aanvraag die herhaald wordt", optional=True)
    checked_pieces = c.whole(
        "pieces", "What a call confirmed.", "gecontroleerd_stuks: wat een belronde bevestigde", optional=True
    )
    checked_by = c.text("Who called.", "gecontroleerd_door: wie belde", optional=True, longest=100)


class Delivery(PieceFact):
    """What reached a site, by channel: the consortium is extra, own purchases are netted."""

    delivery = c.code("Number of the delivery line.", "levering: nummer van de leverregel", key=True)
    site = c.site(key=False)
    need = c.need(key=False)
    product = c.product(key=False)
    lot = c.code("Lot; a dash where lots are not kept.", "partij: partijnummer; een streepje als er geen is")
    day = c.day("Day of arrival.", "dag: dag van aankomst")
    channel = c.choice(CHANNELS, "By which way it came.", "kanaal: consortium, eigen inkoop, gift of regio")
    from_site = c.code("Where it came from.", "van_locatie: waar het vandaan kwam", refers="site", optional=True)
    request = c.code("The request it answers.", "aanvraag: aanvraag waar het bij hoort", optional=True)


class Inbound(PieceFact):
    """What is ordered or on its way. Received pieces are in stock, no longer here."""

    order = c.code("Number of the order.", "order: nummer van de order", key=True)
    line = c.whole("number", "Line of the order.", "regel: regel van de order", least=1, most=10**6, key=True)
    supplier = c.text("Supplier.", "leverancier: naam van de leverancier", longest=200)
    product = c.product(key=False)
    to_site = c.code("Warehouse it goes to.", "naar_locatie: magazijn van bestemming", refers="site")
    day = c.day("Day of the order.", "dag: besteldag")
    received_pieces = c.whole("pieces", "Pieces received so far.", "ontvangen_stuks: tot nu toe ontvangen stuks")
    cents_per_pack = c.whole(
        "euro cent",
        "Price of a pack.",
        "cent_per_doos: prijs van een verpakking in eurocent",
        optional=True,
        most=10**9,
    )
    mode = c.choice(MODES, "How it travels.", "vervoer: lucht, spoor, zee of weg")
    expected = c.day(
        "Day it is expected; empty is not known.", "verwacht: verwachte dag; leeg is onbekend", optional=True
    )
    state = c.choice(ORDER_STATES, "How far it is.", "stand: besteld, bevestigd, onderweg, ontvangen, geannuleerd")


def still_to_come() -> pl.Expr:
    """Whether something of a row of ``Inbound`` is still to come.

    It stands beside the table, and not in ``dijk.present.inbound`` with the open lines, because the checks of the known
    world ask it too, and they come before the present is known.
    """
    return ~pl.col("state").is_in(list(CLOSED)) & (pl.col("pieces") > pl.col("received_pieces"))


class ExternalFigure(Fact):
    """A figure of someone else, kept beside ours with its own definition."""

    figure = c.code("Code of the figure.", "cijfer: code van het cijfer", key=True)
    publisher = c.text("Who published it.", "uitgever: wie het publiceerde", longest=100)
    need = c.need(key=False, optional=True)
    sector = c.sector(key=False, optional=True)
    region = c.region(key=False, optional=True)
    day = c.day("Day it speaks of.", "dag: dag waarover het gaat", key=True)
    value = c.number("see unit", "The figure.", "waarde: het cijfer", optional=True, least=-1e12)
    unit = c.text("Its unit.", "eenheid: de eenheid", longest=60)
    definition = c.text(
        "What they count, of whom, at which moment.", "definitie: wat zij tellen, bij wie, op welk moment"
    )

    @dy.rule()
    def value_or_reason(cls) -> pl.Expr:
        """A value, or a reason for having none."""
        return cls.value.col.is_null() != cls.reason.col.is_null()
