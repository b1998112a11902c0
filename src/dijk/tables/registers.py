"""Registers: who and what there is. A change is a new row with the same code, known later."""

import dataframely as dy
import polars as pl

from dijk.tables import columns as c

SCHEMES: c.Choices = {
    "roaz": "roaz",
    "safety_region": "veiligheidsregio",
    "province": "provincie",
    "overseas": ("overzee", "overzees"),
    "nation": ("land", "nederland"),
}
SITE_KINDS: c.Choices = {
    "care": ("zorg", "zorglocatie"),
    **c.HOLDERS,
    "outlet": "uitgiftepunt",
}
STORAGE: c.Choices = {
    "ambient": ("normaal", "kamertemperatuur"),
    "cool_2_8": ("gekoeld", "koel", "2-8"),
    "frozen": ("bevroren", "diepvries"),
}
GROUPS: c.Choices = {
    "cure": "cure",
    "care": ("care", "zorg", "zorglocatie"),
    "other": "overig",
}
"""The groups of sectors that totals are made for, in the order of pages. In English a group is called as its code."""


class Register(dy.Schema):
    """What every register row says of itself."""

    known_at = c.moment(
        "When this row became known.", "bekend_op: moment waarop deze regel bekend werd (UTC)", key=True
    )
    source = c.text("Where the row comes from.", "bron: waar de regel vandaan komt", longest=300)


class Organisation(Register):
    """A legal entity: a care institution, the consortium, a wholesaler."""

    organisation = c.code("Code of the organisation.", "organisatie: code van de organisatie", key=True)
    name = c.text("Name.", "naam: naam van de organisatie", longest=200)
    legal_id = c.code(
        "Number in the register of legal entities.", "kvk_nummer: nummer in het handelsregister", optional=True
    )


class Site(Register):
    """A place of an organisation: where care is given, goods are stored, or informal carers are served."""

    site = c.code("Code of the site.", "locatie: code van de locatie", key=True)
    organisation = c.code(
        "The legal entity it belongs to.", "organisatie: rechtspersoon waar de locatie bij hoort", refers="organisation"
    )
    name = c.text("Name.", "naam: naam van de locatie", longest=200)
    kind = c.choice(SITE_KINDS, "What happens there.", "soort: zorglocatie, magazijn, regionaal depot of uitgiftepunt")
    sector = c.sector(key=False, optional=True)
    region = c.region(key=False)
    size = c.whole(
        "persons",
        "Beds, clients or staff, see size_unit.",
        "omvang: bedden, cliënten of medewerkers",
        optional=True,
        most=10**6,
    )
    size_unit = c.text("What the size counts.", "omvang_eenheid: wat de omvang telt", optional=True, longest=40)
    size_confirmed_by = c.choice(
        {"register": "register", "region": "regio", "applicant": "aanvrager"},
        "Who confirmed the size.",
        "omvang_bevestigd_door: register, regio of aanvrager",
        optional=True,
    )
    closed_on = c.day(
        "Last day it was open; a closed site claims nothing.",
        "gesloten_op: laatste dag dat de locatie open was; daarna vraagt zij niets",
        optional=True,
    )

    @dy.rule()
    def care_has_a_sector(cls) -> pl.Expr:
        """Care sites and outlets say which sector they serve."""
        return cls.kind.col.is_in(["warehouse", "regional_hub"]) | cls.sector.col.is_not_null()

    @dy.rule()
    def size_has_a_unit(cls) -> pl.Expr:
        """A size says what it counts and who confirmed it."""
        return cls.size.col.is_null() | (cls.size_unit.col.is_not_null() & cls.size_confirmed_by.col.is_not_null())


class Region(Register):
    """A region under a scheme, with validity, because regions merge. ``unknown`` is a region."""

    region = c.code("Code of the region.", "regio: code van de regio", key=True)
    scheme = c.choice(SCHEMES, "The division it belongs to.", "indeling: de indeling waar de regio bij hoort")
    name = c.text("Name.", "naam: naam van de regio", longest=200)
    population = c.whole("persons", "Inhabitants.", "inwoners: aantal inwoners", optional=True, most=10**9)
    tile_row = c.whole(
        "number",
        "Row of its tile on a map of tiles, 1 at the top. Empty: it stands in a sorted strip.",
        "tegelrij: rij van de tegel op een tegelkaart, 1 is boven; leeg: in een gesorteerde strook",
        least=1,
        most=30,
        optional=True,
    )
    tile_column = c.whole(
        "number",
        "Column of its tile, 1 at the left. Empty: it stands in a sorted strip.",
        "tegelkolom: kolom van de tegel, 1 is links; leeg: in een gesorteerde strook",
        least=1,
        most=30,
        optional=True,
    )
    valid_from = c.day("First day it exists.", "geldig_vanaf: eerste dag dat de regio bestaat", optional=True)
    valid_to = c.day("Last day it exists; empty is open.", "geldig_tot: laatste dag; leeg is open", optional=True)


