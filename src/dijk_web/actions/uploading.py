"""Taking in what somebody uploaded: the good rows in one act, and the file for ever beside it."""

import datetime as dt
from collections.abc import Mapping

import polars as pl
from django.db.models import QuerySet

from dijk import tables as known
from dijk_web import clock, store
from dijk_web.actions.telling import Sent, refuse_late, source_of
from dijk_web.actions.writing import TooLate, as_table, writing
from dijk_web.models import Person, Site, Upload

DAYS, MOST = 14, 50
"""How long uploads are kept of which nothing was taken in, and how many of one person."""


# parameters: the rows that stay behind, beside those of each act
def take_in_upload(
    upload: Upload,
    *,
    by: Person,
    tables: Mapping[str, pl.DataFrame],
    refused: int,
    sent: Sent,
    on_behalf: str = "",
) -> int:
    """Add the rows of an upload, all in one act; its number. The file is kept from then on, and how many of its rows
    were refused.

    Raises
    ------
    TooLate
        Somebody told of the same sites after the rows were shown, or rows of this upload were taken in already.
    """
    source = source_of(by, on_behalf)
    told = {name: valid(name, rows, source) for name, rows in tables.items()}
    named = sorted({site for rows in told.values() for site in rows["site"]})
    about = f"site:{named[0]}" if len(named) == 1 else f"upload:{upload.pk}"
    with writing("upload_taken_in", by=by, about=about, reason=source if on_behalf else "", once=sent.once) as act:
        for name, rows in told.items():
            refuse_late(name, Site.objects.filter(site__in=rows["site"].unique().to_list()), sent.since)
        if not Upload.objects.filter(pk=upload.pk, act=None).update(act=act.number, sites=named):
            raise TooLate(str(upload.pk))
        for name, rows in told.items():
            act.tell(name, rows)
        rows_told = {name: rows.height for name, rows in told.items()}
        act.after = {"upload": upload.pk, "sha256": upload.digest, "rows": rows_told, "refused": refused}
    return act.number


def keep_file(content: bytes, *, by: Person, name: str, table: str, once: str) -> Upload:
    """Keep a file that somebody sent, first on the disk and then in the database; one that is sent twice is one. It is
    no act: nothing is told by it yet.
    """
    if known := Upload.objects.filter(once=once).first():
        return known
    forget_old(clock.now())
    many = Upload.objects.filter(act=None, by=by.code).order_by("-pk").values_list("pk", flat=True)[MOST - 1 :]
    _forget(Upload.objects.filter(pk__in=list(many)))
    said = {"name": name, "size": len(content), "table": table, "by": by.code, "uploaded_at": clock.now()}
    return Upload.objects.get_or_create(once=once, defaults={**said, "digest": store.keep_upload(content)})[0]


def valid(table: str, rows: pl.DataFrame, source: str) -> pl.DataFrame:
    """Rows as their table wants them, told by this source.

    Raises
    ------
    dataframely.exc.ValidationError
        A row breaks a limit or a rule of the table; reading said so before.
    """
    return known.valid(table, as_table(table, rows.with_columns(source=pl.lit(source)), clock.now()))


def forget_old(now: dt.datetime) -> None:
    """Let go of uploads of which nothing was taken in for some days, and of the files that no other upload has."""
    _forget(Upload.objects.filter(act=None, uploaded_at__lt=now - dt.timedelta(days=DAYS)))


def _forget(old: QuerySet[Upload]) -> None:
    digests = set(old.values_list("digest", flat=True))
    old.delete()
    for digest in digests - set(Upload.objects.filter(digest__in=digests).values_list("digest", flat=True)):
        store.forget_upload(digest)
