"""How many random examples a property is held against: few in every run of the tests, more in `run.py test --long`."""

from hypothesis import settings

LONG = "dijk-long"
"""The profile that ``tests/conftest.py`` loads where the long tests run too."""


USUAL = 50
"""Examples of a property that says nothing of how many; among the long tests it is held against a hundred."""


def examples(few: int, *, long: int) -> settings:
    """For a property of which each example takes long: a whole country is divided, or a file is written and read."""
    return settings(max_examples=long if long_too() else few)


def long_too() -> bool:
    """Whether the long tests run as well."""
    return settings.get_current_profile_name() == LONG
