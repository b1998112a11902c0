"""What views have in common about what was asked and what is answered."""

import csv
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar
from urllib.parse import urlencode

import polars as pl
from django import forms
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header

FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""Signs with which a spreadsheet begins a formula."""

AT_ONCE = 500
"""Rows of a list that are read together."""

Row = TypeVar("Row")


def number_of(request: HttpRequest, name: str) -> int | None:
    """A whole number from the address; None where it is not given, nothing to be found where it is no number."""
    given = request.GET.get(name, "")
    if not given:
        return None
    if not given.isascii() or not given.isdigit() or len(given) > 18:
        raise Http404
    return int(given)


def filter_of(request: HttpRequest, wanted: forms.Form) -> str:
    """The filter of a list as the beginning of an address that goes on: what of the form was filled in."""
    given = [(name, text) for name, text in request.GET.items() if name in wanted.fields and text]
    return f"{urlencode(given)}&" if given else ""


def as_file(content: bytes, name: str, kind: str) -> HttpResponse:
    """A file to keep, under its name."""
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = content_disposition_header(True, name)
    return answer


def as_csv(rows: pl.DataFrame, name: str) -> HttpResponse:
    """Rows as a CSV file that a spreadsheet opens; no text in it is taken for a formula."""
    texts = pl.col([column for column, kind in rows.schema.items() if kind == pl.String])
    safe = pl.when(texts.str.head(1).is_in(list(FORMULAS))).then("'" + texts).otherwise(texts).name.keep()
    rows = rows.with_columns(safe) if pl.String in rows.dtypes else rows
    answer = HttpResponse(b"\xef\xbb\xbf" + rows.write_csv().encode(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


class Echo:
    """A file that gives back each line that is written, to be sent at once."""

    def write(self, line: str) -> str:
        """The line itself."""
        return line


def csv_of(name: str, heading: Iterable[str], rows: Iterable[Iterable[Any]]) -> StreamingHttpResponse:
    """A list of any length as a CSV file, sent line by line. No cell can be taken for a formula."""
    write = csv.writer(Echo()).writerow

    def lines() -> Iterator[str]:
        yield "\ufeff" + write(heading)
        for row in rows:
            yield write([harmless(value) for value in row])

    answer = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def batched(rows: Iterator[Row]) -> Iterator[list[Row]]:
    """Rows in parts, so that no view holds the nation at once."""
    while some := list(islice(rows, AT_ONCE)):
        yield some


def harmless(value: object) -> object:
    """A text that a spreadsheet would take for a formula, with a sign before it that makes it a text."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULAS) else value
