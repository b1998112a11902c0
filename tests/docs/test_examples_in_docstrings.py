"""Every example in a docstring is run."""

import ast
import doctest
import importlib
import pkgutil
from types import ModuleType
from typing import Any

import pytest

import country_once
import dijk
from dijk.example import AS_OF
from dijk.inputs import Inputs
from dijk.policy import Policy
from dijk.present import present

NAMES = sorted(module.name for module in pkgutil.walk_packages(dijk.__path__, "dijk.") if "__main__" not in module.name)
ROUNDED = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


def examples(module: ModuleType) -> list[doctest.DocTest]:
    return [found for found in doctest.DocTestFinder().find(module) if found.examples]


def of_the_country(found: doctest.DocTest) -> bool:
    """Whether it names what ``country`` gives and it does not make itself."""
    trees = [ast.parse(one.source) for one in found.examples]
    names = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Name)]
    of_its_own = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    return not {"tables", "now", "made"}.isdisjoint({node.id for node in names} - of_its_own)


def country() -> dict[str, Any]:
    """The names that the docstring of ``dijk.example`` promises."""
    tables = country_once.tables()
    now = present(Inputs.of(tables, as_of=AS_OF).known(), Policy.of(tables).known(AS_OF))
    return {"tables": tables, "now": now, "made": country_once.plan()}


def says_what_comes_out(found: doctest.DocTest) -> None:
    said: list[str] = []
    outcome = doctest.DocTestRunner(optionflags=ROUNDED).run(found, out=said.append)
    assert outcome.failed == 0, "".join(said)


@pytest.mark.parametrize("name", NAMES)
def test_the_examples_of_a_module_say_what_comes_out(name):
    for found in examples(importlib.import_module(name)):
        if not of_the_country(found):
            says_what_comes_out(found)


@pytest.mark.slow
def test_the_examples_on_the_example_country_say_what_comes_out():
    given = country()
    of_it = [found for name in NAMES for found in examples(importlib.import_module(name)) if of_the_country(found)]
    assert len(of_it) >= 10
    for found in of_it:
        found.globs |= given
        says_what_comes_out(found)


def test_the_forecast_shows_at_least_ten():
    modules = [importlib.import_module(name) for name in NAMES if name.startswith("dijk.forecast.")]
    assert sum(len(examples(module)) for module in modules) >= 10
