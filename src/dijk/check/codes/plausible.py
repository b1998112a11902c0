"""Findings on meaning: values that are well formed and yet cannot be meant."""

from dijk.check.findings import Code

RATIO_EN = "a value near {held}, as {against}; this is {times} times that{slip}"
RATIO_NL = "een waarde rond {held}, naar {against}; dit is {times} maal zoveel{slip}"
EXACT_EN, EXACT_NL = "held against {against}: {held}", "gehouden tegen {against}: {held}"

PLAUSIBLE = (
    Code("PAST-01", "warning", "Value far from its own past", "Waarde ver van het eigen verleden", RATIO_EN, RATIO_NL),
    Code(
        "PAST-02",
        "warning",
        "Value that a later row changed by far",
        "Waarde die een latere regel ver verlegde",
        RATIO_EN,
        RATIO_NL,
    ),
    Code("PEER-01", "warning", "Value far from its peers", "Waarde ver van vergelijkbare", RATIO_EN, RATIO_NL),
    Code(
        "PEER-02",
        "warning",
        "Value far from that of its other stages",
        "Waarde ver van die in andere fasen",
        RATIO_EN,
        RATIO_NL,
    ),
    Code(
        "OTHER-01",
        "warning",
        "Value far from what else is known",
        "Waarde ver van wat er verder bekend is",
        RATIO_EN,
        RATIO_NL,
    ),
    Code("OTHER-02", "warning", "More than was asked", "Meer dan gevraagd", RATIO_EN, RATIO_NL),
    Code(
        "AGREE-01",
        "warning",
        "Tables that do not agree",
        "Tabellen die niet met elkaar kloppen",
        EXACT_EN,
        EXACT_NL,
    ),
    Code("AGREE-02", "warning", "Answer to another question", "Antwoord op een andere vraag", EXACT_EN, EXACT_NL),
    Code("AGREE-03", "warning", "Order received in part", "Order deels ontvangen", EXACT_EN, EXACT_NL),
    Code("AGREE-04", "warning", "Pieces counted twice", "Stuks dubbel geteld", EXACT_EN, EXACT_NL),
    Code(
        "TWIN-01",
        "warning",
        "Alike under two keys",
        "Gelijk onder twee sleutels",
        "one row for one thing; this one is like {against}: {held}",
        "één regel voor één ding; deze lijkt op {against}: {held}",
    ),
    Code("WHEN-01", "warning", "Day too far ahead", "Dag te ver vooruit", EXACT_EN, EXACT_NL),
    Code("WHEN-02", "warning", "Day long past", "Dag lang geleden", EXACT_EN, EXACT_NL),
    Code(
        "WHEN-03",
        "warning",
        "Day of another calendar or week",
        "Dag uit een andere kalender of week",
        EXACT_EN,
        EXACT_NL,
    ),
    Code("WHEN-04", "warning", "Days in the wrong order", "Dagen in de verkeerde volgorde", EXACT_EN, EXACT_NL),
    Code("WHEN-05", "warning", "Row of what is closed", "Regel van wat gesloten is", EXACT_EN, EXACT_NL),
    Code(
        "WHEN-06", "warning", "Week that ends on another day", "Week die op een andere dag eindigt", EXACT_EN, EXACT_NL
    ),
    Code("WHOLE-01", "warning", "Shares over the whole", "Delen boven het geheel", EXACT_EN, EXACT_NL),
    Code("JUDGED-01", "warning", "Two judgements at once", "Twee oordelen tegelijk", EXACT_EN, EXACT_NL),
    Code("JUDGED-02", "warning", "Judgement without an end", "Oordeel zonder einde", EXACT_EN, EXACT_NL),
    Code(
        "JUDGED-03",
        "warning",
        "Judgement that ended, with nothing in its place",
        "Oordeel dat afliep, met niets ervoor in de plaats",
        EXACT_EN,
        EXACT_NL,
    ),
    Code("JUDGED-04", "warning", "Row that moved", "Regel die verhuisde", EXACT_EN, EXACT_NL),
    Code(
        "BIG-01",
        "error",
        "More than can be reckoned with",
        "Meer dan waarmee te rekenen is",
        "{against}: {held}; look for a number typed twice over, or another unit",
        "{against}: {held}; kijk of een getal dubbel getypt is, of in een andere eenheid staat",
    ),
    Code(
        "MOMENT-01",
        "note",
        "Rows left aside",
        "Regels buiten beschouwing",
        "rows known by {as_of}; of {all} rows these became known later, and do not exist yet",
        "regels die op {as_of} bekend zijn; van {all} regels werden deze later bekend, en zij bestaan nog niet",
    ),
    Code(
        "MOMENT-02",
        "warning",
        "Most rows left aside",
        "De meeste regels buiten beschouwing",
        "rows known by {as_of}; of {all} rows these became known later, so that hardly any are seen: take a later "
        "moment",
        "regels die op {as_of} bekend zijn; van {all} regels werden deze later bekend, zodat er bijna geen te zien "
        "zijn: kies een later moment",
    ),
)
