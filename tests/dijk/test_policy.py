"""A rule for one need, sector or region is felt in what a plan says, or refused: there is no third way, but for a rule
that only the web application reads.
"""

from typing import Any

import polars as pl
import pytest

from dijk.check import check
from dijk.inputs import Inputs
from dijk.plan import plan
from dijk.policy import EVERYWHERE, RULES, Policy
from dijk.policy.between_plans import BETWEEN_PLANS
from dijk.report import About, Text
from dijk.report.chapters.situation import judged
from dijk.report.story import story
from dijk.tables import POLICY
from short_country import FAST, country
from small import AS_OF, TODAY, ago, at, registers, rows, rule

NAMED = {"need": "mask", "sector": "home", "region": "north"}
OTHER: dict[str, float | str] = {
    "cap_days": 4,
    "floor_days": 6,
    "buffer_share": 0.5,
    "urgent_reserve_share": 0.5,
    "urgent_answer_minutes": 15,
    "confirm_within_hours": 4,
    "region_checks_from": "early",
    "silence_means": "hold",
    "assume_received_days": 2,
    "quarantine_days": 0,
    "level_band_days": 0,
    "silent_cover_days": 1,
    "stale_after_days": 60,
    "count_margin": 100,
    "absurd_times_norm": 1e6,
    "double_within_days": 30,
    "reuse_stage": "crisis",
    "scarce_below_days": 365,
    "scarce_until_days": 365,
    "scarce_above_chance": 1,
    "early_below_days": 365,
    "early_until_days": 365,
    "known_share_least": 1,
    "early_above_chance": 1,
    "hysteresis_chance": 1,
    "lateness_median_days": 300,
    "late_share": 1,
    "cancel_share": 0.9,
    "reject_share": 0.9,
    "drift_alarm": 0.01,
    "buy_cover_weeks": 3,
    "buy_stance": 0.3,
    "handling_cents_per_pack": 900,
}
"""Another value than the one that each rule starts from."""

OF_THE_WEB = {*BETWEEN_PLANS}
"""Rules of what people do between plans: no plan reads them, and the policy says so."""


def beyond(name: str) -> dict[str, pl.DataFrame]:
    """What the country needs besides for a rule to have a say: the other threshold out of the way, or an earlier run."""
    plenty = rows(
        "stock", {"site": "store", "day": ago(1), "pieces": 3000}, {"site": "home-1", "day": ago(1), "pieces": 900}
    )
    was = {
        "since": ago(30),
        "computed": "scarce",
        "effective": "scarce",
        "known_at": at(ago(7)),
        "action": "buying",
        "alarm": False,
    }
    was |= {"evidence_en": "x", "evidence_nl": "y"}
    if name in ("scarce_until_days", "early_until_days", "hysteresis_chance"):
        return {"past_regime": rows("past_regime", was), "stock": plenty}
    if name in ("scarce_below_days", "early_below_days"):
        return {"stock": plenty}
    if name == "region_checks_from":
        return {"stock": plenty, "policy_rule": rule("early_below_days", 365)}
    if name.endswith("above_chance"):
        aside = [rule(f"{kind}_{edge}_days", 0) for kind in ("scarce", "early") for edge in ("below", "until")]
        aside += [rule("cap_days", 365)]  # no chance is judged of a sector that may not hold so long
        aside += [rule("scarce_above_chance", 1)] if name == "early_above_chance" else []
        return {"policy_rule": pl.concat(aside), "inbound": rows("inbound")}
    if name == "handling_cents_per_pack":
        wider = {
            "sector": "all",
            "need": "all",
            "driver": "all",
            "starts_on": ago(0),
            "ramp_days": 0,
            "in_curve": "none",
        }
        return {"scenario": rows("scenario", wider | {"norm_factor": 2.0, "driver_factor": 1.0})}
    if name == "quarantine_days":
        waiting = {"site": "hub", "day": ago(1), "pieces": 60, "status": "quarantine"}
        return {"stock": rows("stock", {"site": "store", "day": ago(1), "pieces": 120}, waiting)}
    if name == "level_band_days":
        level = {"known_at": at(ago(7)), "holder": "warehouse", "region": "all", "fence": "all"}
        level |= {"reach": "part", "level_days": 0.5}
        level |= {"supply_pieces": 10, "awarded_pieces": 10, "claims": 3, "tie_seed": 1}
        return {"past_level": rows("past_level", level)}
    return {}


