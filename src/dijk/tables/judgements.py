"""Judgements: what people decide. Versioned rows with a basis, a source and an end day; together they are the
policy.
"""

import dataframely as dy
import polars as pl

from dijk.tables import columns as c

SCOPE_STATES: c.Choices = {
    "proposed": "voorgesteld",
    "specified": "gespecificeerd",
    "approved": ("goedgekeurd", "vrijgegeven", "akkoord", "beschikbaar", "ok", "vrij"),
    "listed": ("op de lijst", "gelijst"),
    "closed": "gesloten",
}
ACTIONS: c.Choices = {
    "sourcing": "werving",
    "buying": "inkoop",
    "distributing": "verdeling",
    "none": "geen",
}
VERDICTS: c.Choices = {
    "no_shortage": "geen tekort",
    "early_warning": "vroege waarschuwing",
    "specific_shortage": "specifiek tekort",
    "absolute_shortage": "absoluut tekort",
}
FENCE_KINDS: c.Choices = {
    "guarantee": "garantie",
    "reserve": "reserve",
    "cap": "plafond",
}
SIGNS_FOR: c.Choices = {
    "consortium": "consortium",
    "ministry": "ministerie",
}
TEXT_SUBJECTS: c.Choices = {
    "carer": ("wie mantelzorger is", "mantelzorger"),
    "signal": ("signaal aan andere sectoren", "signaal"),
}
"""What a text of the policy is about: who counts as an informal carer, or what other sectors may expect of a need."""
REUSE_STAGES: c.Choices = {
    "conventional": "gewoon",
    "contingency": "zuinig",
    "crisis": "crisis",
}


class Judgement(dy.Schema):
    """What every judgement says of itself. It is withdrawn by a row with the same key that ends before it begins."""

    known_at = c.moment("When it was recorded.", "bekend_op: moment van vastlegging (UTC)", key=True)
    valid_from = c.day("First day it holds.", "geldig_vanaf: eerste dag dat het geldt", key=True)
    valid_to = c.day("Last day it holds; empty is open.", "geldig_tot: laatste dag; leeg is open", optional=True)
    basis = c.text(
        "On what law, rule or advice it rests.", "grondslag: wet, regel of advies waarop het rust", longest=300
    )
    source = c.text("Where the value comes from.", "bron: waar de waarde vandaan komt", longest=300)
    how = c.choice(c.HOW, "How the value is known.", "hoe: geteld, geschat of aangenomen")
    set_by = c.text("Who set it.", "vastgesteld_door: wie het vaststelde", longest=100)


class Acceptance(Judgement):
    """Which product serves which need, in which order of preference, from when until when."""

    product = c.product()
    need = c.need()
    preference = c.whole("rank", "1 is the need's own article.", "voorkeur: 1 is het eigen artikel", least=1, most=99)


class Scope(Judgement):
    """How far a need is on the list, who leads, and which action runs. Nothing is divided or bought before it is
    listed.
    """

    need = c.need()
    state = c.choice(
        SCOPE_STATES, "How far it is.", "stand: voorgesteld, gespecificeerd, goedgekeurd, op de lijst, gesloten"
    )
    lead_sourcing = c.text("Who leads sourcing.", "trekker_werving: wie de werving trekt", optional=True, longest=100)
    lead_buying = c.text("Who leads buying.", "trekker_inkoop: wie de inkoop trekt", optional=True, longest=100)
    lead_distributing = c.text(
        "Who leads distributing.", "trekker_verdeling: wie de verdeling trekt", optional=True, longest=100
    )
    action = c.choice(ACTIONS, "The action that runs.", "actie: de actie die loopt")
    note = c.text(
        "Questions and answers, kept with the need.",
        "notitie: vragen en antwoorden bij de behoefte",
        optional=True,
        longest=2000,
    )


class Verdict(Judgement):
    """The experts' signed judgement on a need, with an end day."""

    need = c.need()
    verdict = c.choice(
        VERDICTS, "The judgement.", "oordeel: geen tekort, vroege waarschuwing, specifiek of absoluut tekort"
    )
    evidence = c.text("What it rests on.", "onderbouwing: waar het op rust", longest=1000)


