"""What must hold between tables, as findings. An error stops the plan, a warning wants a person's reason, a note
informs.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping

import polars as pl

from dijk.check.codes import CODES
from dijk.check.findings import BadInput, Row, as_table, by_row, together, worst_first
from dijk.check.plausible import check_all_rows, doubts, doubts_of
from dijk.check.plausible.seen import Seen
from dijk.check.series import odd_series
from dijk.check.told import Told
from dijk.inputs import OWN_WORD, Inputs
from dijk.policy import EVERYWHERE, EXTRAS, RULES, Policy, Rule, listed, served_need
from dijk.tables import ALL, INPUTS, POLICY, UNKNOWN
from dijk.tables.facts import still_to_come
from dijk.tables.registers import GROUPS

__all__ = ["BadInput", "check", "check_all_rows", "check_told", "worst_first"]


def check(world: Inputs, policy: Policy) -> pl.DataFrame:
    """All findings on what is known at ``as_of``, worst first: one row per code, table and column, with examples.

    Examples
    --------
    >>> nothing = Inputs.of({}, as_of=dt.datetime(2020, 4, 27, tzinfo=dt.UTC))
    >>> check(nothing, Policy.of({})).select("code", "severity", "found").row(0)
    ('REG-01', 'error', 'unknown')
    """
    found = [
        *_references({name: getattr(world if name in INPUTS else policy, name) for name in INPUTS | POLICY}, world),
        *_regions(world),
        *_listed(world, policy),
        *_asked_off_list(world, policy),
        *_held_off_list(world, policy),
        *_sites(world),
        *_checks(world),
        *_times(world),
        *_stale(world, policy),
        *_unaccepted(world, policy),
        *_inbound(world, policy),
        *_indicators(world),
        *odd_series(world),
        *_judgements(world, policy),
        *_rules(policy, world.today),
        *doubts(world, policy),
    ]
    return as_table(found)


def check_told(new: Mapping[str, pl.DataFrame], world: Inputs, policy: Policy) -> pl.DataFrame:
    """All findings of `check` and `check_all_rows` on rows that somebody tells, and on these rows alone, worst first.

    They are held against the registers and against what is known of the same sites, of sites of the same sector and
    region, of the same lots and requests. So what is far off among those like it nearby is found; `check` holds a value
    against all of the nation, and may doubt one more or one less. Not looked at is what only a whole world shows: what
    is stale or missing, and series of indicators.

    Parameters
    ----------
    new
        Rows of registers and facts (``INPUTS``) by table, valid by their schema; a row counts before a known one with
        the same key.
    world, policy
        As known now. It is enough that the world has the registers and the facts named above.

    Examples
    --------
    A count of today at a site of the example country (see `dijk.example`), in an article that nobody knows:

    >>> count = now.world.stock.filter(site="S00001").head(1).with_columns(product=pl.lit("P-iir_2"))
    >>> found = check_told({"stock": count}, now.world, now.policy)
    >>> found.filter(severity="error").select("code", "column", "found").rows()
    [('REF-01', 'product', 'P-iir_2')]
    """
    told = Told.of(new, world)
    found = [
        *_references(told.rows, told.among),
        *(row for table, part in OF_ROWS if table in told.rows for row in part(told.alone, policy)),
        *_checks(told.alone),
        *_times(told.alone),
        *doubts_of(told.keys, Seen(told.among, policy), Seen(told.every, policy)),
    ]
    return as_table(found)


def codes_besides(table: str, column: str) -> list[str]:
    """Codes that a column may hold besides those of the register it refers to: all, and for a fence a group of
    sectors.
    """
    free = [ALL] if table in ("scenario", "policy_rule", "fence", "mandate", "policy_text") else []
    return [*free, *GROUPS] if (table, column) == ("fence", "sector") else free


AXES = {"need": ("need", "behoefte"), "sector": ("sector", "sector"), "region": ("region", "regio")}


def per(rule: Rule) -> tuple[str, str]:
    """On what a rule may be set, in English and Dutch."""
    if not rule.per:
        return "for all only", "alleen voor alles"
    named = [AXES[axis] for axis in rule.per]
    en, nl = (", ".join(names) for names in zip(*named, strict=True))
    return f"per {en}", f"per {nl}"


def _references(tables: Mapping[str, pl.DataFrame], world: Inputs) -> Iterator[Row]:
    for name, table in tables.items():
        schema = (INPUTS | POLICY)[name]
        for column, spec in schema.columns().items():
            register = (spec.metadata or {}).get("refers")
            if register and table.height:
                known = getattr(world, register)[register]
                lost = table.filter(~pl.col(column).is_in([*known, *codes_besides(name, column)]))
                yield from together(CODES["REF-01"], name, column, by_row(name, lost, column))
        if name in schema.primary_key():
            yield from together(CODES["REF-02"], name, name, by_row(name, table.filter(pl.col(name) == ALL), name))


def _regions(world: Inputs) -> Iterator[Row]:
    if UNKNOWN not in world.region["region"]:
        yield from together(CODES["REG-01"], "region", "region", pl.Series([UNKNOWN]))
    off = (
        world.region_share.group_by("from_region").agg(pl.col("share").sum()).filter((pl.col("share") - 1).abs() > 1e-6)
    )
    yield from together(
        CODES["REG-02"],
        "region_share",
        "share",
        by_row("region_share", off, pl.format("{}: {}", "from_region", pl.col("share").round(4))),
    )


def _listed(world: Inputs, policy: Policy) -> Iterator[Row]:
    on_list = listed(policy, world.today)["need"]
    yield from together(
        CODES["NEED-01"],
        "norm",
        "need",
        on_list.filter(~on_list.is_in(policy.in_force("norm", world.today)["need"].implode())),
    )
    accepted = policy.in_force("acceptance", world.today)["need"]
    yield from together(CODES["NEED-02"], "acceptance", "need", on_list.filter(~on_list.is_in(accepted.implode())))


def _asked_off_list(world: Inputs, policy: Policy) -> Iterator[Row]:
    on_list = listed(policy, world.today)["need"]
    asked = world.request.filter(~pl.col("need").is_in(on_list.implode()))
    yield from together(CODES["NEED-03"], "request", "need", by_row("request", asked, "need"))


def _held_off_list(world: Inputs, policy: Policy) -> Iterator[Row]:
    on_list = listed(policy, world.today)["need"]
    held = world.stock.filter(pl.col("pieces") > 0).join(served_need(policy, world.today), on="product")
    off_list = held.filter(~pl.col("need").is_in(on_list.implode()))
    yield from together(CODES["NEED-04"], "stock", "product", by_row("stock", off_list, "product"))


def _sites(world: Inputs) -> Iterator[Row]:
    places = world.site.filter(pl.col("kind") == "care")
    known = world.activity.filter(pl.col("units").is_not_null())["site"].unique()
    blind = places.filter(pl.col("size").is_null() & ~pl.col("site").is_in(known.implode()))
    yield from together(CODES["SITE-01"], "site", "size", by_row("site", blind, "site"))
    others_have = pl.col("size").is_not_null().any().over("sector")
    unsized = pl.col("size_confirmed_by").is_null() & pl.col("sector").is_not_null() & others_have
    own_word = places.filter(OWN_WORD | unsized)
    yield from together(CODES["SITE-02"], "site", "size_confirmed_by", by_row("site", own_word, "site"))


def _checks(world: Inputs) -> Iterator[Row]:
    """Who checks a figure of a site is somebody else than the site and its organisation, by code or by name."""
    for name in ("stock", "activity", "request"):
        table: pl.DataFrame = getattr(world, name)
        checked = table.filter(pl.col("checked_by").is_not_null())
        if checked.height:
            checked = checked.join(_called(world, checked["site"]), on="site")
            by_itself = checked.filter(_plain(pl.col("checked_by")).is_in("itself"))
            examples = by_row(name, by_itself, pl.format("{}: {}", "site", "checked_by"))
            yield from together(CODES["CHECK-01"], name, "checked_by", examples)


def _called(world: Inputs, sites: pl.Series) -> pl.DataFrame:
    """How some sites and their organisations are called, by code and by name: site, itself."""
    named = world.organisation.select("organisation", organisation_name="name")
    some = world.site.filter(pl.col("site").is_in(sites.unique().implode()))
    return some.join(named, on="organisation", how="left").select(
        "site",
        itself=pl.concat_list("site", "name", "organisation", "organisation_name").list.eval(_plain(pl.element())),
    )


def _plain(text: pl.Expr) -> pl.Expr:
    """A name without case, spaces and signs."""
    return text.str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]", "")


def _times(world: Inputs) -> Iterator[Row]:
    for name in ("stock", "use", "delivery", "activity", "indicator"):
        table: pl.DataFrame = getattr(world, name)
        early = table.filter(pl.col("day") > pl.col("known_at").dt.date())
        yield from together(CODES["TIME-01"], name, "day", by_row(name, early, pl.col("day").cast(pl.String)))


def _stale(world: Inputs, policy: Policy) -> Iterator[Row]:
    counted = world.stock.filter(pl.col("pieces").is_not_null())
    counted = counted.join(served_need(policy, world.today), on="product").join(world.site, on="site")
    last = counted.filter(pl.col("day") == pl.col("day").max().over("site", "need"))
    old = (pl.lit(world.today) - pl.col("day")).dt.total_days() > policy.numbers("stale_after_days", world.today, last)
    yield from together(CODES["STOCK-01"], "stock", "day", by_row("stock", last.filter(old), "site"))


def _unaccepted(world: Inputs, policy: Policy) -> Iterator[Row]:
    """Goods that could be given out, and that no need accepts."""
    accepted = policy.in_force("acceptance", world.today)["product"]
    lost = world.stock.filter(
        (pl.col("pieces") > 0) & (pl.col("status") == "approved") & ~pl.col("product").is_in(accepted.implode())
    ).filter(pl.col("product").is_in(world.product["product"].implode()))
    yield from together(CODES["STOCK-03"], "stock", "product", by_row("stock", lost, "product"))


def _inbound(world: Inputs, _policy: Policy) -> Iterator[Row]:
    due = world.inbound.filter(still_to_come())
    late, undated = due.filter(pl.col("expected") < world.today), due.filter(pl.col("expected").is_null())
    yield from together(CODES["INBOUND-01"], "inbound", "expected", by_row("inbound", late, "order"))
    yield from together(CODES["INBOUND-02"], "inbound", "expected", by_row("inbound", undated, "order"))


OF_ROWS: tuple[tuple[str, Callable[[Inputs, Policy], Iterator[Row]]], ...] = (
    ("request", _asked_off_list),
    ("stock", _held_off_list),
    ("stock", _unaccepted),
    ("inbound", _inbound),
)
"""Checks that look at each row of a table by itself, beside the registers and the policy."""


def _indicators(world: Inputs) -> Iterator[Row]:
    seen = (
        world.indicator.filter(pl.col("value").is_not_null())
        .group_by("indicator", "region")
        .agg(first=pl.col("day").min(), last=pl.col("day").max(), days=pl.col("day").n_unique())
    )
    gaps = seen.filter((pl.col("last") - pl.col("first")).dt.total_days() + 1 > pl.col("days"))
    gaps = gaps.rename({"last": "day"})
    yield from together(
        CODES["INDICATOR-01"], "indicator", "day", by_row("indicator", gaps, pl.format("{} {}", "indicator", "region"))
    )


def _judgements(world: Inputs, policy: Policy) -> Iterator[Row]:
    scope = policy.in_force("scope", world.today)
    idle = scope.filter((pl.col("state") == "listed") & (pl.col("action") == "none"))
    yield from together(CODES["SCOPE-01"], "scope", "action", by_row("scope", idle, "need"))
    holds = policy.in_force("verdict", world.today)["need"]
    ended = policy.verdict.filter((pl.col("valid_to") < world.today) & ~pl.col("need").is_in(holds.implode()))
    yield from together(CODES["VERDICT-01"], "verdict", "valid_to", by_row("verdict", ended, "need"))
    for name in ("norm", "scope", "acceptance"):
        ready = policy.in_force(name, world.today).filter((pl.col("set_by") == "dijk") & (pl.col("how") == "assumed"))
        yield from together(CODES["POLICY-07"], name, "set_by", by_row(name, ready, "need"))


def _rules(policy: Policy, day: dt.date) -> Iterator[Row]:
    rows = policy.policy_rule
    unheard = rows.filter(~pl.col("rule").is_in(list(RULES)))
    yield from together(CODES["POLICY-01"], "policy_rule", "rule", by_row("policy_rule", unheard, "rule"))
    limits = pl.DataFrame(
        [{"rule": n, "least": float(r.least), "most": float(r.most), "is_word": r.is_word} for n, r in RULES.items()]
    )
    known = rows.join(limits, on="rule")
    wrong = known.filter(
        (pl.col("is_word") != pl.col("word").is_not_null()) | ~pl.col("value").is_between("least", "most")
    )
    yield from together(
        CODES["POLICY-02"], "policy_rule", "value", by_row("policy_rule", wrong, pl.format("{}: {}", "rule", "value"))
    )
    words = {name: rule.words for name, rule in RULES.items() if rule.is_word}
    is_strange = [bool(word) and word not in words.get(rule, [word]) for rule, word in rows["rule", "word"].iter_rows()]
    strange = rows.filter(pl.Series(is_strange, dtype=pl.Boolean))
    yield from together(
        CODES["POLICY-02"], "policy_rule", "word", by_row("policy_rule", strange, pl.format("{}: {}", "rule", "word"))
    )
    for name, said in RULES.items():
        odd = rows.filter(pl.col("rule") == name)
        for axis in (axis for axis in EVERYWHERE if axis not in said.per):
            where = pl.format("{}: {} {}", "rule", pl.lit(axis), axis)
            narrow = by_row("policy_rule", odd.filter(pl.col(axis) != ALL), where)
            yield from together(CODES["POLICY-06"], "policy_rule", axis, narrow, rule=name, per=per(said))
    for (name, word), extra in EXTRAS.items():
        asked = rows.filter((pl.col("rule") == name) & (pl.col("word") == word) & (not extra.installed))
        needs = {"package": extra.package, "install": extra.install}
        yield from together(CODES["POLICY-05"], "policy_rule", "word", by_row("policy_rule", asked, "rule"), **needs)
    assumed = rows.filter((pl.col("set_by") == "dijk") & (pl.col("how") == "assumed"))
    yield from together(CODES["POLICY-03"], "policy_rule", "rule", by_row("policy_rule", assumed, "rule"))
    in_force = policy.in_force("policy_rule", day).filter(pl.all_horizontal(pl.col("need", "sector", "region") == ALL))[
        "rule"
    ]
    yield from together(
        CODES["POLICY-04"],
        "policy_rule",
        "valid_to",
        pl.Series([n for n in RULES if n not in in_force.to_list()], dtype=pl.String),
    )
