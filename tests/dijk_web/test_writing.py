"""Acts are numbered in the order in which they are committed, moments never fall, and rows are only added."""

import datetime as dt
import os
import subprocess
import sys
import time
from itertools import pairwise
from typing import Any
from unittest import mock

import polars as pl
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from dijk_web import chain, clock
from dijk_web.actions.writing import AlreadyDone, as_table, writing
from dijk_web.bridge import dataset_until, rows_until
from dijk_web.models import Act, Person, Site, Stock

NOON = dt.datetime(2020, 4, 27, 12, tzinfo=dt.UTC)


def planner() -> Person:
    return Person(code="p1", role="planner", name="Pim", email="pim@example.org")


def a_count(pieces: int | None = 60, **other: Any) -> dict[str, Any]:
    return {
        "source": "telling",
        "how": "counted",
        "pieces": pieces,
        "site": "s1",
        "product": "gown-50",
        "lot": "-",
        "status": "approved",
        "day": dt.date(2020, 4, 27),
        **other,
    }


def tell(pieces: int | None = 60, at: dt.datetime = NOON, once: str | None = None, **other: Any) -> int:
    with (
        mock.patch.object(clock, "now", return_value=at),
        writing("stock_told", by=planner(), about="site:s1", once=once) as act,
    ):
        act.tell("stock", [a_count(pieces, **other)])
    return act.number


def test_acts_are_numbered_and_their_rows_carry_the_number(db: None) -> None:
    numbers = [tell(60), tell(50, at=NOON + dt.timedelta(minutes=1))]
    assert numbers == [1, 2]
    assert list(Stock.objects.order_by("id").values_list("act", "pieces")) == [(1, 60), (2, 50)]
    assert list(Act.objects.order_by("number").values_list("number", "by", "role", "name", "about")) == [
        (1, "p1", "planner", "stock_told", "site:s1"),
        (2, "p1", "planner", "stock_told", "site:s1"),
    ]


def test_a_moment_never_falls_when_the_clock_does(db: None) -> None:
    tell(60)
    tell(50, at=NOON - dt.timedelta(hours=1), lot="b")
    assert Act.objects.get(number=2).known_at == NOON


def test_a_key_told_twice_in_a_second_moves_the_pen_one_second_on(db: None) -> None:
    tell(60)
    tell(50)
    tell(40)
    moments = list(Stock.objects.order_by("act").values_list("known_at", flat=True))
    assert moments == [NOON, NOON + dt.timedelta(seconds=1), NOON + dt.timedelta(seconds=2)]
    assert list(Act.objects.order_by("number").values_list("known_at", flat=True)) == moments


def test_another_key_in_the_same_second_stays_in_it(db: None) -> None:
    tell(60)
    tell(50, lot="b")
    assert set(Stock.objects.values_list("known_at", flat=True)) == {NOON}


def test_a_form_that_is_sent_twice_is_one_act(db: None) -> None:
    tell(60, once="key-of-the-form")
    with pytest.raises(AlreadyDone) as done:
        tell(60, once="key-of-the-form")
    assert done.value.act.number == 1
    assert Stock.objects.count() == Act.objects.count() == 1


def test_an_act_that_fails_leaves_nothing(db: None) -> None:
    def failing() -> None:
        with writing("stock_told", by=planner(), about="site:s1") as act:
            act.tell("stock", [a_count()])
            raise ValueError("broken off")

    with pytest.raises(ValueError, match="broken off"):
        failing()
    assert Stock.objects.count() == Act.objects.count() == 0
    assert tell() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"pieces": -1},
        {"pieces": 10**12 + 1},
        {"how": "guessed"},
        {"site": ""},
        {"pieces": None},
        {"reason": "refused"},
        {"day": dt.date(1999, 1, 1)},
    ],
    ids=str,
)
def test_the_database_refuses_what_the_table_does_not_allow(db: None, wrong: dict[str, Any]) -> None:
    row = {"act": 1, "known_at": NOON, **a_count(), **wrong}
    row |= {"site_id": row.pop("site"), "product_id": row.pop("product")}
    with pytest.raises(IntegrityError), transaction.atomic():
        Stock.objects.create(**row)


REFUSED = [
    "UPDATE told_stock SET pieces = 1",
    "DELETE FROM told_stock",
    "UPDATE act SET reason = 'x'",
    "DELETE FROM act",
    "DELETE FROM pen",
]


