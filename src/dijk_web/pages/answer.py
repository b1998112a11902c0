"""What views have in common about what was asked and what is answered."""

import polars as pl
from django.http import Http404, HttpRequest, HttpResponse

FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""Signs with which a spreadsheet begins a formula."""


def number_of(request: HttpRequest, name: str) -> int | None:
    """A whole number from the address; None where it is not given, nothing to be found where it is no number."""
    given = request.GET.get(name, "")
    if not given:
        return None
    if not given.isascii() or not given.isdigit() or len(given) > 18:
        raise Http404
    return int(given)


def as_csv(rows: pl.DataFrame, name: str) -> HttpResponse:
    """Rows as a CSV file that a spreadsheet opens; no text in it is taken for a formula."""
    texts = pl.col([column for column, kind in rows.schema.items() if kind == pl.String])
    safe = pl.when(texts.str.head(1).is_in(list(FORMULAS))).then("'" + texts).otherwise(texts).name.keep()
    rows = rows.with_columns(safe) if pl.String in rows.dtypes else rows
    answer = HttpResponse(b"\xef\xbb\xbf" + rows.write_csv().encode(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer
