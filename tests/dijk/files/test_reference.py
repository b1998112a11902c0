"""The reference pages and the words of the files are complete and up to date."""

import runpy
from pathlib import Path

import dataframely as dy
import pytest

import dijk
from dijk.check.codes import CODES, ON_READING, PLAUSIBLE, SERIES, STEPS, TABLES
from dijk.files.rules import RULES_SAID
from dijk.files.words import TABLES_NL, choices_of, headings_of, plain, table_named
from dijk.tables import ON_DISK
from dijk.tables.columns import choices_in_dutch

DOCS = Path(__file__).resolve().parents[3] / "docs"


@pytest.mark.parametrize("page", ["tables.md", "findings.md"])
def test_the_reference_pages_are_those_of_the_code(page):
    """Otherwise: ``python docs/generate.py``."""
    write = runpy.run_path(str(DOCS / "generate.py"))["PAGES"][page]
    assert (DOCS / "reference" / page).read_text(encoding="utf-8") == write()


def test_every_table_has_a_dutch_name_and_answers_to_both():
    for table in ON_DISK:
        assert table_named(table) == table_named(TABLES_NL[table]) == table


def test_every_heading_is_known_in_both_languages_and_means_one_column():
    for table, schema in ON_DISK.items():
        known = headings_of(table)
        dutch = [plain(column.metadata["nl"]) for column in schema.columns().values()]
        assert len(set(dutch)) == len(dutch), table
        for name, label in zip(schema.column_names(), dutch, strict=True):
            assert known[name] == known[label] == name


def test_every_choice_has_a_dutch_word_that_reads_back():
    for table, schema in ON_DISK.items():
        for name, column in schema.columns().items():
            if isinstance(column, dy.Enum):
                known, dutch = choices_of(table, name), choices_in_dutch(column)
                assert list(dutch) == list(column.dtype.categories)
                assert all(known[plain(word)] == option for option, words in dutch.items() for word in words)


def test_every_rule_of_a_table_is_said_in_words():
    for table, schema in ON_DISK.items():
        rules = {
            rule for rule in schema._validation_rules(with_cast=False) if "|" not in rule and rule != "primary_key"
        }
        assert rules <= set(RULES_SAID), table


def test_no_code_has_two_meanings():
    assert len(CODES) == len([*ON_READING, *TABLES, *PLAUSIBLE, *STEPS, *SERIES])
    for said in CODES.values():
        assert said.severity in ("error", "warning", "note")
        assert said.title != said.titel
        assert said.en != said.nl or said.en == "{rule}"


def test_every_code_is_given_somewhere():
    """Otherwise: nothing asks for it by ``CODES["..."]``, and what it warns of is found by nobody."""
    register = Path(dijk.__file__).parent / "check" / "codes"
    modules = [path for path in Path(dijk.__file__).parent.rglob("*.py") if register not in path.parents]
    source = "\n".join(path.read_text(encoding="utf-8") for path in modules)
    assert [code for code in CODES if f'"{code}"' not in source] == []
