"""What must hold between tables, as findings. An error stops the plan, a warning wants a person's reason, a note
informs.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from dijk.allocate import Division
from dijk.forecast.doubts import doubts
from dijk.forecast.members import INSTALL, PACKAGE, installed
from dijk.forecast.result import Forecast
from dijk.inputs import Inputs
from dijk.policy import RULES, Policy, listed
from dijk.present.now import Now
from dijk.present.requests import open_requests
from dijk.tables import ALL, INPUTS, POLICY, UNKNOWN, empty
from dijk.tables.facts import still_to_come
from dijk.tables.registers import GROUPS
from dijk.tables.results import Finding

SHOWN = 5
"""So many examples stand in a finding; ``rows`` says how many there are."""


class BadInput(Exception):
    """The input has errors; ``findings`` holds them all, with the warnings and notes."""

    def __init__(self, findings: pl.DataFrame) -> None:
        self.findings = findings
        errors = findings.filter(pl.col("severity") == "error")
        super().__init__(
            f"{errors.height} errors in the input, the first: {errors.row(0, named=True) if errors.height else None}"
        )


@dataclass(frozen=True)
class Check:
    """What a code stands for: how serious, and what was wanted."""

    severity: str
    en: str
    nl: str


CHECKS: dict[str, Check] = {
    "REF-01": Check("error", "a code that stands in its register", "een code die in het register staat"),
    "REF-02": Check(
        "error",
        "a code other than 'all', which stands for every one",
        "een andere code dan 'all', dat staat voor alles",
    ),
    "REG-01": Check(
        "error", "a region 'unknown', for what cannot be placed", "een regio 'unknown', voor wat niet te plaatsen is"
    ),
    "REG-02": Check("error", "shares of a region that add up to 1", "delen van een regio die samen 1 zijn"),
    "NEED-01": Check("warning", "a norm for each listed need", "een norm voor elke gelijste behoefte"),
    "NEED-02": Check(
        "warning", "an accepted product for each listed need", "een geaccepteerd product voor elke gelijste behoefte"
    ),
    "NEED-03": Check(
        "note",
        "requests for listed needs only; these are kept for the review list",
        "alleen aanvragen voor gelijste behoeften; deze blijven op de reviewlijst",
    ),
    "SITE-01": Check(
        "warning",
        "activity or a size, to know what a site uses",
        "activiteit of een omvang, om te weten wat een locatie verbruikt",
    ),
    "SITE-02": Check(
        "warning",
        "a size that a register or the region confirmed",
        "een omvang die een register of de regio bevestigde",
    ),
    "TIME-01": Check(
        "warning", "no day after the day on which it became known", "geen dag na de dag waarop het bekend werd"
    ),
    "STOCK-01": Check("note", "a fresh count; these are stale", "een verse telling; deze zijn verouderd"),
    "STOCK-02": Check(
        "warning",
        "a count no lower than the ledger; these are lower and raise no award until a second count confirms them",
        "een telling niet onder de boekvoorraad; deze liggen eronder en verhogen geen toewijzing tot een tweede "
        "telling ze bevestigt",
    ),
    "STOCK-03": Check(
        "warning",
        "goods that some need accepts; these are in stock and serve none",
        "goederen die een behoefte accepteert; deze liggen op voorraad en dienen geen enkele",
    ),
    "REQUEST-01": Check(
        "warning",
        "a believable quantity; these count as the cap",
        "een geloofwaardige hoeveelheid; deze tellen als het plafond",
    ),
    "REQUEST-02": Check(
        "note",
        "one request once; these are doubles and count once",
        "elke aanvraag één keer; deze zijn dubbel en tellen één keer",
    ),
    "REQUEST-03": Check(
        "warning",
        "a norm and activity for each site that asks; these ask for what they have no norm use of, and get nothing",
        "een norm en activiteit voor elke locatie die vraagt; deze vragen iets waarvoor zij geen normverbruik "
        "hebben, en krijgen niets",
    ),
    "INBOUND-01": Check(
        "warning",
        "a new day; these are past their expected day",
        "een nieuwe dag; deze zijn over hun verwachte dag heen",
    ),
    "INBOUND-02": Check("note", "an expected day; these have none", "een verwachte dag; deze hebben er geen"),
    "INDICATOR-01": Check(
        "warning", "a value for each day; missing is not zero", "een waarde voor elke dag; ontbrekend is geen nul"
    ),
    "SCOPE-01": Check(
        "warning", "an action that runs for each listed need", "een lopende actie voor elke gelijste behoefte"
    ),
    "VERDICT-01": Check(
        "note",
        "a verdict that has not ended; these wait for the experts",
        "een oordeel dat nog geldt; deze wachten op de experts",
    ),
    "REGION-01": Check(
        "note",
        "rules of a region that use up what it gets; these leave so many pieces of it in the warehouse",
        "regels van een regio die opmaken wat zij krijgt; deze laten zoveel stuks ervan in het magazijn",
    ),
    "FENCE-01": Check(
        "warning",
        "fences that can be met together; these fall short by so many pieces",
        "hekken die samen te halen zijn; deze komen zoveel stuks tekort",
    ),
    "CHANGE-01": Check(
        "error",
        "a claim of this run: site, need, class, and on whose goods",
        "een aanspraak van deze berekening: locatie, behoefte, klasse, en op wiens goederen",
    ),
    "CHANGE-02": Check("error", "a reason for each change", "een reden bij elke wijziging"),
    "CHANGE-03": Check("error", "0 packs or more", "0 dozen of meer"),
    "CHANGE-04": Check(
        "error",
        "changes of a need that leave the region the same packs of each article; none of this need and region is made",
        "wijzigingen per behoefte die de regio evenveel dozen van elk artikel laten; voor deze behoefte en regio "
        "gaat er geen door",
    ),
    "FORECAST-01": Check(
        "warning",
        "a forecast in proportion to what other countries published per head; these lie far outside it",
        "een prognose in verhouding tot wat andere landen per hoofd publiceerden; deze vallen er ver buiten",
    ),
    "FORECAST-02": Check(
        "note",
        "a past of its own; for these series published experience stands in",
        "een eigen verleden; bij deze reeksen staat gepubliceerde ervaring daarvoor in de plaats",
    ),
    "FORECAST-03": Check(
        "warning",
        "figures of the indicator a driver follows; nothing was known of these lately, so the driver stays level, "
        "with a wide range",
        "cijfers van de indicator die een drijver volgt; deze zwegen de laatste tijd, dus blijft de drijver vlak, "
        "met een ruime marge",
    ),
    "FORECAST-04": Check(
        "warning",
        "figures by the day itself; on these days arrears seem to have been added",
        "cijfers van de dag zelf; op deze dagen lijken achterstanden te zijn bijgeteld",
    ),
    "FORECAST-05": Check(
        "warning",
        "forecasts that beat the random walk; the earlier ones of these series did not",
        "prognoses die het van de toevalswandeling winnen; de eerdere van deze reeksen deden dat niet",
    ),
    "FORECAST-06": Check(
        "note",
        "figures that are final; the source nearly always corrects its newest week the same way, so the forecast "
        "already did",
        "definitieve cijfers; de bron corrigeert de nieuwste week bijna altijd dezelfde kant op, dus deed de "
        "prognose dat al",
    ),
    "POLICY-01": Check("error", "a rule that dijk knows", "een regel die dijk kent"),
    "POLICY-02": Check("error", "a value within the rule's limits", "een waarde binnen de grenzen van de regel"),
    "POLICY-03": Check(
        "note",
        "a rule set by people; these start from dijk's assumed values",
        "een regel die mensen hebben vastgesteld; deze starten met aangenomen waarden van dijk",
    ),
    "POLICY-04": Check(
        "error", "a rule that is in force on the day of the plan", "een regel die geldt op de dag van het plan"
    ),
    "POLICY-05": Check(
        "error",
        f"a package that is installed; this rule needs {PACKAGE}: {INSTALL}",
        f"een pakket dat er is; deze regel vraagt {PACKAGE}: {INSTALL}",
    ),
}


def check(world: Inputs, policy: Policy) -> pl.DataFrame:
    """All findings on what is known at ``as_of``, worst first: one row per code, table and column, with examples."""
    found = [
        *_references(world, policy),
        *_regions(world),
        *_needs(world, policy),
        *_sites(world),
        *_times(world),
        *_stock(world, policy),
        *_inbound(world),
        *_indicators(world),
        *_judgements(world, policy),
        *_rules(policy, world.today),
    ]
    return worst_first(pl.DataFrame(found, schema=empty("finding").schema, orient="row"))


def check_present(now: Now) -> pl.DataFrame:
    """Findings on what follows from the world: double requests, quantities beyond belief, counts below the ledger."""
    absurd = now.request.filter("absurd").sort("asked", descending=True)
    doubted = now.position.filter("doubted")
    weighed = now.norm_use.filter(pl.col("mid") > 0)
    weightless = open_requests(now).join(weighed, on=["site", "need"], how="anti")
    found = [
        *_say("REQUEST-02", "request", "request", now.request.filter("double")["request"]),
        *_say("REQUEST-01", "request", "pieces", absurd.select(pl.format("{}: {}", "request", "asked")).to_series()),
        *_say("REQUEST-03", "request", "need", weightless.select(pl.format("{} {}", "site", "need")).to_series()),
        *_say(
            "STOCK-02",
            "stock",
            "pieces",
            doubted.select(pl.format("{} {}: {}", "site", "need", "counted_pieces")).to_series(),
        ),
    ]
    return worst_first(pl.DataFrame(found, schema=empty("finding").schema, orient="row"))


def check_forecast(now: Now, future: Forecast, scores: pl.DataFrame) -> pl.DataFrame:
    """Findings on the forecast: what a person should doubt in it. ``scores`` is table ``ForecastScore``."""
    lag = int(now.policy.number("reporting_lag_days", now.world.today))
    found = (
        doubts(now.world, future, scores, lag_days=lag)
        .group_by("code", "table", "column")
        .agg("what")
        .sort("code", "table", "column")
    )
    rows = [
        row for code, table, column, what in found.iter_rows() for row in _say(code, table, column, pl.Series(what))
    ]
    return pl.DataFrame(rows, schema=empty("finding").schema, orient="row")


def check_division(division: Division) -> pl.DataFrame:
    """Findings that need the division: fences that were promised more than there is, regions whose own rules leave
    goods unused.
    """
    short = division.shortfall.select(pl.format("{} {}: {}", "need", "fence", "missing_pieces")).to_series()
    left = division.left.select(pl.format("{} {}: {}", "need", "region", "pieces")).to_series()
    found = [*_say("FENCE-01", "fence", "share", short), *_say("REGION-01", "policy_rule", "value", left)]
    return pl.DataFrame(found, schema=empty("finding").schema, orient="row")


def worst_first(findings: pl.DataFrame) -> pl.DataFrame:
    """Findings in the order in which a person wants them: errors, warnings, notes; then by code and place."""
    rank = (
        pl.col("severity").cast(pl.String).replace_strict({"error": 0, "warning": 1, "note": 2}, return_dtype=pl.Int8)
    )
    return Finding.cast(
        findings.sort(rank, "code", "table", "file", "row", "column", "found", nulls_last=True, maintain_order=True)
    )


Row = dict[str, object]


def _say(code: str, table: str, column: str | None, examples: pl.Series) -> Iterator[Row]:
    """One finding for all examples; none if there are none."""
    if examples.len() == 0:
        return
    what = CHECKS[code]
    shown = examples.cast(pl.String).unique().sort().head(SHOWN).to_list()
    more = examples.n_unique() - len(shown)
    yield {
        "code": code,
        "severity": what.severity,
        "table": table,
        "file": None,
        "row": None,
        "column": column,
        "found": ", ".join(map(str, shown)) + (f" (+{more})" if more else ""),
        "wanted_en": what.en,
        "wanted_nl": what.nl,
        "rows": examples.len(),
    }


def codes_besides(table: str, column: str) -> list[str]:
    """Codes that a column may hold besides those of the register it refers to: all, and for a fence a group of
    sectors.
    """
    free = [ALL] if table in ("scenario", "policy_rule", "fence") else []
    return [*free, *GROUPS] if (table, column) == ("fence", "sector") else free


def _references(world: Inputs, policy: Policy) -> Iterator[Row]:
    for tables, schemas in ((world, INPUTS), (policy, POLICY)):
        for name, schema in schemas.items():
            table: pl.DataFrame = getattr(tables, name)
            for column, spec in schema.columns().items():
                register = (spec.metadata or {}).get("refers")
                if register:
                    known = getattr(world, register)[register]
                    lost = (
                        table[column]
                        .drop_nulls()
                        .filter(~table[column].drop_nulls().is_in([*known, *codes_besides(name, column)]))
                    )
                    yield from _say("REF-01", name, column, lost)
            if name in schema.primary_key():
                yield from _say("REF-02", name, name, table[name].filter(table[name] == ALL))


def _regions(world: Inputs) -> Iterator[Row]:
    if UNKNOWN not in world.region["region"]:
        yield from _say("REG-01", "region", "region", pl.Series([UNKNOWN]))
    off = (
        world.region_share.group_by("from_region").agg(pl.col("share").sum()).filter((pl.col("share") - 1).abs() > 1e-6)
    )
    yield from _say(
        "REG-02",
        "region_share",
        "share",
        off.select(pl.format("{}: {}", "from_region", pl.col("share").round(4))).to_series(),
    )


def _needs(world: Inputs, policy: Policy) -> Iterator[Row]:
    on_list = listed(policy, world.today)["need"]
    yield from _say(
        "NEED-01",
        "norm",
        "need",
        on_list.filter(~on_list.is_in(policy.in_force("norm", world.today)["need"].implode())),
    )
    accepted = policy.in_force("acceptance", world.today)["need"]
    yield from _say("NEED-02", "acceptance", "need", on_list.filter(~on_list.is_in(accepted.implode())))
    asked = world.request["need"]
    yield from _say("NEED-03", "request", "need", asked.filter(~asked.is_in(on_list.implode())))


def _sites(world: Inputs) -> Iterator[Row]:
    places = world.site.filter(pl.col("kind") == "care")
    known = world.activity.filter(pl.col("units").is_not_null())["site"].unique()
    blind = places.filter(pl.col("size").is_null() & ~pl.col("site").is_in(known.implode()))
    yield from _say("SITE-01", "site", "size", blind["site"])
    yield from _say(
        "SITE-02", "site", "size_confirmed_by", places.filter(pl.col("size_confirmed_by") == "applicant")["site"]
    )


def _times(world: Inputs) -> Iterator[Row]:
    for name in ("stock", "use", "delivery", "activity", "indicator"):
        table: pl.DataFrame = getattr(world, name)
        early = table.filter(pl.col("day") > pl.col("known_at").dt.date())
        yield from _say("TIME-01", name, "day", early.select(pl.col("day").cast(pl.String)).to_series())


def _stock(world: Inputs, policy: Policy) -> Iterator[Row]:
    last = world.stock.filter(pl.col("pieces").is_not_null()).group_by("site").agg(pl.col("day").max())
    edge = world.today - dt.timedelta(days=int(policy.number("stale_after_days", world.today)))
    yield from _say("STOCK-01", "stock", "day", last.filter(pl.col("day") < edge)["site"])
    accepted = policy.in_force("acceptance", world.today)["product"]
    lost = world.stock.filter(
        (pl.col("pieces") > 0) & (pl.col("status") == "approved") & ~pl.col("product").is_in(accepted.implode())
    )
    yield from _say("STOCK-03", "stock", "product", lost["product"])


def _inbound(world: Inputs) -> Iterator[Row]:
    due = world.inbound.filter(still_to_come())
    yield from _say("INBOUND-01", "inbound", "expected", due.filter(pl.col("expected") < world.today)["order"])
    yield from _say("INBOUND-02", "inbound", "expected", due.filter(pl.col("expected").is_null())["order"])


def _indicators(world: Inputs) -> Iterator[Row]:
    seen = (
        world.indicator.filter(pl.col("value").is_not_null())
        .group_by("indicator", "region")
        .agg(first=pl.col("day").min(), last=pl.col("day").max(), days=pl.col("day").n_unique())
    )
    gaps = seen.filter((pl.col("last") - pl.col("first")).dt.total_days() + 1 > pl.col("days"))
    yield from _say(
        "INDICATOR-01", "indicator", "day", gaps.select(pl.format("{} {}", "indicator", "region")).to_series()
    )


def _judgements(world: Inputs, policy: Policy) -> Iterator[Row]:
    scope = policy.in_force("scope", world.today)
    idle = scope.filter((pl.col("state") == "listed") & (pl.col("action") == "none"))
    yield from _say("SCOPE-01", "scope", "action", idle["need"])
    ended = policy.verdict.filter(pl.col("valid_to") < world.today)["need"]
    holds = policy.in_force("verdict", world.today)["need"]
    yield from _say("VERDICT-01", "verdict", "valid_to", ended.filter(~ended.is_in(holds.implode())))


def _rules(policy: Policy, day: dt.date) -> Iterator[Row]:
    rows = policy.policy_rule
    yield from _say("POLICY-01", "policy_rule", "rule", rows["rule"].filter(~rows["rule"].is_in(list(RULES))))
    limits = pl.DataFrame(
        [{"rule": n, "least": float(r.least), "most": float(r.most), "is_word": r.is_word} for n, r in RULES.items()]
    )
    known = rows.join(limits, on="rule")
    wrong = known.filter(
        (pl.col("is_word") != pl.col("word").is_not_null()) | ~pl.col("value").is_between("least", "most")
    )
    yield from _say("POLICY-02", "policy_rule", "value", wrong.select(pl.format("{}: {}", "rule", "value")).to_series())
    words = {name: rule.words for name, rule in RULES.items() if rule.is_word}
    strange = [
        f"{rule}: {word}"
        for rule, word in rows.select("rule", "word").iter_rows()
        if word and word not in words.get(rule, [word])
    ]
    yield from _say("POLICY-02", "policy_rule", "word", pl.Series(strange, dtype=pl.String))
    asked = rows.filter((pl.col("rule") == "forecast_members") & (pl.col("word") == "all"))["rule"]
    yield from _say(
        "POLICY-05", "policy_rule", "word", asked.filter(pl.Series([not installed()] * asked.len(), dtype=pl.Boolean))
    )
    yield from _say(
        "POLICY-03",
        "policy_rule",
        "rule",
        rows.filter((pl.col("set_by") == "dijk") & (pl.col("how") == "assumed"))["rule"],
    )
    in_force = policy.in_force("policy_rule", day).filter(pl.all_horizontal(pl.col("need", "sector", "region") == ALL))[
        "rule"
    ]
    yield from _say(
        "POLICY-04",
        "policy_rule",
        "valid_to",
        pl.Series([n for n in RULES if n not in in_force.to_list()], dtype=pl.String),
    )
