"""The words people write, in Dutch and English: tables, headings, units, yes and no, and ways to say there is no
number. Those of a choice stand with its column.
"""

import re
import unicodedata
from functools import cache

from dijk.tables import ON_DISK
from dijk.tables.columns import choices_in_dutch
from dijk.tables.languages import LANGS, Lang, short_month
from dijk.tables.languages import MONTHS as NAMES_OF_MONTHS

TABLES_NL: dict[str, str] = {
    "organisation": "organisatie",
    "site": "locatie",
    "region": "regio",
    "region_share": "regio_deel",
    "sector": "sector",
    "risk_class": "risicoklasse",
    "need": "behoefte",
    "product": "product",
    "driver": "drijver",
    "asked": "uitvraag",
    "indicator": "indicator",
    "activity": "activiteit",
    "use": "verbruik",
    "stock": "voorraad",
    "request": "aanvraag",
    "delivery": "levering",
    "inbound": "inkomend",
    "external_figure": "extern_cijfer",
    "acceptance": "acceptatie",
    "scope": "scope",
    "verdict": "oordeel",
    "norm": "norm",
    "fence": "hek",
    "scenario": "scenario",
    "policy_rule": "beleidsregel",
    "mandate": "mandaat",
    "policy_text": "beleidstekst",
    "warning_reason": "reden_bij_waarschuwing",
    "past_regime": "eerder_regime",
    "past_situation": "eerdere_situatie",
    "past_level": "eerder_niveau",
    "past_award": "eerdere_toekenning",
    "past_demand": "eerdere_vraag",
    "past_driver_forecast": "eerdere_drijververwachting",
}
"""The Dutch name of each table on disk."""

TABLES_ALSO = {
    "organisaties": "organisation",
    "locaties": "site",
    "vestiging": "site",
    "regios": "region",
    "sectoren": "sector",
    "behoeften": "need",
    "producten": "product",
    "artikel": "product",
    "artikelen": "product",
    "voorraden": "stock",
    "aanvragen": "request",
    "bestelling": "request",
    "leveringen": "delivery",
    "inbound_orders": "inbound",
    "inkomende_orders": "inbound",
    "onderweg": "inbound",
    "activiteiten": "activity",
    "indicatoren": "indicator",
    "normen": "norm",
    "beleid": "policy_rule",
    "sites": "site",
    "regions": "region",
    "sectors": "sector",
    "needs": "need",
    "products": "product",
    "stocks": "stock",
    "requests": "request",
    "deliveries": "delivery",
    "norms": "norm",
    "indicators": "indicator",
}
"""Other names that people give a table."""

STATED: dict[str, tuple[str, ...]] = {
    "stock": (
        "voorraad",
        "voorraad_stuks",
        "aantal_op_voorraad",
        "op_voorraad",
        "aanwezig",
        "aantal_aanwezig",
        "on_hand",
        "in_stock",
    ),
    "request": ("gevraagd", "aangevraagd", "gevraagd_aantal", "besteld", "besteld_aantal"),
    "delivery": ("geleverd", "geleverd_aantal"),
    "inbound": ("besteld", "besteld_aantal"),
    "use": ("verbruik", "verbruikt"),
}
"""Headings of pieces that say what was done with them, per table: in another table each is another quantity."""

PAIR_HEADINGS = ("paar", "paren", "aantal_paar", "aantal_paren", "pairs")
"""Headings of a column of pieces that is counted in pairs."""

HEADINGS: dict[str, tuple[str, ...]] = {
    "site": (
        "locatiecode",
        "code_locatie",
        "site_code",
        "location",
        "vestiging",
        "vestigingscode",
        "instelling",
        "institution",
    ),
    "organisation": ("organisatiecode", "organization", "instelling"),
    "need": ("behoeftecode", "need_code"),
    "product": ("artikel", "artikelcode", "productcode", "product_code", "article", "item", "artikelnr"),
    "lot": (
        "lotnummer",
        "lotnr",
        "lot_nr",
        "lot_number",
        "batch",
        "batchnummer",
        "batchnr",
        "charge",
        "chargenummer",
        "partijnummer",
        "partij_nr",
    ),
    "day": (
        "datum",
        "date",
        "teldatum",
        "peildatum",
        "datum_telling",
        "besteldatum",
        "leverdatum",
        "datum_levering",
        "aanvraagdatum",
    ),
    "expires_on": (
        "houdbaarheidsdatum",
        "tht",
        "tht_datum",
        "vervaldatum",
        "expiry",
        "expiry_date",
        "use_by",
        "ten_minste_houdbaar_tot",
    ),
    "pieces": (
        "aantal",
        "aantal_stuks",
        "hoeveelheid",
        "quantity",
        "qty",
        "number_of_pieces",
        "aantallen",
        *PAIR_HEADINGS,
    ),
    "value": ("cijfer", "number"),
    "region": ("regiocode", "region_code", "roaz", "roaz_regio"),
    "sector": ("sectorcode", "sector_code"),
    "known_at": ("bekend", "bekend_per", "known"),
    "expected": ("verwachte_datum", "verwachte_leverdatum", "eta", "expected_date"),
    "order": ("ordernummer", "ordernr", "order_number", "bestelnummer"),
    "line": ("regelnummer", "regelnr", "order_line", "orderregel"),
    "pieces_per_pack": ("stuks_per_verpakking", "stuks_per_pak", "aantal_per_doos", "inhoud", "per_doos", "pack_size"),
    "cents_per_pack": ("prijs_per_doos", "prijs", "stuksprijs_doos", "price_per_pack", "price"),
    "gtin": ("ean", "ean_code", "gtin_code", "barcode", "streepjescode"),
    "status": ("kwaliteitsstatus",),
    "request": ("aanvraagnummer", "aanvraagnr", "request_number"),
    "delivery": ("leveringsnummer", "levernummer", "pakbon", "delivery_number"),
    "name": ("omschrijving", "description"),
    "urgent": ("urgentie",),
}
"""Other headings that people write above a column, as far as they can mean nothing else."""

