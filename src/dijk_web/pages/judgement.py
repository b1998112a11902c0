"""A judgement as people read it and fill it in: each column of its table by its name, its choices and its limits."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any

import dataframely as dy
import polars as pl
from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dijk.check import AXES, codes_besides
from dijk.files import heading_of
from dijk.files.numbers import read_numbers
from dijk.files.rules import RULES_SAID
from dijk.files.template import note_of, ordered, unit_said
from dijk.policy import RULES, Rule
from dijk.tables import ALL, ON_DISK
from dijk.tables.columns import HOW, UNITS, choices_in_dutch
from dijk.tables.judgements import SCOPE_STATES
from dijk_web.models import Person
from dijk_web.of_site import moment, policy_now, registers_now
from dijk_web.pages.findings import table_name
from dijk_web.pages.form import SinceForm, date_field, reason_field
from dijk_web.pages.inbound import euros, price_text
from dijk_web.pages.lines import choice_in_words, shown
from dijk_web.pages.told_run import lang
from dijk_web.proposing import OF_WORDS, Row, about_of, key_of, last_judged, may_propose
from dijk_web.signal import CARER, resting_on

GROUND = "ground"
"""The column of a text that the page which was looked at fills in."""

OF_THE_ACT = ("known_at", "set_by", GROUND)
"""Columns that nobody fills in."""

OF_A_REGISTER = (("fence", "sector"), ("fence", "region"))
"""Columns that name a code of a register, or a group of them, and so refer to none."""

OF_MANY_LINES = 200
"""A text that may be longer than this gets a field of several lines."""


def columns_of(table: str) -> list[str]:
    """The columns that a person fills in, what it is about first."""
    return [name for name in ordered(table) if name not in OF_THE_ACT]


def heading(table: str, column: str) -> str:
    """A column as people call it; an amount is shown and typed in euros, whatever it is kept in."""
    if column == "most_cents":
        return _("At most an order")
    return heading_of(table, column, lang()).replace("_", " ").capitalize()


def hint(table: str, column: str) -> str:
    """What a column means, and its unit where the meaning leaves it open."""
    kind = ON_DISK[table].columns()[column]
    unit = unit_said(kind, lang())
    said = note_of(kind, lang())
    return f"{said} ({unit})" if unit and not isinstance(kind, dy.Date) else said


# In words


def called(table: str) -> str:
    """A table of judgements as people call one of its rows."""
    return table_name(table).replace("_", " ")


def exact(value: float) -> str:
    """A number with all its digits, since what is decided is not rounded."""
    return shown(value) if float(value).is_integer() else with_sign(repr(float(value)))


def with_sign(text: str) -> str:
    """A number as Python writes it, with the decimal sign of the language."""
    return text.replace(".", ",") if lang() == "nl" else text


def meaning(rule: str) -> str:
    """What a rule means, in the language of the page."""
    one = RULES.get(rule)
    return "" if one is None else one.nl if lang() == "nl" else one.en


def options_of(table: str, column: str) -> list[tuple[str, str]]:
    """The codes that a column may hold, each with its name; none where it is not closed."""
    if (table, column) == ("policy_rule", "rule"):
        return [(code, f"{code}: {meaning(code)}") for code in RULES]
    kind = ON_DISK[table].columns()[column]
    if isinstance(kind, dy.Enum):
        return [(code, choice_in_words(choices_in_dutch(kind), code)) for code in kind.categories]
    register = (kind.metadata or {}).get("refers") or (column if (table, column) in OF_A_REGISTER else None)
    if register is None:
        return []
    words = {ALL: _("all"), "cure": _("all of cure"), "care": _("all of long-term care"), "other": _("all others")}
    besides = [(code, str(words[code])) for code in codes_besides(table, column)]
    return besides + sorted(names_in(register), key=lambda pair: pair[1].casefold())


def names_in(register: str) -> Iterable[tuple[str, str]]:
    """The codes of a register, each with its name in the language of the page."""
    rows = registers_now()[register]
    name = f"name_{lang()}" if f"name_{lang()}" in rows.columns else "name"
    return rows.select(register, name).rows()


def says(table: str) -> list[str]:
    """The columns in which a judgement says something, beside its key; a rule has its number or word in one of them."""
    return [
        name
        for name in (*columns_of(table), "set_by")
        if name not in key_of(table) and (table, name) != ("policy_rule", "word")
    ]


class Words:
    """The judgements of a page in its language; what a register calls its codes is read once for all of them."""

    def __init__(self) -> None:
        self._names: dict[tuple[str, str], dict[str, str]] = {}

    def of(self, table: str, column: str, value: Any) -> str:
        """A value of a judgement; nothing is a dash."""
        kind = ON_DISK[table].columns()[column]
        if isinstance(kind, dy.Date) and isinstance(value, str):
            value = dt.date.fromisoformat(value)
        if column == "source" and value == "assumed":
            return choice_in_words(HOW, value)
        match value:
            case None | "":
                return "–"
            case dt.date():
                return str(date_format(value, "j F Y"))
            case int() | float():
                return exact(value)
        if (table, column) not in self._names:
            self._names[table, column] = dict(options_of(table, column))
        return self._names[table, column].get(value, value)

    def said(self, table: str, column: str, row: Row) -> str:
        """A value of a row; the number of a rule with its unit."""
        if column == "most_cents":
            return _("no limit") if row[column] is None else euros(row[column])
        if (table, column) != ("policy_rule", "value"):
            return self.of(table, column, row[column])
        if row["value"] is None:
            return row["word"] or "–"
        rule = RULES.get(row["rule"])
        return f"{exact(row['value'])} {unit_of(rule.unit)}" if rule else exact(row["value"])

    def short(self, table: str, column: str, row: Row) -> str:
        """A part of a key in few words: of a rule its code alone."""
        return str(row[column]) if column == "rule" else self.of(table, column, row[column])

    def title(self, table: str, row: Row) -> str:
        """A judgement by its key in few words; what holds for all goes without saying."""
        return ", ".join(self.short(table, name, row) for name in key_of(table) if row[name] != ALL)

    def key(self, table: str, row: Row) -> list[tuple[str, str]]:
        """The parts of its key, each with its heading."""
        return [(heading(table, name), self.of(table, name, row[name])) for name in key_of(table)]

    def lines(self, table: str, row: Row) -> list[tuple[str, str]]:
        """What it says beside its key, as far as the row has it, each with its heading."""
        return [(heading(table, name), self.said(table, name, row)) for name in says(table) if name in row]


# Filled in


class Number(forms.FloatField):
    """A number with a comma or a point before its decimals, and no mark between thousands; one that could be read both
    ways is asked again.
    """

    def to_python(self, value: Any) -> float | None:
        """As typed."""
        if not isinstance(value, str):
            return super().to_python(value)  # type: ignore[no-any-return]
        read = read_numbers(pl.Series([value.strip() or None], dtype=pl.String), None, whole=False, point=None)
        odd = next(iter(read.odd["state"]), None)
        if odd in ("doubt", "mixed"):
            raise ValidationError(_("Is a mark in it for thousands or for decimals? Type 1250, or 1,2500."))
        if odd is not None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(read.value[0])  # type: ignore[no-any-return]

    def prepare_value(self, value: Any) -> Any:
        """As it is to be typed: with all its digits, and in one way to read it."""
        if not isinstance(value, float):
            return value
        text = str(int(value)) if value.is_integer() else repr(value)
        return with_sign(f"{text}0" if re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", text) else text)


class Euros(forms.CharField):
    """An amount of money in euros as people type it, without a mark between thousands; whole cents. None where nothing
    was typed.
    """

    typed = re.compile(r"€?\s*(\d{1,12})(?:[.,](\d{1,2}))?")

    def to_python(self, value: Any) -> int | None:
        """As typed, without a fraction in between."""
        if not (text := str(value or "").strip()):
            return None
        if (found := self.typed.fullmatch(text)) is None:
            raise ValidationError(_("Euros without marks for thousands, such as 250000 or 250000,50."))
        return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))

    def prepare_value(self, value: Any) -> Any:
        """As it is to be typed."""
        return price_text(value) if isinstance(value, int) else value


def field_of(table: str, column: str) -> forms.Field:
    """The field of a column."""
    kind = ON_DISK[table].columns()[column]
    said = {
        "label": heading(table, column),
        "help_text": hint(table, column),
        "required": not kind.nullable,
    }
    if options := options_of(table, column):
        return forms.ChoiceField(choices=[("", "–"), *options], **said)
    if column == "most_cents":
        return Euros(**said | {"help_text": _("In euros; 0 is none of it, and empty is no limit.")})
    match kind:
        case dy.Date():
            return date_field(**said)
        case dy.Int64():
            return forms.IntegerField(min_value=kind.min, max_value=kind.max, **said)
        case dy.Float64():
            return Number(min_value=kind.min, max_value=kind.max, widget=forms.TextInput, **said)
    wide = {"widget": forms.Textarea(attrs={"rows": 3})} if (kind.max_length or 0) > OF_MANY_LINES else {}
    return forms.CharField(max_length=kind.max_length, **wide, **said)


class JudgementForm(SinceForm):
    """A row of a judgement, and why it is proposed. Of one that is there already its key stays as it is."""

    reason = reason_field(gettext_lazy("Why you propose it"))

    def __init__(self, *given: Any, table: str, key: Mapping[str, str] | None, person: Person, **more: Any) -> None:
        super().__init__(*given, **more)
        self.table, self.key, self.person = table, dict(key or {}), person
        for column in columns_of(table):
            if column not in self.key:
                self.fields[column] = field_of(table, column)
        if rule := RULES.get(self.key.get("rule", "")):
            self._only_of(rule)
        if table in OF_WORDS:
            self.fields[GROUND] = forms.CharField(required=False, widget=forms.HiddenInput)
        self.order_fields([*(name for name in self.fields if name != "reason"), "reason"])

    def _only_of(self, rule: Rule) -> None:
        """Ask for what this rule takes: a number within its limits, or one of its words."""
        del self.fields["value" if rule.is_word else "word"]
        if rule.is_word:
            self.fields["word"] = forms.ChoiceField(
                label=heading("policy_rule", "word"), choices=[("", "–"), *((word, word) for word in rule.words)]
            )
            return
        self.fields["value"].required, self.fields["value"].help_text = True, within(rule)

    @property
    def row(self) -> dict[str, Any]:
        """The row, as its table has it."""
        return self.key | {
            name: None if self.cleaned_data.get(name) == "" else self.cleaned_data.get(name)
            for name in (*columns_of(self.table), *([GROUND] if self.table in OF_WORDS else []))
            if name not in self.key
        }

    def clean(self) -> None:
        """What a row must hold to, beside the limits of each column."""
        super().clean()
        if self.errors:
            return
        row = self.row
        if row["valid_from"] < moment().date():
            self.add_error("valid_from", _("A day from today: what held before stands as it was."))
        if row["valid_to"] and row["valid_to"] < row["valid_from"]:
            self.add_error("valid_to", _("A day from the first day on, or none."))
        for column, problem in problems_of(self.table, row):
            self.add_error(column if column in self.fields else None, problem)
        if not self.errors and (now := resting_on(self.table, row)) and now[GROUND] != row[GROUND]:
            self.data = self.data.copy()
            self.data[GROUND] = now[GROUND] or ""
            raise ValidationError(_("What holds of this need now stands below. Look at it, and send your text again."))
        if not self.errors and not self.key and last_judged(about_of(self.table, row)):
            raise ValidationError(_("There is one already: find it under Policy, and propose a change there."))
        if not self.errors and not may_propose(self.person, self.table, row):
            raise ValidationError(_("This row is not yours to propose: see who may under Permissions in the docs."))


def problems_of(table: str, row: Row) -> list[tuple[str, str]]:
    """What is wrong with a row as a whole, each with its column."""
    strange = [(name, _("A code has no | in it.")) for name in key_of(table) if "|" in str(row[name])]
    match table:
        case "policy_rule":
            return strange + problems_of_rule(row)
        case "norm" if not row["low"] <= row["mid"] <= row["high"]:
            return [*strange, ("mid", _("A range in order: low is at most mid, and mid at most high."))]
        case "scope":
            return strange + problems_of_scope(row)
        case "policy_text" if (row["subject"] == CARER) != (row["need"] == ALL):
            return [*strange, ("need", RULES_SAID["need_fits_subject"][lang() == "nl"])]
        case "acceptance" if state_of(row["need"]) == "closed":
            return [*strange, ("need", _("This need is closed."))]
    return strange


def problems_of_rule(row: Row) -> list[tuple[str, str]]:
    """A rule takes a number within its limits or one of its words, and may be set on some axes alone."""
    if (rule := RULES.get(row["rule"])) is None:
        return [("rule", _("dijk does not know this rule."))]
    found = []
    if rule.is_word:
        if row["word"] not in rule.words:
            found.append(("word", _("One of these: {words}.").format(words=", ".join(rule.words))))
        if row["value"] is not None:
            found.append(("value", _("This rule takes a word, and no number.")))
    else:
        if row["value"] is None or not rule.least <= row["value"] <= rule.most:
            found.append(("value", within(rule)))
        if row["word"]:
            found.append(("word", _("This rule takes a number, and no word.")))
    narrow = [axis for axis in AXES if row[axis] != ALL and axis not in rule.per]
    return found + [
        (axis, _("This rule cannot be set per {axis}.").format(axis=axis_in_words(axis))) for axis in narrow
    ]


def within(rule: Rule) -> str:
    """The limits of a rule that takes a number."""
    said = _("From {least} to {most} {unit}.")
    return said.format(least=exact(rule.least), most=exact(rule.most), unit=unit_of(rule.unit))


def axis_in_words(axis: str) -> str:
    """What a rule may be set per, in the language of the page."""
    return AXES[axis][1 if lang() == "nl" else 0]


def unit_of(unit: str) -> str:
    """A unit in the language of the page."""
    return UNITS[unit] if lang() == "nl" else unit


def problems_of_scope(row: Row) -> list[tuple[str, str]]:
    """State comes after state: no step is left out, and what is closed begins anew."""
    before, after = state_of(row["need"]), row["state"]
    if after in next_states(before):
        return []
    words = ", ".join(choice_in_words(SCOPE_STATES, state) for state in next_states(before))
    return [("state", _("After this state comes: {states}.").format(states=words))]


def state_of(need: str) -> str | None:
    """How far a need is on the list today; None where nobody proposed it."""
    scope = policy_now().in_force("scope", moment().date())
    return next(iter(scope.filter(need=need)["state"]), None)


def next_states(state: str | None) -> list[str]:
    """The states that a need may have next: its own with other words, the one after it, or closed."""
    order = list(SCOPE_STATES)
    if state in (None, "closed"):
        return order[:1]
    at = order.index(state)
    return list(dict.fromkeys([*order[at : at + 2], "closed"]))
