"""Every example in a docstring is run."""

import doctest
import importlib
import pkgutil
from types import ModuleType

import pytest

import dijk

NAMES = sorted(module.name for module in pkgutil.walk_packages(dijk.__path__, "dijk.") if "__main__" not in module.name)
ROUNDED = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


def examples(module: ModuleType) -> list[doctest.DocTest]:
    return [found for found in doctest.DocTestFinder().find(module) if found.examples]


@pytest.mark.parametrize("name", NAMES)
def test_the_examples_of_a_module_say_what_comes_out(name):
    for found in examples(importlib.import_module(name)):
        said: list[str] = []
        outcome = doctest.DocTestRunner(optionflags=ROUNDED).run(found, out=said.append)
        assert outcome.failed == 0, "".join(said)


def test_the_forecast_shows_at_least_ten():
    modules = [importlib.import_module(name) for name in NAMES if name.startswith("dijk.forecast.")]
    assert sum(len(examples(module)) for module in modules) >= 10