class Norm(Judgement):
    """Pieces per unit of a driver, with its range. ``coverage`` is the share of units that the norm holds for today."""

    need = c.need()
    sector = c.sector()
    risk_class = c.risk_class()
    driver = c.code("Code of the driver.", "drijver: code van de drijver", refers="driver", key=True)
    reuse_stage = c.choice(
        REUSE_STAGES, "Stage of reuse it is for.", "hergebruikfase: gewoon, zuinig of crisis", key=True
    )
    low = c.number("pieces/unit", "Low end of the range.", "laag: onderkant van de bandbreedte", most=10**5)
    mid = c.number("pieces/unit", "The norm.", "midden: de norm", most=10**5)
    high = c.number("pieces/unit", "High end of the range.", "hoog: bovenkant van de bandbreedte", most=10**5)
    coverage = c.share("Share of units it holds for.", "dekking: deel van de eenheden waarvoor het geldt")

    @dy.rule()
    def range_is_ordered(cls) -> pl.Expr:
        """Low is at most mid, mid at most high."""
        return (cls.low.col <= cls.mid.col) & (cls.mid.col <= cls.high.col)


class Scenario(Judgement):
    """One line of a what-if: from a day it widens the coverage of a norm, or scales a driver or a norm.

    Lines of one scenario share its code; need, sector, driver ``all`` means each.
    """

    scenario = c.code("Code of the scenario.", "scenario: code van het scenario", key=True)
    need = c.code("Need it touches, or all.", "behoefte: behoefte die het raakt, of all", refers="need", key=True)
    sector = c.code("Sector it touches, or all.", "sector: sector die het raakt, of all", refers="sector", key=True)
    driver = c.code("Driver it touches, or all.", "drijver: drijver die het raakt, of all", refers="driver", key=True)
    name_en = c.text("Name in English.", "naam_en: Engelse naam", longest=100)
    name_nl = c.text("Name in Dutch.", "naam_nl: Nederlandse naam", longest=100)
    advice = c.text("The advice it carries out.", "advies: het advies dat het uitvoert", longest=500)
    starts_on = c.day("Day the change begins.", "begint_op: dag waarop de verandering begint")
    ramp_days = c.whole(
        "days", "Days until it is in full force.", "aanloop_dagen: dagen tot het volledig geldt", most=365
    )
    coverage = c.share(
        "Share of the units not yet covered that it adds.",
        "dekking: deel van de nog niet gedekte eenheden dat erbij komt",
    )
    norm_factor = c.number("factor", "Factor on the norm.", "normfactor: factor op de norm", most=100)
    driver_factor = c.number("factor", "Factor on the driver.", "drijverfactor: factor op de drijver", most=100)
    in_curve = c.choice(
        {"low": "laag", "base": "basis", "max": ("max", "hoogst"), "none": "geen"},
        "The lowest curve it is part of.",
        "in_curve: laagste curve waar het in zit",
    )


class PolicyRule(Judgement):
    """A number or word that officials choose. The most specific row counts: region, then sector, then need, then
    all.
    """

    rule = c.code("Name of the rule.", "regel: naam van de regel", key=True)
    need = c.code("Need it is for, or all.", "behoefte: behoefte waarvoor het geldt, of all", refers="need", key=True)
    sector = c.code("Sector it is for, or all.", "sector: sector waarvoor het geldt, of all", refers="sector", key=True)
    region = c.code("Region it is for, or all.", "regio: regio waarvoor het geldt, of all", refers="region", key=True)
    value = c.number("see the rule", "The number.", "waarde: het getal", optional=True, least=-1e9)
    word = c.code("The word, where the rule takes one.", "woord: het woord, als de regel er een vraagt", optional=True)

    @dy.rule()
    def number_or_word(cls) -> pl.Expr:
        """A number or a word, one of the two."""
        return cls.value.col.is_null() != cls.word.col.is_null()


