"""Faults of meaning, planted at random in a country: one way of planting for each way of holding against.

A planter takes the tables, the check and a random generator, and gives what changes: the table and its new rows.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl

from dijk.check.plausible import HeldAgainst, days, judged, ledger, ratios, twins
from dijk.check.plausible.seen import Seen
from dijk.example import AS_OF
from dijk.inputs import Inputs
from dijk.known import as_known
from dijk.policy import Policy
from dijk.tables import ON_DISK

Tables = dict[str, pl.DataFrame]
Row = dict[str, Any]
Planter = Callable[[Tables, HeldAgainst, np.random.Generator], Tables]

FACTORS = (7.0, 10.0, 12.0, 100.0, 1000.0)
"""By which a value is off: those of units that people mistake for each other."""

TODAY = AS_OF.date()
JUST_NOW = AS_OF - dt.timedelta(seconds=1)
NUMBERED = {"delivery": "delivery", "request": "request", "inbound": "order"}
DAY = dt.timedelta(days=1)


def plant(tables: Tables, check: HeldAgainst, random: np.random.Generator) -> Tables:
    """The tables with one fault of the kind that the check is for."""
    return tables | PLANTERS[check.by](tables, check, random)


def known(tables: Tables, table: str) -> pl.DataFrame:
    return as_known(tables[table], ON_DISK[table], AS_OF)


def any_row(rows: pl.DataFrame, random: np.random.Generator) -> Row:
    return rows.row(int(random.integers(rows.height)), named=True)


def added(tables: Tables, table: str, row: Row, *, at: dt.datetime = JUST_NOW) -> Tables:
    """With a row that became known just now, in place of the one with the same key."""
    schema = ON_DISK[table]
    new = pl.DataFrame([row | {"known_at": at}], schema=tables[table].schema, orient="row")
    return {table: pl.concat([tables[table], schema.validate(new, cast=True)])}


def slip_of(random: np.random.Generator, beyond: float = 1) -> float:
    """A factor of a unit, beyond what is within the ordinary spread."""
    return float(random.choice([factor for factor in FACTORS if factor > beyond]))


def off(row: Row, column: str, random: np.random.Generator, *, beyond: float = 1) -> Row:
    """The row with a value that is many times off, as another unit would have it; whole pieces stay whole."""
    by = slip_of(random, beyond)
    kind, most = type(row[column]), float(most_of(column))
    more = bool(random.integers(2)) or (kind is int and row[column] < by)
    more = more and row[column] * by <= most
    new: Row = {column: max(kind(row[column] * by if more else row[column] / by), kind is int)}
    if "low" in row and column == "mid":
        share = new["mid"] / row["mid"]
        new |= {"low": min(row["low"] * share, new["mid"]), "high": min(max(row["high"] * share, new["mid"]), most)}
    return row | new


def most_of(column: str) -> float:
    """The most that a column of this name may hold, in the table that allows the least."""
    kinds = [kind for schema in ON_DISK.values() for name, kind in schema.columns().items() if name == column]
    return min(float(kind.max) for kind in kinds if kind.dtype.is_numeric())  # type: ignore[attr-defined]


def valued(rows: pl.DataFrame, column: str, floor: float | str = 0) -> pl.DataFrame:
    """Rows with a value that can be seven times less and still be a whole number, and that matters to the check."""
    least = 7 if rows.schema[column].is_integer() else 1e-3
    return rows.filter(pl.col(column) >= (least if isinstance(floor, str) else max(least, floor)))


def scaled(tables: Tables, check: HeldAgainst, random: np.random.Generator) -> Tables:
    rows = valued(known(tables, check.table), check.column, check.floor)
    rows = rows.filter(pl.col(check.other) > 0) if check.other in rows.columns else rows
    if check.by is ratios.days_of_norm_use:  # where care is given: a warehouse has no use by norm
        rows = rows.join(known(tables, "site").drop_nulls("sector"), on="site", how="semi", maintain_order="left")
    return added(tables, check.table, off(any_row(rows, random), check.column, random, beyond=check.factor))


def scaled_among_peers(tables: Tables, check: HeldAgainst, random: np.random.Generator) -> Tables:
    """As ``scaled``, of a row that has peers: without any, nothing tells what is usual."""
    policy = Policy.of(tables)
    rows = Seen(
        Inputs.of({check.table: known(tables, check.table)} | registers_of(tables), as_of=AS_OF), policy
    ).beside(check.table, check.group)
    peers = rows.filter(pl.col(check.column) > 0, pl.len().over(check.group) > 2)
    one = any_row(valued(peers, check.column, check.floor), random)
    row = {name: one[name] for name in tables[check.table].columns}
    return added(tables, check.table, off(row, check.column, random, beyond=check.factor))


def registers_of(tables: Tables) -> Tables:
    return {name: known(tables, name) for name in ("site", "product", "need")}


def more_than_had(tables: Tables, check: HeldAgainst, random: np.random.Generator) -> Tables:
    """Use that is many times the most that was ever counted at the site of a need."""
    accepted = (
        known(tables, "acceptance").select("product", "need").unique("product", keep="first", maintain_order=True)
    )
    counted = known(tables, "stock").join(accepted, on="product").drop_nulls("pieces").group_by("site", "need", "day")
    had = counted.agg(pl.col("pieces").sum()).group_by("site", "need").agg(had=pl.col("pieces").max())
    used = known(tables, "use").filter(pl.col("pieces") > 0)
    row = any_row(used.join(had.filter(pl.col("had") > 0), on=["site", "need"], maintain_order="left"), random)
    return added(
        tables,
        "use",
        {name: row[name] for name in used.columns} | {"pieces": int(row["had"] * slip_of(random, check.factor))},
    )


def norms_of_a_need(tables: Tables, check: HeldAgainst, random: np.random.Generator) -> Tables:
    """All norms of a need and sector that use was recorded of, in another unit."""
    places = known(tables, "site").select("site", "sector")
    used = known(tables, "use").filter(pl.col("pieces") > 0).join(places, on="site").group_by("need", "sector").len()
    one = any_row(used.filter(pl.col("len") > 3).sort("need", "sector"), random)
    norms = known(tables, "norm").filter((pl.col("need") == one["need"]) & (pl.col("sector") == one["sector"]))
    by, more = float(random.choice(FACTORS)), bool(random.integers(2))
    for row in norms.to_dicts():
        values = {name: min(row[name] * (by if more else 1 / by), 1e5) for name in ("low", "mid", "high")}
        tables = tables | added(tables, "norm", row | values)
    return {"norm": tables["norm"]}


def last_of_its_key(tables: Tables, check: HeldAgainst, random: np.random.Generator) -> Tables:
    """One more row after the last of the same, many times off."""
    time = str(check.time)
    rows = valued(known(tables, check.table), check.column, check.floor).sort(time).unique(check.group, keep="last")
    row = off(any_row(rows.sort(check.group), random), check.column, random)
    return added(tables, check.table, row | {time: row[time] + DAY} | numbered(check.table))


def numbered(table: str) -> Row:
    return {NUMBERED[table]: "planted"} if table in NUMBERED else {}


def higher_count(tables: Tables, check: HeldAgainst, random: np.random.Generator) -> Tables:
    rows = known(tables, "stock").drop_nulls("pieces").filter(pl.col("status") == "approved")
    counts = rows.filter(pl.len().over("site", "product") > 1, pl.col("pieces") >= check.floor).sort("day")
    row = any_row(counts.unique(["site", "product"], keep="last").sort("site", "product"), random)
    return added(tables, "stock", row | {"pieces": int(row["pieces"] * slip_of(random, check.factor))})


def more_than_ordered(tables: Tables, check: HeldAgainst, random: np.random.Generator) -> Tables:
    row = any_row(known(tables, check.table).drop_nulls(["pieces", str(check.other), check.column]), random)
    return added(tables, check.table, row | {check.column: row[str(check.other)] * 2 + 1})


def more_than_there(tables: Tables, check: HeldAgainst, random: np.random.Generator) -> Tables:
    """A delivery of so many times what was asked, or what was counted of the lot where it came from."""
    rows = known(tables, "delivery").drop_nulls("pieces")
    stock = (
        known(tables, "stock")
        .group_by("site", "product", "lot")
        .agg(there=pl.col("pieces").max(), first=pl.col("day").min())
    )
    asked = known(tables, "request").drop_nulls("pieces").select("request", there="pieces")
    lot = ["product", "lot"]
    held = rows.join(stock, left_on=["from_site", *lot], right_on=["site", *lot]).filter(
        pl.col("day") >= pl.col("first")
    )
    found = held if check.by is ledger.no_more_sent_than_held else rows.join(asked, on="request")
    row = any_row(found.filter(pl.col("there") > 7).sort("delivery"), random)
    sent = {"pieces": int(row["there"] * random.choice(FACTORS))}
    return added(tables, "delivery", {name: row[name] for name in rows.columns} | sent)


def beyond_reckoning(tables: Tables, check: HeldAgainst, random: np.random.Generator) -> Tables:
    row = any_row(known(tables, check.table).drop_nulls(check.column), random)
    return added(tables, check.table, row | {check.column: type(row[check.column])(check.factor * 5)})


def part_received(tables: Tables, check: HeldAgainst, random: np.random.Generator) -> Tables:
    row = any_row(known(tables, "inbound").filter(pl.col("pieces") > 10), random)
    return added(tables, "inbound", row | {"state": "received", "received_pieces": row["pieces"] // 2})


def other_code(tables: Tables, check: HeldAgainst, random: np.random.Generator) -> Tables:
    """Another code of the same register where two rows should have the same."""
    naming = str(check.other or check.column)
    rows = known(tables, check.table).drop_nulls([naming, check.column])
    row = any_row(rows, random)
    others = known(tables, check.column).filter(pl.col(check.column) != row[check.column])[check.column]
    return added(tables, check.table, row | {check.column: others[int(random.integers(len(others)))]})


def no_such_request(tables: Tables, check: HeldAgainst, random: np.random.Generator) -> Tables:
    return added(tables, check.table, any_row(known(tables, check.table), random) | {check.column: "A9999999"})


def to_care(tables: Tables, check: HeldAgainst, random: np.random.Generator) -> Tables:
    care = any_row(known(tables, "site").filter(pl.col("kind") == "care"), random)["site"]
    return added(tables, check.table, any_row(known(tables, check.table), random) | {check.column: care})


def to_itself(tables: Tables, check: HeldAgainst, random: np.random.Generator) -> Tables:
    row = any_row(known(tables, "delivery"), random)
    return added(tables, "delivery", row | {"from_site": row["site"]})


def other_in_lot(tables: Tables, check: HeldAgainst, random: np.random.Generator) -> Tables:
    """Another article, or another status, for one more row of a lot."""
    rows = known(tables, "stock").filter((pl.col("lot") != "-") & (pl.col("pieces") > 0))
    row = any_row(rows, random)
    other = {"status": "blocked" if row["status"] != "blocked" else "approved"}
    if check.column == "product":
        other = {
            "product": any_row(known(tables, "product").filter(pl.col("product") != row["product"]), random)["product"]
        }
    pieces = row["pieces"] + (check.by is ledger.alike_in_lot)
    return added(tables, "stock", row | other | {"pieces": pieces})


def keeps_for_ever(tables: Tables, check: HeldAgainst, random: np.random.Generator) -> Tables:
    row = any_row(known(tables, "stock").drop_nulls("expires_on"), random)
    return added(tables, "stock", row | {"expires_on": row["expires_on"].replace(year=2060, day=1)})


def twice(tables: Tables, check: HeldAgainst, random: np.random.Generator) -> Tables:
    """The same row under another key, its name a letter otherwise."""
    given = [name for name in check.group if name in tables[check.table].columns]
    rows = known(tables, check.table).drop_nulls(given)
    if check.table == "product":
        rows = rows.join(known(tables, "acceptance"), on="product", how="semi", maintain_order="left")
    row = any_row(rows.filter(pl.col("pieces") > 0) if "pieces" in rows.columns else rows, random)
    code = {"inbound": "order"}.get(check.table, check.table)
    name = {check.other: misspelt(row[check.other], random)} if check.other else {}
    day = {check.time: row[check.time] + DAY * int(random.integers(3))} if check.time else {}
    planted = added(tables, check.table, row | {code: "planted"} | name | day)
    if "need" in check.group and check.table == "product":
        accepted = known(tables, "acceptance").filter(pl.col("product") == row["product"]).row(0, named=True)
        planted |= added(tables, "acceptance", accepted | {"product": "planted", "preference": 2})
    return planted


def misspelt(name: str, random: np.random.Generator) -> str:
    """A name without one of its letters."""
    at = int(random.choice([place for place, sign in enumerate(name) if sign.isalpha()]))
    return name[:at] + name[at + 1 :]


def day_set(days_off: Callable[[Row, np.random.Generator], dt.date]) -> Planter:
    """A row of which the day is another."""

    def set_day(tables: Tables, check: HeldAgainst, random: np.random.Generator) -> Tables:
        rows = known(tables, check.table)
        named = [name for name in (check.other,) if name in rows.columns]
        row = any_row(rows.drop_nulls([*named, *(["request"] if check.by is days.before_request else [])]), random)
        return added(tables, check.table, row | {check.column: days_off(row, random)} | numbered_anew(check))

    return set_day


def numbered_anew(check: HeldAgainst) -> Row:
    """A judgement that is withdrawn has an earlier row with its key; this one should have none."""
    return {"valid_from": dt.date(2020, 4, 1)} if check.by is days.too_early else {}


def turned(tables: Tables, check: HeldAgainst, random: np.random.Generator) -> Tables:
    """A row known on a day whose day and month can change places, with that done."""
    fits = (pl.col("day").dt.day() <= 12) & (pl.col("day").dt.day() != pl.col("day").dt.month())
    today = (pl.col("known_at").dt.date() - pl.col("day")).dt.total_days() <= 3
    rows = known(tables, check.table).filter(today)
    rows = rows if rows.filter(fits).is_empty() else rows.filter(fits)
    row = any_row(rows, random)
    day = row["day"] if row["day"].day <= 12 else row["day"].replace(day=int(random.choice([5, 6, 7, 8])))
    at = dt.datetime.combine(day, dt.time(20), tzinfo=dt.UTC)
    return added(tables, check.table, row | {"day": day.replace(month=day.day, day=day.month)}, at=at)


def overlapping(tables: Tables, check: HeldAgainst, random: np.random.Generator) -> Tables:
    row = any_row(known(tables, "use").drop_nulls("pieces"), random)
    return added(tables, "use", row | {"day": row["day"] - DAY * int(random.integers(1, 7))})


def closed(tables: Tables, check: HeldAgainst, random: np.random.Generator) -> Tables:
    """The end of a region that has sites, or of a need that is still ordered or delivered."""
    if check.other == "region":
        used = known(tables, "site")["region"].unique()
        row = any_row(known(tables, "region").filter(pl.col("region").is_in(used.implode())), random)
        return added(tables, "region", row | {"valid_to": TODAY - DAY * 9})
    products = known(tables, check.table).filter(pl.col("day") > TODAY - DAY * 15)["product"].unique()
    needs = known(tables, "acceptance").filter(pl.col("product").is_in(products.implode()))["need"].unique()
    scope = known(tables, "scope").filter(pl.col("need").is_in(needs.implode()))
    return added(tables, "scope", any_row(scope, random) | {"state": "closed", "valid_from": TODAY - DAY * 20})


def promised_too_much(tables: Tables, check: HeldAgainst, random: np.random.Generator) -> Tables:
    row = any_row(known(tables, "fence"), random)
    return added(tables, "fence", row | {"fence": "planted", "sector": "cure", "share": 0.75})


def for_the_same(tables: Tables, check: HeldAgainst, random: np.random.Generator) -> Tables:
    return added(tables, "fence", any_row(known(tables, "fence"), random) | {"fence": "planted", "share": 0.2})


def still_open(tables: Tables, check: HeldAgainst, random: np.random.Generator) -> Tables:
    """One more row of the same, from a later day, while the one before still holds."""
    row = any_row(
        known(tables, check.table).filter(pl.col("valid_to").is_null() | (pl.col("valid_to") >= TODAY)), random
    )
    return added(tables, check.table, row | {"valid_from": TODAY - DAY * int(random.integers(1, 5))})


def far_from_start(tables: Tables, check: HeldAgainst, random: np.random.Generator) -> Tables:
    row = any_row(known(tables, "policy_rule").filter(pl.col("value") > 0), random)
    return added(tables, "policy_rule", off(row, "value", random))


def accepted_twice(tables: Tables, check: HeldAgainst, random: np.random.Generator) -> Tables:
    row = any_row(
        known(tables, "acceptance").filter((pl.col("preference") == 1) & pl.col("valid_to").is_null()), random
    )
    others = known(tables, "need").filter(pl.col("need") != row["need"])
    return added(tables, "acceptance", row | {"need": any_row(others, random)["need"]})


def ended_early(tables: Tables, check: HeldAgainst, random: np.random.Generator) -> Tables:
    holds = known(tables, check.table).filter(pl.col("valid_to").is_null() | (pl.col("valid_to") >= TODAY))
    key = [name for name in check.key() if name != "valid_from"]
    row = any_row(holds.filter((pl.len().over(key) == 1) & (pl.col("valid_from") < TODAY - DAY * 3)), random)
    return added(tables, check.table, row | {"valid_to": TODAY - DAY * 2})


def endless(tables: Tables, check: HeldAgainst, random: np.random.Generator) -> Tables:
    row = any_row(known(tables, "verdict").filter(pl.col("valid_to") >= TODAY), random)
    return added(tables, "verdict", row | {"valid_to": random.choice([None, TODAY + DAY * 120])})


def moved_elsewhere(tables: Tables, check: HeldAgainst, random: np.random.Generator) -> Tables:
    rows = known(tables, check.table).drop_nulls(check.column)
    row = any_row(rows, random)
    if check.column == "kind":
        return added(tables, "site", any_row(rows.filter(pl.col("kind") == "care"), random) | {"kind": "outlet"})
    others = [*rows[check.column].cast(pl.String).unique().sort(), *(["pair"] if check.column == "piece" else [])]
    return added(
        tables, check.table, row | {check.column: str(random.choice([v for v in others if v != row[check.column]]))}
    )


def taken_back(tables: Tables, check: HeldAgainst, random: np.random.Generator) -> Tables:
    row = any_row(known(tables, "scope").filter(pl.col("state") == "listed"), random)
    return added(tables, "scope", row | {"state": "proposed", "valid_from": TODAY - DAY})


PLANTERS: dict[Callable[..., pl.DataFrame], Planter] = {
    ratios.past: last_of_its_key,
    ratios.peers: scaled_among_peers,
    ratios.many_peers: scaled_among_peers,
    ratios.days_of_norm_use: scaled,
    ratios.norm_beside_use: norms_of_a_need,
    ratios.no_change: scaled,
    ratios.corrected: scaled,
    ledger.no_more_than_came: higher_count,
    ledger.no_more_used_than_had: more_than_had,
    ledger.no_more_sent_than_held: more_than_there,
    ledger.no_more_than_asked: more_than_there,
    ledger.beside_our_counts: scaled,
    ledger.reckonable: beyond_reckoning,
    ledger.at_most: more_than_ordered,
    ledger.received_in_full: part_received,
    ledger.accepted_for: other_code,
    ledger.agrees_with_request: other_code,
    ledger.names_a_request: no_such_request,
    ledger.holds_for_others: to_care,
    ledger.from_elsewhere: to_itself,
    ledger.alike_in_lot: other_in_lot,
    ledger.counted_once: other_in_lot,
    ledger.keeps_within_shelf_life: keeps_for_ever,
    twins.twins: twice,
    days.ahead: day_set(
        lambda row, random: TODAY + DAY * (400 if "valid_from" in row else int(random.integers(3, 300)))
    ),
    days.long_before: day_set(lambda row, random: TODAY.replace(year=TODAY.year - int(random.integers(2, 9)))),
    days.swapped: turned,
    days.other_weekday: day_set(lambda row, random: row["day"] - DAY * int(random.integers(1, 7))),
    days.before: day_set(
        lambda row, random: row.get("day", row.get("valid_from")) - DAY * int(random.integers(1, 300))
    ),
    days.before_request: day_set(lambda row, random: row["day"].replace(month=1, day=int(random.integers(1, 29)))),
    days.too_early: day_set(lambda row, random: dt.date(2020, 4, 1) - DAY * int(random.integers(1, 200))),
    days.overlaps: overlapping,
    days.of_the_closed: closed,
    judged.promises: promised_too_much,
    judged.side_by_side: for_the_same,
    judged.two_first: accepted_twice,
    judged.still_open: still_open,
    ratios.start: far_from_start,
    judged.ended: ended_early,
    judged.without_end: endless,
    judged.moved: moved_elsewhere,
    judged.went_back: taken_back,
}
"""How a fault is planted for each way of holding against."""
