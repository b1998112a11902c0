"""Units and choices are closed lists, each in English and Dutch."""

import dataframely as dy
import pytest

from dijk.policy import RULES, Rule
from dijk.tables import EFFECT, ON_DISK, RESULTS
from dijk.tables import columns as c

COLUMNS = [column for schema in (ON_DISK | RESULTS | EFFECT).values() for column in schema.columns().values()]


@pytest.mark.parametrize("make", [c.whole, c.number])
def test_a_column_with_an_unknown_unit_is_refused(make):
    assert c.unit_of(make("packs", "Packs.", "dozen: verpakkingen")) == "packs"
    with pytest.raises(ValueError, match="'boxes' is no unit"):
        make("boxes", "Packs.", "dozen: verpakkingen")


def test_a_rule_with_an_unknown_unit_is_refused():
    assert Rule("days", 0, 1, 1, "Days.", "Dagen.").unit == "days"
    with pytest.raises(ValueError, match="'dayz' is no unit"):
        Rule("dayz", 0, 1, 1, "Days.", "Dagen.")


def test_every_unit_is_one_of_the_register_and_each_of_the_register_is_used():
    used = {c.unit_of(column) for column in COLUMNS} | {rule.unit for rule in RULES.values()}
    assert used - {""} == set(c.UNITS)
    assert all(c.UNITS.values())


@pytest.mark.parametrize("said", ["", (), ("doos", "")])
def test_a_choice_without_a_dutch_word_is_refused(said):
    with pytest.raises(ValueError, match="no Dutch word for pack"):
        c.choice({"each": "los", "pack": said}, "What.", "wat")


def test_every_choice_of_every_table_has_a_dutch_word():
    closed = [column for column in COLUMNS if isinstance(column, dy.Enum)]
    assert [list(c.choices_in_dutch(column)) for column in closed] == [
        list(column.dtype.categories) for column in closed
    ]