UNIT_HEADINGS = ("eenheid", "unit", "per", "verpakkingseenheid", "teleenheid", "uom")
"""Headings of a column that says per row in what is counted."""

PACK_HEADINGS = (
    "dozen",
    "doos",
    "aantal_dozen",
    "packs",
    "boxes",
    "verpakkingen",
    "aantal_verpakkingen",
    "colli",
    "number_of_packs",
)
"""Headings of a column of packs where the table wants pieces."""

PACK_SIZE_HEADINGS = ("stuks_per_doos", "pieces_per_pack", *HEADINGS["pieces_per_pack"])
"""Headings of a column that says per row how many pieces a pack holds."""

YES = ("ja", "j", "yes", "y", "x", "1", "waar", "true", "true.", "✓", "✔", "v", "spoed", "urgent")
NO = ("nee", "n", "no", "0", "onwaar", "false", "neen", "normaal", "regulier")

NO_VALUE: dict[str, str] = {
    "onbekend": "not_counted",
    "unknown": "not_counted",
    "?": "not_counted",
    "??": "not_counted",
    "???": "not_counted",
    "niet geteld": "not_counted",
    "nog niet geteld": "not_counted",
    "not counted": "not_counted",
    "nog tellen": "not_counted",
    "volgt": "not_counted",
    "nnb": "not_counted",
    "n.n.b.": "not_counted",
    "tbd": "not_counted",
    "-": "not_counted",
    "--": "not_counted",
    "–": "not_counted",
    "—": "not_counted",
    "/": "not_counted",
    "null": "not_counted",
    "na": "not_counted",
    "nan": "not_counted",
    "n.v.t.": "not_applicable",
    "n.v.t": "not_applicable",
    "nvt": "not_applicable",
    "niet van toepassing": "not_applicable",
    "n/a": "not_applicable",
    "n.a.": "not_applicable",
    "not applicable": "not_applicable",
    "geen opgave": "refused",
    "wil niet zeggen": "refused",
    "geweigerd": "refused",
    "refused": "refused",
}
"""What people write where a number should stand, and the reason it stands for."""

DITTO = ("idem", "id.", "ditto", '"', "''", ",,", "''", "„", "”", "〃")
"""What people write for ``the same as above``."""

TOTALS = re.compile(r"^(sub|eind|grand |sub |generaal )?(totaal|totalen|total|totals|som|sum|saldo)\b", re.IGNORECASE)
"""How a row with a total begins."""

MONTHS = {
    name.lower(): month
    for lang in LANGS
    for month in range(1, 13)
    for name in (NAMES_OF_MONTHS[lang][month - 1], short_month(month, lang))
} | {"sept": 9}
"""Names of months in Dutch and English, in full and in short."""

UNITS: dict[str, tuple[str, ...]] = {
    "pack": (
        *(
            "doos",
            "dozen",
            "doosje",
            "doosjes",
            "ds",
            "pak",
            "pakken",
            "pakje",
            "pakjes",
            "pack",
            "packs",
            "box",
            "boxes",
        ),
        *(
            "verpakking",
            "verpakkingen",
            "colli",
            "collo",
            "karton",
            "kartons",
            "carton",
            "cartons",
            "omdoos",
            "omdozen",
        ),
    ),
    "pair": ("paar", "paren", "pair", "pairs", "pr"),
    "piece": ("stuk", "stuks", "stk", "st", "pcs", "pc", "piece", "pieces", "each", "ea", "per stuk"),
    "single": ("los", "losse", "losse stuks", "single", "singles"),
    "thousand": (
        "x1000",
        "x 1000",
        "x1.000",
        "x 1.000",
        "*1000",
        "1000",
        "1.000",
        "duizend",
        "duizendtallen",
        "thousand",
        "k",
        "in duizenden",
    ),
    "million": ("miljoen", "mln", "mln.", "million", "x1000000", "x 1 mln", "in miljoenen"),
    "percent": ("%", "procent", "percent", "pct", "in %"),
    "euro": ("€", "euro", "euros", "euro's", "eur", "in euro"),
    "cent": ("cent", "cents", "ct", "eurocent", "eurocents", "euro cent", "centen"),
    "gram": ("gram", "grams", "grammen", "g", "gr"),
    "kg": ("kg", "kgs", "kilo", "kilos", "kilogram", "kilograms"),
    "litre": ("liter", "litre", "l", "ltr", "liters", "litres"),
    "ml": ("ml", "milliliter"),
    "m3": ("m3", "m³", "kuub"),
    "day": ("dag", "dagen", "dgn", "day", "days"),
    "week": ("week", "weken", "weeks", "wk"),
    "month": ("maand", "maanden", "month", "months", "mnd"),
    "year": ("jaar", "jaren", "year", "years"),
}
"""Units as people write them, in headings and beside numbers."""

UNIT_OF = {word: unit for unit, words in UNITS.items() for word in words}
NO_UNIT = {
    *("geteld", "gemeten", "gevraagd", "bekend", "onbekend", "werkelijk", "bruikbaar", "goedgekeurd", "totaal", "alle"),
    *("counted", "measured", "requested", "known", "unknown", "actual", "usable", "approved", "total", "all"),
    *("verplicht", "optioneel", "leeg", "als", "required", "optional", "empty", "if"),
    *("nu", "huidig", "huidige", "vandaag", "laatste", "now", "current", "today", "latest"),
    *("per", "van", "op", "de", "het", "of", "on", "as", "the", "en", "and"),
    *("incl", "inclusief", "including", "excl", "exclusief", "excluding", "reserve", "btw", "vat"),
    *("bruto", "netto", "gross", "net", "geschat", "estimated", "aangenomen", "assumed"),
}
"""Words that stand in brackets above numbers and say how, of when or whether, and not in what unit."""


def plain(label: str) -> str:
    """A label without case, accents, brackets and signs: what headings and names are compared by."""
    bare = unicodedata.normalize("NFKD", re.sub(r"[(\[].*?[)\]]", " ", label).casefold())
    return re.sub(r"[^a-z0-9]+", "_", "".join(sign for sign in bare if not unicodedata.combining(sign))).strip("_")


def unit_in(label: str) -> str | None:
    """The unit that a heading names in brackets, or after a comma or ``in``; None where it names none that we know."""
    for part in [*re.findall(r"[(\[](.*?)[)\]]", label), *re.split(r"\bin\b|,|/", label)[1:]]:
        words = part.strip().casefold()
        if unit := UNIT_OF.get(words) or UNIT_OF.get(words.replace("×", "x").removeprefix("per ").removeprefix("in ")):
            return unit
    return "pair" if plain(label) in PAIR_HEADINGS else None


OURS: dict[str, dict[Lang, str]] = {
    "why": {"en": "why not taken in", "nl": "waarom niet opgenomen"},
    "called": {"en": "what it is called", "nl": "hoe het heet"},
    "last": {"en": "last told", "nl": "laatst gemeld"},
    "last_day": {"en": "last told of day", "nl": "laatst gemeld over dag"},
}
"""Headings of columns that dijk writes beside those of a table for who fills it in; nothing is read from them."""


@cache
def our_headings() -> dict[str, str]:
    """Those headings as ``plain`` text, to what they are."""
    return {plain(words): name for name, both in OURS.items() for words in both.values()}


@cache
def table_named(name: str) -> str | None:
    """The table that a file or sheet is named after, in English or Dutch."""
    label = plain(name)
    dutch = {words: table for table, words in TABLES_NL.items()}
    return label if label in ON_DISK else dutch.get(label) or TABLES_ALSO.get(label)


@cache
def headings_of(table: str) -> dict[str, str]:
    """What may stand above each column of a table, as ``plain`` text, to the column's name."""
    schema = ON_DISK[table]
    own = {plain(name): name for name in schema.column_names()}
    dutch = {plain(str((column.metadata or {}).get("nl"))): name for name, column in schema.columns().items()}
    also = {word: name for name in schema.column_names() for word in HEADINGS.get(name, ())}
    if "pieces" in own:
        also |= dict.fromkeys(STATED.get(table, ()), "pieces")
    return also | dutch | own


@cache
def choices_of(table: str, column: str) -> dict[str, str]:
    """What may be written for each choice of a column, as ``plain`` text, to the choice."""
    options = choices_in_dutch(ON_DISK[table].columns()[column])
    said = {plain(word): option for option, words in options.items() for word in words}
    return said | {plain(option): option for option in options}