class Fence(Judgement):
    """A limit on what a group of claimants gets together of what is divided; the row of a need goes before the row for
    all needs.

    A guarantee is a minimum: it does nothing where the group would get as much anyway. A reserve is set aside first and
    comes on top of what the group then gets of the rest. A cap is a maximum.
    """

    fence = c.code("Code of the fence.", "hek: code van het hek", key=True)
    need = c.code("Need it is for, or all.", "behoefte: behoefte waarvoor het geldt, of all", refers="need", key=True)
    sector = c.code("Sector, group of sectors, or all.", "sector: sector, groep van sectoren, of all", refers="sector")
    region = c.code("Region, or all.", "regio: regio, of all", refers="region")
    kind = c.choice(
        FENCE_KINDS, "Minimum guarantee, reserve on top, or cap.", "soort: minimumgarantie, reserve bovenop, of plafond"
    )
    share = c.share("Share of what is divided.", "deel: deel van wat verdeeld wordt")


class Mandate(Judgement):
    """Who may sign an order of how many cents at most. Of a capacity the row of a need goes before its row for all
    needs; without a row in force it may sign nothing.
    """

    capacity = c.code(
        "Function that signs, never a name.", "hoedanigheid: functie die tekent, nooit een naam", key=True
    )
    need = c.code("Need it is for, or all.", "behoefte: behoefte waarvoor het geldt, of all", refers="need", key=True)
    signs_for = c.choice(SIGNS_FOR, "Whom the signature binds.", "tekent_voor: wie de handtekening bindt")
    most_cents = c.whole(
        "euro cent",
        "Most that one order may come to; 0 is none of it, empty is no limit.",
        "hoogste_cent: wat één bestelling hoogstens mag kosten; 0 is niets ervan, leeg is geen grens",
        optional=True,
        most=10**15,
    )


class PolicyText(Judgement):
    """A text that the policy holds in both languages: who counts as an informal carer, or what other sectors may expect
    of a need.
    """

    subject = c.choice(TEXT_SUBJECTS, "What it is about.", "onderwerp: waar de tekst over gaat", key=True)
    need = c.code(
        "Need it is about, or all.", "behoefte: behoefte waar de tekst over gaat, of all", refers="need", key=True
    )
    dutch = c.text("The text in Dutch.", "nederlands: de tekst in het Nederlands", longest=2000)
    english = c.text("The text in English.", "engels: de tekst in het Engels", longest=2000)
    ground = c.text(
        "What held of the need when it was written, as dijk.assess.signal says it; empty where that is not known.",
        "uitgangspunt: wat van de behoefte gold toen de tekst geschreven werd, zoals dijk.assess.signal dat zegt; leeg "
        "waar dat niet bekend is",
        optional=True,
        longest=5000,
    )

    @dy.rule()
    def need_fits_subject(cls) -> pl.Expr:
        """Who counts as a carer is the same for all needs; what others may expect is said of one."""
        return (cls.subject.col == "carer") == (cls.need.col == c.ALL)


class WarningReason(Judgement):
    """Why a row about which there is a warning is right as it stands; the warning keeps silent until its value changes.

    Only warnings on meaning take one: the others of a table are told together.
    """

    code = c.code("Code of the warning.", "code: code van de waarschuwing", key=True)
    table = c.code("Table of the row.", "tabel: tabel van de regel", key=True)
    key = c.text(
        "Key of the row, as the warning has it before the colon.",
        "sleutel: sleutel van de regel, zoals de waarschuwing die voor de dubbele punt heeft",
        longest=300,
        key=True,
    )
    column = c.code("Column that is doubted.", "kolom: kolom waaraan getwijfeld is", key=True)
    value = c.text(
        "The value that is right, as the warning has it after the colon; another value is doubted anew.",
        "waarde: de waarde die klopt, zoals de waarschuwing die na de dubbele punt heeft; een andere waarde wordt "
        "opnieuw betwijfeld",
        longest=200,
    )
    explanation = c.text("Why it is right.", "toelichting: waarom het klopt")
