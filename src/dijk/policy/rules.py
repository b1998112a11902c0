"""The rules that carry a number or a word, and where each starts."""

import datetime as dt
from dataclasses import dataclass
from importlib.util import find_spec

import polars as pl

from dijk.policy.between_plans import BETWEEN_PLANS
from dijk.policy.rule import EVERYWHERE, PER_NEED, PER_NEED_AND_SECTOR, Rule
from dijk.tables import ALL, POLICY
from dijk.tables.judgements import REUSE_STAGES


@dataclass(frozen=True)
class Extra:
    """A package that only some words of a rule need."""

    package: str
    install: str

    @property
    def installed(self) -> bool:
        """Whether it is there."""
        return find_spec(self.package) is not None


EXTRAS = {("forecast_members", "all"): Extra("statsforecast", "pip install 'dijk[forecast]'")}
"""Rule and word that need one; a dataset that asks for it without is told before anything is forecast."""


RULES: dict[str, Rule] = {
    "cap_days": Rule(
        "days",
        0,
        365,
        10,
        "Deliver at most this many days of norm use.",
        "Lever hoogstens zoveel dagen normverbruik.",
        "Medical Facts, 7 August 2020: per week at most 10 days of norm use",
        per=EVERYWHERE,
    ),
    "floor_days": Rule(
        "days", 0, 365, 2, "Everyone first gets this many days.", "Iedereen krijgt eerst zoveel dagen.", per=EVERYWHERE
    ),
    "buffer_share": Rule(
        "share 0-1",
        0,
        1,
        0,
        "Share of deliverable stock kept back.",
        "Deel van de leverbare voorraad dat achterblijft.",
        per=("need", "region"),
    ),
    "urgent_reserve_share": Rule(
        "share 0-1",
        0,
        1,
        0,
        "Share of deliverable stock that a regional hub keeps back for urgent requests; it counts as stock of its "
        "region in the nation's division.",
        "Deel van de leverbare voorraad dat een regionaal depot achterhoudt voor spoedaanvragen; het telt landelijk "
        "als voorraad van zijn regio.",
        per=("need", "region"),
    ),
    "region_checks_from": Rule(
        "word",
        0,
        0,
        "scarce",
        "From when the region checks what its sites get: once a need is scarce, or already at early warning (early).",
        "Vanaf wanneer de regio toetst wat haar locaties krijgen: als een behoefte schaars is, of al bij vroege "
        "waarschuwing (early).",
        "routing of 28 April 2020; whether to check sooner was left open there",
        words=("scarce", "early"),
        per=("need", "region"),
    ),
    "quarantine_days": Rule(
        "days",
        0,
        365,
        14,
        "What a regional hub has had in quarantine for longer counts as stock of its region in the nation's division.",
        "Wat een regionaal depot langer in quarantaine heeft, telt landelijk als voorraad van zijn regio.",
        per=PER_NEED,
    ),
    "level_band_days": Rule(
        "days",
        0,
        365,
        365,
        "The level of a need may move this many days from one run to the next; 365 is no limit.",
        "Het niveau van een behoefte mag per berekening zoveel dagen verschuiven; 365 is geen grens.",
        per=PER_NEED,
    ),
    "silent_cover_days": Rule(
        "days",
        0,
        365,
        10,
        "A site that was asked and did not answer counts as holding this many days; see who has not answered.",
        "Een locatie die gevraagd is en zweeg telt alsof zij zoveel dagen heeft; zie wie niet antwoordde.",
        per=PER_NEED_AND_SECTOR,
    ),
    "stale_after_days": Rule(
        "days",
        1,
        365,
        7,
        "A count older than this is stale.",
        "Een telling ouder dan dit is verouderd.",
        per=EVERYWHERE,
    ),
    "count_margin": Rule(
        "factor",
        1,
        100,
        1,
        "A count below the ledger by more than this factor waits for confirmation.",
        "Een telling die meer dan deze factor onder de boekvoorraad ligt, wacht op bevestiging.",
        per=PER_NEED_AND_SECTOR,
    ),
    "absurd_times_norm": Rule(
        "factor",
        1,
        1e6,
        20,
        "A request above this many times the capped norm is beyond belief and counts as the cap.",
        "Een aanvraag boven zoveel maal de afgetopte norm is onwaarschijnlijk en telt als het plafond.",
        per=PER_NEED_AND_SECTOR,
    ),
    "activity_jump": Rule(
        "factor",
        1,
        100,
        1.5,
        "In the first week of a rise unchecked activity counts up to this many times a site's own past, moved as its "
        "peers moved; what is above it waits for a check by another.",
        "In de eerste week van een stijging telt ongecontroleerde activiteit tot zoveel maal het eigen verleden, "
        "meebewogen met vergelijkbare locaties; wat erboven ligt, wacht op controle door een ander.",
    ),
    "activity_margin": Rule(
        "factor",
        1,
        100,
        1.2,
        "Unchecked activity counts up to this many times a site's own past, moved as its peers moved, once the first "
        "week of a rise has passed; and up to this many times a busy peer.",
        "Ongecontroleerde activiteit telt na de eerste week van een stijging tot zoveel maal het eigen verleden, "
        "meebewogen met vergelijkbare locaties, en tot zoveel maal een drukke vergelijkbare locatie.",
    ),
    "double_within_days": Rule(
        "days",
        0,
        60,
        4,
        "The same site, need and quantity within these days is one request.",
        "Dezelfde locatie, behoefte en hoeveelheid binnen deze dagen is één aanvraag.",
        per=PER_NEED_AND_SECTOR,
    ),
    "promised_days": Rule(
        "days",
        0,
        60,
        7,
        "What was awarded and has not come counts as there for this many days.",
        "Wat is toegekend en nog niet gekomen is, telt zoveel dagen alsof het er is.",
    ),
    "request_open_days": Rule(
        "days", 1, 365, 14, "A request counts for this many days.", "Een aanvraag telt zoveel dagen mee."
    ),
    "reuse_stage": Rule(
        "word",
        0,
        0,
        "conventional",
        "Stage of reuse in force.",
        "Fase van hergebruik die geldt.",
        words=tuple(REUSE_STAGES),
        per=PER_NEED_AND_SECTOR,
    ),
    "forecast_members": Rule(
        "word",
        0,
        0,
        "own",
        "Forecast indicators by our own model alone, or also by the members that were better of late (all; needs "
        "the extra forecast).",
        "Voorspel indicatoren alleen met het eigen model, of ook met leden die het onlangs beter deden (all; "
        "vraagt extra forecast).",
        words=("own", "all"),
    ),
    "horizon_weeks": Rule("weeks", 1, 26, 8, "Weeks of forecast.", "Weken vooruit."),
    "sample_paths": Rule(
        "paths", 50, 5000, 200, "Joint sample paths of the forecast.", "Gezamenlijke paden van de prognose."
    ),
    "reporting_lag_days": Rule(
        "days",
        0,
        28,
        2,
        "Newest days of an indicator that are not used yet.",
        "Nieuwste dagen van een indicator die nog niet meetellen.",
    ),
    "scarce_below_days": Rule(
        "days", 0, 365, 14, "Scarce when cover is below this.", "Schaars onder deze dekking.", per=EVERYWHERE
    ),
    "scarce_until_days": Rule(
        "days", 0, 365, 21, "Scarce until cover is above this.", "Schaars tot boven deze dekking.", per=PER_NEED
    ),
    "scarce_above_chance": Rule(
        "share 0-1",
        0,
        1,
        0.5,
        "Scarce when the chance to run out in 2 weeks is above this.",
        "Schaars boven deze kans op tekort in 2 weken.",
        per=EVERYWHERE,
    ),
    "early_below_days": Rule(
        "days",
        0,
        365,
        28,
        "Early warning when cover is below this.",
        "Vroege waarschuwing onder deze dekking.",
        per=EVERYWHERE,
    ),
    "known_share_least": Rule(
        "share 0-1",
        0,
        1,
        0.5,
        "A regime is computed where stock is known for at least this share of norm use; below it nobody can say.",
        "Een regime wordt berekend als de voorraad van minstens dit deel van het normverbruik bekend is; daaronder is "
        "het niet te zeggen.",
        per=EVERYWHERE,
    ),
    "early_until_days": Rule(
        "days",
        0,
        365,
        42,
        "Early warning until cover is above this.",
        "Vroege waarschuwing tot boven deze dekking.",
        per=PER_NEED,
    ),
    "early_above_chance": Rule(
        "share 0-1",
        0,
        1,
        0.3,
        "Early warning when the chance to run out in 4 weeks is above this.",
        "Vroege waarschuwing boven deze kans op tekort in 4 weken.",
        per=EVERYWHERE,
    ),
    "hysteresis_chance": Rule(
        "share 0-1",
        0,
        1,
        0.1,
        "A regime ends when the chance is this much below its threshold.",
        "Een regime eindigt als de kans zoveel onder de drempel ligt.",
        per=PER_NEED,
    ),
    "lateness_median_days": Rule(
        "days",
        0,
        365,
        14,
        "Median lateness of an inbound line that is late.",
        "Mediaan van de vertraging van een late levering.",
        "GetUsPPE deliveries from September 2020: quartiles 12, 14, 26 days; donations, not orders",
        per=PER_NEED,
    ),
    "late_share": Rule(
        "share 0-1",
        0,
        1,
        0.3,
        "Share of inbound lines that come late.",
        "Deel van de leveringen dat te laat komt.",
        per=PER_NEED,
    ),
    "cancel_share": Rule(
        "share 0-1",
        0,
        1,
        0.05,
        "Share of inbound lines that never come.",
        "Deel van de bestellingen dat nooit komt.",
        per=PER_NEED,
    ),
    "reject_share": Rule(
        "share 0-1",
        0,
        1,
        0.12,
        "Share of received pieces that fails the quality check.",
        "Deel van de ontvangen stuks dat wordt afgekeurd.",
        "de Volkskrant, November 2021: 308.5 M of about 2.5 bn items bought were rejected",
        per=PER_NEED,
    ),
    "drift_alarm": Rule(
        "share 0-1",
        0,
        1,
        0.2,
        "Alarm when the share of need met in cure and in care differ by more.",
        "Alarm als het vervulde deel in cure en care meer verschilt.",
        per=PER_NEED,
    ),
    "flow_days": Rule(
        "days",
        1,
        366,
        14,
        "Days over which asked and delivered are set beside each other.",
        "Dagen waarover vraag en levering naast elkaar staan.",
    ),
    "buy_cover_weeks": Rule(
        "weeks",
        1,
        104,
        10,
        "Weeks of demand that buying aims to cover.",
        "Weken vraag die de inkoop wil dekken.",
        "Trouw, September 2020: iron stock meant for a peak of 10 weeks",
        per=PER_NEED,
    ),
    "fall_back_weeks": Rule(
        "weeks",
        1,
        104,
        10,
        "Beyond the weeks that are forecast, half of the way back to the level of the past year is gone in this many.",
        "Voorbij de voorspelde weken is in zoveel weken de helft van de weg terug naar het niveau van het afgelopen "
        "jaar afgelegd.",
    ),
    "buy_stance": Rule(
        "share 0-1",
        0,
        1,
        1,
        "The volume knob: 0 buys for base, 1 for max.",
        "De volumeknop: 0 koopt voor basis, 1 voor max.",
        per=PER_NEED,
    ),
    "handling_cents_per_pack": Rule(
        "euro cent",
        0,
        1e6,
        100,
        "Storing, sending and handing out a pack, on top of its price, when the cost of a scenario is reckoned.",
        "Opslaan, versturen en uitgeven van een verpakking, boven de prijs, als de kosten van een scenario worden "
        "berekend.",
        per=PER_NEED,
    ),
    "usage_weeks": Rule(
        "weeks",
        1,
        52,
        8,
        "Weeks of use, deliveries and orders from which the usage factor is learnt.",
        "Weken verbruik, leveringen en bestellingen waaruit de gebruiksfactor wordt geleerd.",
    ),
    "usage_use_sd": Rule(
        "log",
        0.01,
        5,
        0.1,
        "How far a week of recorded use may be off the usage factor, as a standard deviation of the logarithm.",
        "Hoe ver een week geregistreerd verbruik van de gebruiksfactor mag afwijken, als standaardafwijking van "
        "de logaritme.",
    ),
    "usage_delivery_sd": Rule(
        "log", 0.01, 5, 0.2, "The same for a week of deliveries.", "Hetzelfde voor een week leveringen."
    ),
    "usage_request_sd": Rule(
        "log", 0.01, 5, 0.4, "The same for a week of orders.", "Hetzelfde voor een week bestellingen."
    ),
    "usage_drift_sd": Rule(
        "log/week",
        0,
        5,
        0.05,
        "How far the usage factor itself moves in a week, as a standard deviation of the logarithm.",
        "Hoe ver de gebruiksfactor zelf in een week verschuift, als standaardafwijking van de logaritme.",
    ),
    "usage_common_share": Rule(
        "share 0-1",
        0,
        1,
        0.5,
        "Part of what is not known of a usage factor that all sectors of a need have in common.",
        "Deel van het onbekende in een gebruiksfactor dat alle sectoren van een behoefte gemeen hebben.",
    ),
    "order_counts_to": Rule(
        "quantile",
        0.5,
        0.999,
        0.9,
        "An order speaks of demand up to this quantile of what the norm's range allows; what is above it is "
        "left aside.",
        "Een bestelling zegt iets over de vraag tot dit kwantiel van wat de bandbreedte van de norm toelaat; wat "
        "erboven ligt telt niet.",
    ),
    **BETWEEN_PLANS,
}


def starter_rules(known_at: dt.datetime) -> pl.DataFrame:
    """The rows a dataset starts with: one per rule, for all needs, sectors and regions, marked assumed unless a source
    is named.
    """
    rows = [
        {
            "known_at": known_at,
            "valid_from": known_at.date(),
            "valid_to": None,
            "basis": "starter policy of dijk, not signed",
            "source": rule.source,
            "how": "assumed" if rule.source == "assumed" else "estimated",
            "set_by": "dijk",
            "rule": name,
            "need": ALL,
            "sector": ALL,
            "region": ALL,
            "value": None if rule.is_word else float(rule.start),
            "word": str(rule.start) if rule.is_word else None,
        }
        for name, rule in RULES.items()
    ]
    return (
        POLICY["policy_rule"]
        .cast(pl.DataFrame(rows, infer_schema_length=None))
        .select(POLICY["policy_rule"].column_names())
    )
