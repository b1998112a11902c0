"""Policy: the judgements in force, what of them ends soon, and of each what it was, who set it and what is proposed."""

import datetime as dt
from typing import Any

import polars as pl
from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from dijk_web.access import requires
from dijk_web.models import Proposal
from dijk_web.of_site import moment, policy_now
from dijk_web.pages.answer import as_csv, filter_of
from dijk_web.pages.judgement import Words, called, columns_of, heading, meaning, says
from dijk_web.people import Permission
from dijk_web.proposing import (
    JUDGED_BY_TWO,
    OF_POLICY,
    Row,
    key_of,
    key_text,
    may_propose,
    rows_about,
    tables_proposed_by,
)

ON_A_PAGE = 50
SOON = dt.timedelta(days=31)
"""What ends within a month stands on top."""

ABOUT_IT = ("valid_from", "valid_to", "basis", "source", "how", "set_by")
"""Columns that say how a judgement is known, beside what it says."""


class PolicyFilter(forms.Form):
    """Which judgements are shown."""

    table = forms.ChoiceField(label=_("Kind"), required=False)
    sought = forms.CharField(label=_("Words in it"), required=False, max_length=80)
    ends = forms.BooleanField(label=_("Only what ends within a month"), required=False)
    assumed = forms.BooleanField(label=_("Only what was assumed"), required=False)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["table"].choices = [(table, called(table)) for table in JUDGED_BY_TWO]

    @property
    def chosen(self) -> str:
        """The table that is shown."""
        return (self.cleaned_data.get("table") if self.is_valid() else None) or OF_POLICY[0]

    def of(self, today: dt.date) -> pl.DataFrame:
        """The judgements of the filter that hold today or will, what ends first on top."""
        table = self.chosen
        rows = judged(table, today)
        asked = self.cleaned_data if self.is_valid() else {}
        if asked.get("ends"):
            rows = rows.filter(pl.col("valid_to") <= today + SOON)
        if asked.get("assumed"):
            rows = rows.filter(pl.col("how") == "assumed")
        if sought := (asked.get("sought") or "").casefold():
            words = Words()
            hits = [
                any(sought in words.of(table, name, row[name]).casefold() for name in columns_of(table))
                for row in rows.iter_rows(named=True)
            ]
            rows = rows.filter(pl.Series(hits, dtype=pl.Boolean))
        return rows


def judged(table: str, today: dt.date) -> pl.DataFrame:
    """The judgements of a table that hold today, those that end within a month first, then by key; a rule that nobody
    set starts as assumed.
    """
    rows = policy_now().in_force(table, today)
    soon = pl.when(pl.col("valid_to") <= today + SOON).then("valid_to")
    return rows.sort(soon, *key_of(table), nulls_last=True)


@requires(Permission.READ_NATION)
@require_safe
def policy(request: HttpRequest) -> HttpResponse:
    """A page of the judgements in force, or all of the filter as CSV."""
    wanted, today = PolicyFilter({"table": OF_POLICY[0]} | request.GET.dict()), moment().date()
    rows = wanted.of(today)
    table = wanted.chosen
    if request.GET.get("as") == "csv":
        return as_csv(rows, table)
    words = Words()
    page = Paginator(rows.rows(named=True), ON_A_PAGE).get_page(request.GET.get("page"))
    told = {
        "wanted": wanted,
        "page": page,
        "table": table,
        "table_name": called(table),
        "filter": filter_of(request, wanted),
        "keys": [heading(table, name) for name in key_of(table)],
        "headings": [heading(table, name) for name in says(table)],
        "lines": [line_of(table, row, today, words) for row in page.object_list],
        "may_propose": table in tables_proposed_by(request.user),
    }
    return render(request, "dijk_web/policy/list.html", told)


def line_of(table: str, row: Row, today: dt.date, words: Words) -> dict[str, Any]:
    """A judgement as a line of the list."""
    return {
        "key_text": key_text(table, row),
        "key": [words.short(table, name, row) for name in key_of(table)],
        "means": meaning(row["rule"]) if table == "policy_rule" else "",
        "said": [words.said(table, name, row) for name in says(table)],
        "soon": row["valid_to"] is not None and row["valid_to"] <= today + SOON,
        "assumed": row["how"] == "assumed",
    }


@requires(Permission.READ_NATION)
@require_safe
def judgement(request: HttpRequest, table: str, key: str) -> HttpResponse:
    """One judgement: what holds, what was told before, and what is proposed."""
    if table not in JUDGED_BY_TWO:
        raise Http404
    about, today = f"{table}:{key}", moment().date()
    told, now = list(rows_about(about)), in_force(table, key, today)
    proposals = list(Proposal.objects.filter(about=about).order_by("-act")[:ON_A_PAGE])
    if now is None and not told and not proposals:
        raise Http404
    words, named = Words(), now or dict(zip(key_of(table), key.split("|"), strict=True))
    shown = {
        "table": table,
        "table_name": called(table),
        "key": key,
        "title": words.title(table, named),
        "named": words.key(table, named),
        "now": None if now is None else words.lines(table, now),
        "never_told": not told,
        "told": [
            {"act": row.act, "known_at": row.known_at, "said": words.lines(table, as_row(table, row))} for row in told
        ],
        "proposals": proposals,
        "may_propose": may_propose(request.user, table, {"region": None, **(now or {}), **named}),
    }
    return render(request, "dijk_web/policy/one.html", shown)


def in_force(table: str, key: str, today: dt.date) -> dict[str, Any] | None:
    """The row that holds today; None where none does."""
    names, said = key_of(table), key.split("|")
    if len(names) != len(said):
        raise Http404
    rows = policy_now().in_force(table, today).filter(**dict(zip(names, said, strict=True)))
    return rows.row(0, named=True) if rows.height else None


def as_row(table: str, told: Any) -> dict[str, Any]:
    """A row of the database by the columns of its table."""
    fields = {name: told._meta.get_field(name).attname for name in (*columns_of(table), "set_by")}
    return {name: getattr(told, field) for name, field in fields.items()}