class RegionShare(Register):
    """Crosswalk: which share of one region falls in a region of another scheme. Shares of one region add up to 1."""

    from_region = c.code("Region that is divided.", "van_regio: regio die verdeeld wordt", refers="region", key=True)
    to_region = c.code(
        "Region that receives the share.", "naar_regio: regio die het deel krijgt", refers="region", key=True
    )
    share = c.share("Share of the first region, by population.", "deel: deel van de eerste regio, naar inwoners")
    how = c.choice(c.HOW, "How the share is known.", "hoe: geteld, geschat of aangenomen")


class Sector(Register):
    """A part of a group of sectors: of cure, care or other."""

    sector = c.code("Code of the sector.", "sector: code van de sector", key=True)
    group = c.choice(GROUPS, "Cure, care or other.", "groep: cure, care of overig")
    name_en = c.text("Name in English.", "naam_en: Engelse naam", longest=100)
    name_nl = c.text("Name in Dutch.", "naam_nl: Nederlandse naam", longest=100)


class RiskClass(Register):
    """The risk of a treatment. The risk ranks, the sector does not."""

    risk_class = c.code("Code of the class.", "risicoklasse: code van de klasse", key=True)
    tier = c.whole(
        "rank",
        "Order of service under scarcity; 1 is first.",
        "rang: volgorde bij schaarste; 1 is eerst",
        least=1,
        most=99,
    )
    name_en = c.text("Name in English.", "naam_en: Engelse naam", longest=100)
    name_nl = c.text("Name in Dutch.", "naam_nl: Nederlandse naam", longest=100)


class Need(Register):
    """What care must have: type, size and specification, counted in pieces."""

    need = c.code("Code of the need.", "behoefte: code van de behoefte", key=True)
    name_en = c.text("Name in English.", "naam_en: Engelse naam", longest=100)
    name_nl = c.text("Name in Dutch.", "naam_nl: Nederlandse naam", longest=100)
    family = c.code("Kind of article, such as gown or glove.", "soort: soort artikel, zoals schort of handschoen")
    size = c.text("Size, where it matters.", "maat: maat, waar die telt", optional=True, longest=40)
    specification = c.text(
        "What it must be able to do, and its standard.", "specificatie: wat het moet kunnen, met de norm"
    )
    piece = c.choice(
        {"each": ("los", "stuk", "per stuk"), "pair": ("paar", "per paar")},
        "What one piece is.",
        "stuk: los of per paar",
    )


class Product(Register):
    """A tradeable article. Weight and volume are of the pack as shipped."""

    product = c.code("Code of the product.", "product: code van het artikel", key=True)
    name = c.text("Name.", "naam: naam van het artikel", longest=200)
    gtin = c.code(
        "Global trade item number, with leading zeros.", "gtin: artikelnummer, met voorloopnullen", optional=True
    )
    pieces_per_pack = c.whole(
        "pieces", "Pieces in one pack.", "stuks_per_doos: stuks in een verpakking", least=1, most=10**6
    )
    kg_per_pack = c.number(
        "kg", "Gross weight of a pack.", "kg_per_doos: brutogewicht van een verpakking", most=10**4, optional=True
    )
    litres_per_pack = c.number(
        "litre", "Gross volume of a pack.", "liter_per_doos: brutovolume van een verpakking", most=10**5, optional=True
    )
    measures_how = c.choice(
        c.HOW, "How weight and volume are known.", "maten_hoe: hoe gewicht en volume bekend zijn", optional=True
    )
    storage = c.choice(STORAGE, "Storage class.", "opslag: normaal, gekoeld of bevroren")
    shelf_life_days = c.whole(
        "days", "Shelf life when made.", "houdbaar_dagen: houdbaarheid bij productie", optional=True, most=36500
    )


class Driver(Register):
    """What drives use: patients cared for, contacts, staff shifts. Norms are pieces per unit of a driver."""

    driver = c.code("Code of the driver.", "drijver: code van wat verbruik drijft", key=True)
    name_en = c.text("Name in English.", "naam_en: Engelse naam", longest=100)
    name_nl = c.text("Name in Dutch.", "naam_nl: Nederlandse naam", longest=100)
    unit = c.text("One unit, such as a patient-day.", "eenheid: een eenheid, zoals een patiëntdag", longest=60)
    indicator = c.code(
        "The indicator whose course it follows; empty is level.",
        "indicator: volgt dit verloop; leeg is vlak",
        optional=True,
    )
