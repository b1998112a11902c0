"""Results of buying: what to buy, and what a scenario asks and costs."""

import dataframely as dy
import polars as pl

from dijk.tables import columns as c
from dijk.tables.results import MISSING


def price_source() -> dy.String:
    """Where a price comes from."""
    return c.text(
        "Whence the price: order, line and day of the newest line that was not cancelled.",
        "prijsbron: order, regel en dag van de nieuwste regel die niet geannuleerd is",
        optional=True,
        longest=200,
    )


class PurchaseNeed(dy.Schema):
    """What would have to be bought, gross and net of inbound, at a curve: what 'buy at maximum' means in numbers."""

    need = c.cell_need()
    curve = c.choice(
        {"base": "basis", "max": "max", "stance": "gekozen stand"},
        "Bought for base, max, or the stance in force.",
        "curve: basis, max of de gekozen stand",
        key=True,
    )
    horizon_weeks = c.whole("weeks", "Weeks covered.", "horizon: weken", least=1, most=104)
    missing = c.choice(
        MISSING,
        "What is missing to say how much; the figures that rest on it are empty.",
        "ontbreekt: wat er mist om te zeggen hoeveel; de cijfers die erop rusten zijn leeg",
        optional=True,
    )
    demand_pieces = c.whole("pieces", "Demand over the horizon.", "vraag: vraag over de horizon", optional=True)
    stock_pieces = c.whole(
        "pieces",
        "Deliverable stock and known stock at sites, as far as it can be used in time.",
        "voorraad: leverbaar en bekend op locaties, voor zover op tijd te gebruiken",
        optional=True,
    )
    own_purchase_pieces = c.whole(
        "pieces", "What institutions go on buying.", "eigen_inkoop: wat instellingen zelf blijven kopen"
    )
    gross_pieces = c.whole(
        "pieces", "To buy before inbound, in whole packs.", "bruto: te kopen zonder wat onderweg is", optional=True
    )
    inbound_pieces = c.whole(
        "pieces",
        "Of open orders, what may be counted on in time.",
        "inkomend: waarop van de bestellingen op tijd te rekenen valt",
        optional=True,
    )
    net_pieces = c.whole(
        "pieces", "To buy after inbound, in whole packs.", "netto: te kopen na wat onderweg is", optional=True
    )
    product = c.code("Article it is reckoned in.", "product: artikel waarin gerekend is", optional=True)
    price_source = price_source()
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
    need = c.cell_need()
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
    price_source = price_source()
    reason = c.choice(
        {"no_price": "geen prijs", "no_article": "geen artikel"},
        "Why there is no money.",
        "reden: waarom er geen geld staat",
        optional=True,
    )

    @dy.rule()
    def money_or_reason(cls) -> pl.Expr:
        """Money, or a reason for having none."""
        return cls.demand_cents.col.is_null() == cls.reason.col.is_not_null()
