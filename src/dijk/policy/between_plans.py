"""Rules of what people do between plans: no plan reads them."""

from dijk.policy.rule import PER_NEED, Rule

BETWEEN_PLANS: dict[str, Rule] = {
    "urgent_answer_minutes": Rule(
        "minutes",
        1,
        7 * 24 * 60,
        60,
        "The region answers an urgent request within this many minutes; later it is the planners' too. "
        "No plan reads it.",
        "De regio beantwoordt een spoedaanvraag binnen zoveel minuten; daarna ligt zij ook bij de planners. "
        "Geen plan leest dit.",
        per=("region",),
    ),
    "confirm_within_hours": Rule(
        "hours",
        1,
        14 * 24,
        24,
        "Another person confirms or takes back, within this many hours, what one person alone released on an urgent "
        "request; until then it stands out. No plan reads it.",
        "Een ander bevestigt binnen zoveel uren wat iemand alleen op een spoedaanvraag vrijgaf, of neemt het terug; "
        "tot dan valt het op. Geen plan leest dit.",
        per=("region",),
    ),
    "region_check_hours": Rule(
        "hours",
        1,
        14 * 24,
        24,
        "A region checks its part of a division within this many hours. No plan reads it.",
        "Een regio toetst haar deel van een verdeling binnen zoveel uren. Geen plan leest dit.",
    ),
    "silence_means": Rule(
        "word",
        0,
        0,
        "accept",
        "Of a region that has not answered in time, the part is released as it is (accept) or held back (hold). "
        "No plan reads it.",
        "Van een regio die niet op tijd antwoordt, wordt het deel ongewijzigd vrijgegeven (accept) of "
        "achtergehouden (hold). Geen plan leest dit.",
        words=("accept", "hold"),
        per=("region",),
    ),
    "assume_received_days": Rule(
        "days",
        1,
        60,
        5,
        "What was sent and is not confirmed counts as received, assumed, once this many days have passed since the "
        "day on which it was expected. No plan reads it.",
        "Wat verzonden en niet bevestigd is, telt als ontvangen, aangenomen, zodra zoveel dagen zijn verstreken sinds "
        "de verwachte dag. Geen plan leest dit.",
        per=PER_NEED,
    ),
}