def said(tables: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """All that a plan says, and the tones of the picture in its report."""
    inputs, policy = Inputs.of(tables, as_of=AS_OF), Policy.of(tables)
    made = plan(inputs, policy, seed=1)
    about = About(Text("t", "t"), AS_OF, 1, "0", "sha256:0", "run")
    return made.tables() | {"picture": judged(story(inputs, policy, made, about=about))}


def row(name: str, axis: str) -> pl.DataFrame:
    """A rule set anew for one need, sector or region."""
    other = OTHER.get(name, RULES[name].most)
    value: dict[str, Any] = {"value": None, "word": other} if isinstance(other, str) else {"value": other}
    return rule(name, **({"value": None} | value | {axis: NAMED[axis]}))


def pairs(*, allowed: bool) -> list[tuple[str, str]]:
    return [(name, axis) for name, one in RULES.items() for axis in EVERYWHERE if (axis in one.per) == allowed]


def test_every_rule_that_is_set_for_some_has_another_value_here():
    assert set(OTHER) == {name for name, one in RULES.items() if one.per}


BEFORE: list[tuple[dict[str, pl.DataFrame], dict[str, pl.DataFrame]]] = []
"""Worlds without a rule that is set for anyone apart, each with what a plan says of it."""


def before(tables: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """What a plan says before the rule is set for anyone apart; most rules begin from the same world."""
    for world, told in BEFORE:
        if world.keys() == tables.keys() and all(world[name].equals(table) for name, table in tables.items()):
            return told
    BEFORE.append((tables, said(tables)))
    return BEFORE[-1][1]


def tables_for(name: str) -> dict[str, pl.DataFrame]:
    more = beyond(name)
    rules = pl.concat([FAST, more.get("policy_rule", rows("policy_rule"))])
    return country() | more | {"policy_rule": rules}


def felt() -> list[Any]:
    """Each rule with each axis that it may be set on; all but one axis of a rule, another from rule to rule, are long."""
    found: list[Any] = []
    rules = [(name, one) for name, one in RULES.items() if one.per and name not in OF_THE_WEB]
    for turn, (name, one) in enumerate(rules):
        often = one.per[turn % len(one.per)]
        found += [pytest.param(name, axis, marks=() if axis == often else pytest.mark.long) for axis in one.per]
    return found


@pytest.mark.slow
@pytest.mark.parametrize(("name", "axis"), felt())
def test_a_rule_is_felt_on_each_axis_that_it_may_be_set_on(name, axis):
    tables = tables_for(name)
    after = said(tables | {"policy_rule": pl.concat([tables["policy_rule"], row(name, axis)])})
    differ = [table for table, was in before(tables).items() if not was.equals(after[table])]
    assert differ not in ([], ["finding"])


@pytest.mark.slow
def test_rules_that_no_plan_reads_say_so_and_change_no_plan():
    tables = tables_for("urgent_answer_minutes")
    others = pl.concat(row(name, RULES[name].per[0]) for name in sorted(OF_THE_WEB) if RULES[name].per)
    after = said(tables | {"policy_rule": pl.concat([tables["policy_rule"], others])})
    assert [table for table, was in before(tables).items() if not was.equals(after[table])] in ([], ["finding"])
    for name in OF_THE_WEB:
        assert "No plan reads it." in RULES[name].en and "Geen plan leest dit." in RULES[name].nl


@pytest.mark.slow
def test_a_rule_for_all_alike_is_read_by_a_step(monkeypatch):
    """Otherwise: no step asks for it, and whatever a person sets it to, nothing comes of it."""
    read: set[str] = set()
    for way in ("number", "word"):
        ask = getattr(Policy, way)
        monkeypatch.setattr(Policy, way, lambda self, rule, day, ask=ask: read.add(rule) or ask(self, rule, day))
    said(country() | {"policy_rule": FAST})
    assert {name for name, one in RULES.items() if not one.per} - read == OF_THE_WEB - {*OTHER}


def test_a_rule_on_another_axis_is_refused_and_says_where_it_may_be_set():
    narrow = [rule(name, **start_of(name) | {axis: NAMED[axis]}) for name, axis in pairs(allowed=False)]
    tables = country() | {"policy_rule": pl.concat(narrow)}
    inputs = Inputs.of(tables, as_of=AS_OF).known()
    found = check(inputs, Policy.of(tables).known(AS_OF)).filter(pl.col("code") == "POLICY-06")
    said = {(row["column"], row["found"]): row for row in found.iter_rows(named=True)}
    assert set(said) == {(axis, f"{name}: {axis} {NAMED[axis]}") for name, axis in pairs(allowed=False)}
    for name, axis in pairs(allowed=False):
        one = said[axis, f"{name}: {axis} {NAMED[axis]}"]
        assert one["severity"] == "error"
        assert all(allowed in one["wanted_en"] for allowed in RULES[name].per or ("for all only",)), name


def start_of(name: str) -> dict[str, Any]:
    """The value or word that a rule starts from; members of the forecast without what must be installed first."""
    start = "own" if name == "forecast_members" else RULES[name].start
    return {"value": None, "word": start} if isinstance(start, str) else {"value": float(start)}


def test_a_step_that_would_overlook_an_axis_cannot_read_the_rule():
    policy = Policy.of(registers()).known(AS_OF)
    with pytest.raises(ValueError, match="ask for its numbers"):
        policy.number("cap_days", TODAY)
    with pytest.raises(ValueError, match="have only"):
        policy.numbers("cap_days", TODAY, pl.DataFrame({"need": ["mask"]}))


def test_the_most_specific_row_counts_region_before_sector_before_need():
    given = [rule("cap_days", 1), rule("cap_days", 2, need="mask"), rule("cap_days", 3, sector="home")]
    given += [rule("cap_days", 4, need="mask", sector="home"), rule("cap_days", 5, region="north")]
    policy = Policy.of(registers() | {"policy_rule": pl.concat(given)}).known(AS_OF)
    cells = [("x", "x", "x"), ("mask", "x", "x"), ("x", "home", "x"), ("mask", "home", "x"), ("mask", "home", "north")]
    asked = pl.DataFrame(cells, schema=list(EVERYWHERE), orient="row")
    assert policy.numbers("cap_days", TODAY, asked).to_list() == [1, 2, 3, 4, 5]


def test_a_row_for_some_alone_counts_for_nobody_else_where_it_is_the_only_one_in_force():
    ended = rule("cap_days", 9.0, valid_from=ago(9), valid_to=ago(1))
    policy = Policy.of({"policy_rule": pl.concat([rule("cap_days", 4.0, need="gown"), ended])})
    cells = pl.DataFrame({"need": ["gown", "mask"], "sector": "home", "region": "north"})
    assert policy.numbers("cap_days", TODAY, cells).to_list() == [4.0, None]


def test_a_rule_holds_on_its_own_days_though_another_day_was_asked_before():
    rows_of_two = pl.concat([rule("cap_days", 4.0), rule("cap_days", 6.0).with_columns(valid_from=pl.lit(TODAY))])
    policy = Policy.of({"policy_rule": rows_of_two})
    cells = pl.DataFrame({"need": ["gown"], "sector": "home", "region": "north"})
    asked = [policy.numbers("cap_days", day, cells).item() for day in (ago(1), TODAY, ago(1))]
    assert asked == [4.0, 6.0, 4.0]


def in_force_with(told: pl.DataFrame, *proposed: dict[str, Any]) -> list[tuple[float, object]]:
    """What holds today of the cap for all once these rows are proposed beside what was told: value and first day."""
    everyone = {"rule": "cap_days", "need": "all", "sector": "all", "region": "all"}
    policy = Policy.of({"policy_rule": told})
    policy = policy.with_proposed({"policy_rule": rows("policy_rule", *(everyone | one for one in proposed))}, AS_OF)
    assert not policy.policy_rule.select(POLICY["policy_rule"].primary_key()).is_duplicated().any()
    held = policy.known(AS_OF).in_force("policy_rule", TODAY).filter(pl.col("rule") == "cap_days")
    return held.select("value", "valid_from").rows()


@pytest.mark.parametrize(
    ("proposed", "held"),
    [
        ([{"value": 7.0, "valid_from": ago(3)}], (7, ago(3))),
        ([{"value": 7.0, "valid_from": ago(-3)}], (7, TODAY)),
        ([{"value": 7.0, "valid_from": ago(20)}], (9, ago(10))),
        ([{"value": 7.0, "valid_from": ago(3), "valid_to": ago(1)}], (9, ago(10))),
        ([{"value": 7.0, "valid_from": ago(10)}], (7, ago(10))),
        ([{"value": 9.0, "valid_from": ago(10), "valid_to": ago(11)}], (8, ago(30))),
        ([{"value": 7.0, "valid_from": ago(-3), "valid_to": ago(-2)}], (9, ago(10))),
        ([{"value": 7.0, "valid_from": ago(-9)}, {"value": 6.0, "valid_from": ago(-3)}], (6, TODAY)),
        ([{"value": 7.0, "valid_from": ago(-9)}, {"value": 6.0, "valid_from": ago(3)}], (6, ago(3))),
        ([{"value": 7.0, "valid_from": ago(3)}, {"value": 6.0, "valid_from": ago(3), "known_at": AS_OF}], (6, ago(3))),
        ([{"value": 7.0, "valid_from": ago(3), "known_at": at(ago(-9))}], (7, ago(3))),
    ],
    ids=[
        "begun",
        "begins later: as begun today",
        "another that began later goes before it",
        "ended",
        "of the same first day: in its place",
        "takes back the row of its first day",
        "takes back a row to come: nothing begins",
        "two to come: the first",
        "one holds: what comes after it waits",
        "of the same key the last told",
        "told later: as told now",
    ],
)
def test_proposed_rows_hold_as_they_say_and_what_begins_later_begins_today(proposed, held):
    told = [rule("cap_days", value, valid_from=ago(n), known_at=AS_OF) for value, n in ((8.0, 30), (9.0, 10))]
    assert in_force_with(pl.concat(told), *proposed) == [held]


def test_a_rule_that_is_proposed_where_nobody_set_it_leaves_no_starting_row_as_none_would_be_had_it_been_told():
    proposed = rule("cap_days", 7.0, known_at=AS_OF)
    with_it = Policy.of({}).with_proposed({"policy_rule": proposed}, AS_OF).policy_rule
    assert with_it.sort(with_it.columns).equals(
        (told := Policy.of({"policy_rule": proposed}).policy_rule).sort(told.columns)
    )
    for_some = Policy.of({}).with_proposed({"policy_rule": rule("cap_days", 7.0, need="mask")}, AS_OF)
    assert for_some.usual("cap_days", TODAY) == 10


@pytest.mark.parametrize("known_at", [AS_OF, at(ago(-3))], ids=["known now", "known later"])
def test_a_rule_that_begins_later_leaves_no_day_without_a_value(known_at):
    """Until then it is as it starts; and what becomes known later does not take that away."""
    later = rule("cap_days", 7, valid_from=ago(-4), known_at=known_at)
    policy = Policy.of({"policy_rule": later}).known(AS_OF)
    assert policy.usual("cap_days", TODAY) == RULES["cap_days"].start
    assert policy.usual("cap_days", ago(-4)) == (7 if known_at == AS_OF else RULES["cap_days"].start)


def test_of_a_rule_that_has_ended_nothing_holds_until_it_is_decided_anew():
    ended = rule("cap_days", 7, valid_from=ago(9), valid_to=ago(1))
    policy = Policy.of({"policy_rule": ended}).known(AS_OF)
    assert "cap_days" not in policy.in_force("policy_rule", TODAY)["rule"].to_list()