def test_rows_that_were_told_can_be_neither_changed_nor_taken_away(db: None) -> None:
    tell()
    copied = "site, product, lot, status, day, expires_on, checked_by, pieces, known_at, source, how, reason"
    own = {
        "sqlite": [f"INSERT OR REPLACE INTO told_stock (id, act, {copied}) SELECT id, act, {copied} FROM told_stock"],
        "postgresql": ["TRUNCATE told_stock", "TRUNCATE act"],
    }
    for statement in REFUSED + own[connection.vendor]:
        with pytest.raises(DatabaseError, match="only added"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert Stock.objects.get().pieces == 60


def a_site(name: str) -> dict[str, Any]:
    return {
        "source": "register",
        "site": "s1",
        "organisation": "o1",
        "name": name,
        "kind": "care",
        "sector": "hospital",
        "region": "north",
    }


def test_a_projection_says_what_was_told_last(tower: Any) -> None:
    for name in ("Noord", "Noorder"):
        with writing("site_told", by=planner(), about="site:s1") as act:
            act.tell("site", [a_site(name)])
    with writing("site_told", by=planner(), about="site:s1") as act:
        old = rows_until("site").drop("act").head(1)
        long_ago = pl.lit(NOON).cast(old.schema["known_at"])
        act.take_in("site", old.with_columns(name=pl.lit("Oud"), known_at=long_ago))
    assert Site.objects.get().name == "Noorder"
    assert chain.projections_that_differ() == {}


def test_of_a_code_told_twice_in_an_act_the_moment_counts_and_not_the_order_of_rows(tower: Any) -> None:
    later = as_table("site", [a_site("Noorder")], NOON - dt.timedelta(days=1))
    earlier = as_table("site", [a_site("Noord")], NOON - dt.timedelta(days=2))
    with writing("dataset_taken_in", by=planner(), about="dataset") as act:
        act.take_in("site", pl.concat([later, earlier]))
    assert Site.objects.get().name == "Noorder"
    assert chain.projections_that_differ() == {}
    assert chain.write_projections_anew()["site"] == 1
    assert Site.objects.get().name == "Noorder" and chain.projections_that_differ() == {}


def unguarded(statement: str) -> None:
    """A change behind the triggers, as an intruder with the rights of the owner makes it."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER told_stock_no_update")
            cursor.execute("DROP TRIGGER told_stock_no_delete")
            cursor.execute("DROP TRIGGER act_no_update")
        else:
            cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE told_stock SET pieces = 61 WHERE act = 2", chain.Broken(2, "rows_differ", "stock", there=1, added=1)),
        ("DELETE FROM told_stock WHERE act = 2", chain.Broken(2, "rows_missing", "stock", there=0, added=1)),
        ("UPDATE act SET reason = 'other' WHERE number = 2", chain.Broken(2, "line_differs")),
    ],
)
def test_a_row_changed_behind_the_triggers_is_found_with_its_act(
    tower: Any, statement: str, found: chain.Broken
) -> None:
    for pieces in (60, 50, 40):
        tell(pieces)
    assert chain.broken_acts() == []
    unguarded(statement)
    assert chain.broken_acts()[0] == found


def test_what_commits_after_an_act_is_not_in_its_dataset_even_when_it_speaks_of_before(tower: Any) -> None:
    number = tell(60)
    then = dataset_until(number)
    with writing("past_taken_in", by=planner(), about="dataset:past") as act:
        early = pl.lit(NOON - dt.timedelta(days=9)).cast(pl.Datetime("us", "UTC"))
        old = rows_until("stock").drop("act").with_columns(lot=pl.lit("old"))
        act.take_in("stock", old.with_columns(known_at=early.cast(old.schema["known_at"])))
    assert Stock.objects.count() == 2
    again = dataset_until(number)
    assert again.keys() == then.keys() == {"stock"}
    assert again["stock"].equals(then["stock"]) and then["stock"].height == 1


WRITER = """
import os, sys, django
django.setup()
from django.db import connections
connections.settings["default"]["NAME"] = sys.argv[1]
from dijk_web.actions.writing import writing
from dijk_web.models import Person
by = Person(code=sys.argv[2], role="planner", name="x", email="x@example.org")
for turn in range(int(sys.argv[3])):
    with writing("stock_told", by=by, about="site:s1") as act:
        act.tell("stock", [{"source": "t", "how": "counted", "pieces": turn, "site": "s1", "product": "p", "lot": "-",
                            "status": "approved", "day": __import__("datetime").date(2020, 4, 27)}])
"""


def a_writer(name: str, code: str, turns: int) -> subprocess.Popen[bytes]:
    """A process that writes without a pause."""
    places = os.pathsep.join(path for path in sys.path if path)  # where the settings of the tests lie
    command = [sys.executable, "-c", WRITER, name, code, str(turns)]
    return subprocess.Popen(command, env=os.environ | {"PYTHONPATH": places})


@pytest.mark.slow
@pytest.mark.parametrize("processes", [3, pytest.param(8, marks=pytest.mark.long)])
def test_acts_by_processes_side_by_side_give_rising_numbers_and_moments_that_never_fall(
    tower: Any, processes: int
) -> None:
    name, acts = str(tower["NAME"]), 25 * processes
    writers = [a_writer(name, f"p{number}", 25) for number in range(processes)]
    assert [writer.wait(timeout=120) for writer in writers] == [0] * processes
    lines = list(Act.objects.order_by("number").values_list("number", "known_at", "by"))
    assert [number for number, *_ in lines] == list(range(1, acts + 1))
    assert [moment for _, moment, _ in lines] == sorted(moment for _, moment, _ in lines)
    assert sum(one != other for (*_, one), (*_, other) in pairwise(lines)) >= processes, "they took no turns"
    assert list(Stock.objects.order_by("id").values_list("act", flat=True)) == list(range(1, acts + 1))
    assert chain.broken_acts() == []


@pytest.mark.slow
def test_beside_a_process_that_writes_without_a_pause_everybody_gets_a_turn(tower: Any) -> None:
    other = a_writer(str(tower["NAME"]), "other", 1_000_000)
    try:
        while not Act.objects.exists():
            time.sleep(0.1)
        numbers = [tell() for _ in range(20)]
    finally:
        other.kill()
        other.wait()
    waited = [after - before for before, after in pairwise(numbers)]
    assert max(waited) > 1, "the other did not write meanwhile"
    assert sorted(waited)[10] <= 4
