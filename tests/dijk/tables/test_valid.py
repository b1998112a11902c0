"""A form is held against its table as a whole file is: the quick way says what the slow one says."""

import datetime as dt

import dataframely as dy
import polars as pl
import pytest

import country_once
from dijk.tables import ON_DISK, empty, valid

GOOD = {
    "known_at": dt.datetime(2020, 4, 27, tzinfo=dt.UTC),
    "source": "site",
    "how": "counted",
    "site": "s",
    "request": "r",
    "need": "gown",
    "day": dt.date(2020, 4, 27),
    "pieces": 50,
    "urgent": False,
}
WRONG = {
    "a limit": {"pieces": -1},
    "a length": {"source": "x" * 301},
    "nothing where something must be": {"day": None},
    "a rule across columns": {"reason": "refused"},
    "an empty code": {"site": ""},
}


def requests(*rows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=empty("request").schema)


@pytest.mark.parametrize("table", ON_DISK)
def test_what_the_example_holds_is_valid_both_ways(table: str) -> None:
    rows = country_once.tables().get(table, empty(table)).head(200)
    assert valid(table, rows).equals(ON_DISK[table].validate(rows))


@pytest.mark.parametrize("wrong", WRONG)
def test_a_row_that_breaks_something_is_refused_in_the_same_words(wrong: str) -> None:
    rows = requests(GOOD, GOOD | {"request": "r2"} | WRONG[wrong])
    with pytest.raises(dy.exc.ValidationError) as slow:
        ON_DISK["request"].validate(rows)
    with pytest.raises(dy.exc.ValidationError) as quick:
        valid("request", rows)
    assert str(quick.value) == str(slow.value)


def test_a_key_that_is_there_twice_and_a_column_that_is_missing_are_refused() -> None:
    with pytest.raises(dy.exc.ValidationError):
        valid("request", requests(GOOD, GOOD))
    with pytest.raises(dy.exc.SchemaError):
        valid("request", requests(GOOD).drop("urgent"))
    assert valid("request", requests(GOOD)).height == 1
