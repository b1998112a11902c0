"""Each table has its field in what carries it: a new one is told once here, not by a key that every test misses."""

from collections.abc import Iterable
from dataclasses import fields

import pytest

from dijk.effect import Effect
from dijk.inputs import KEPT_APART, Inputs
from dijk.planned import Plan
from dijk.policy import Policy
from dijk.tables import EFFECT, INPUTS, POLICY, PUBLISHED, RESULTS

ASIDE = {"as_of", *KEPT_APART}
"""What the inputs carry that is no table of a folder: the moment, and what was told before."""


@pytest.mark.parametrize(
    ("carrier", "tables"),
    [(Plan, RESULTS), (Policy, POLICY), (Inputs, INPUTS | PUBLISHED), (Effect, EFFECT)],
)
def test_each_table_of_the_register_is_a_field_and_each_field_such_a_table(carrier: type, tables: Iterable[str]):
    """Otherwise: the registers stand in ``dijk/tables/__init__.py``, the fields in the class."""
    assert ({one.name for one in fields(carrier)} - ASIDE) ^ set(tables) == set()
