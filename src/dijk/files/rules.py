"""The rules across columns of the tables, in words for the owner of a file."""

RULES_SAID: dict[str, tuple[str, str]] = {
    "value_or_reason": (
        "A number, or a reason for having none; never both and never neither.",
        "Een getal, of een reden waarom er geen is; nooit allebei en nooit geen van beide.",
    ),
    "care_has_a_sector": (
        "A sector: care sites and outlets say which sector they serve.",
        "Een sector: zorglocaties en uitgiftepunten zeggen bij welke sector ze horen.",
    ),
    "size_has_a_unit": (
        "With a size also size_unit (what it counts) and size_confirmed_by (register, region or applicant).",
        "Bij een omvang ook omvang_eenheid (wat zij telt) en omvang_bevestigd_door (register, regio of aanvrager).",
    ),
    "range_is_ordered": (
        "A range in order: low is at most mid, and mid at most high.",
        "Een bandbreedte op volgorde: laag hoogstens midden, en midden hoogstens hoog.",
    ),
    "number_or_word": (
        "A number (value) or a word, one of the two.",
        "Een getal (waarde) of een woord, een van de twee.",
    ),
    "need_fits_subject": (
        "For who counts as a carer: all; for what other sectors may expect: one need.",
        "Voor wie mantelzorger is: all; voor wat andere sectoren mogen verwachten: één behoefte.",
    ),
}
