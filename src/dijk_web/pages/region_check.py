"""The region's check of a division: what each site gets, packs moved inside the region by typing, by undoing and by its
own workbook, and accepting the part or asking it back.
"""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

import polars as pl
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dijk.allocate.adjust import CHANGE
from dijk.allocate.claims import CLAIM
from dijk.check.findings import Place, as_table, finding
from dijk.report.pages import Cell
from dijk.report.shown import shown
from dijk.report.words import word
from dijk.tables import ALL
from dijk_web import dividing, store
from dijk_web.access import requires
from dijk_web.actions.dividing import DIRECT, Moved, answer, move, still_checking
from dijk_web.actions.telling import Sent
from dijk_web.actions.writing import AlreadyDone, TooLate
from dijk_web.models import Answer, Division, Need, RegionCheck, RiskClass, Run, Site
from dijk_web.of_site import moment, names_of
from dijk_web.pages.answer import as_file
from dijk_web.pages.desks import regions
from dijk_web.pages.divisions import ANSWERS, SILENCES, lines_of
from dijk_web.pages.findings import as_lines
from dijk_web.pages.form import SinceForm, reason_field
from dijk_web.pages.region_list import region_list
from dijk_web.pages.told_run import lang
from dijk_web.pages.upload import BOOK
from dijk_web.people import Permission, allows, may
from dijk_web.upload_rules import NOT_CHECKED
from dijk_web.visible import sees_region

ON_A_PAGE = 100
MOST_PACKS = 10**9
MOST_BYTES = 10 * 2**20
"""A workbook of a region that is read while somebody waits."""
BOOK_ID = "id_book_%s"
"""Names of its fields beside those of the answer on the same page."""


def part_or_404(request: HttpRequest, number: int, region: str) -> tuple[Division, RegionCheck]:
    """A division and the check of a region whose part the reader may see; another does not exist for them."""
    one = get_object_or_404(Division, act=number)
    if not sees_region(request.user, region):
        raise Http404
    return one, get_object_or_404(dividing.checks_of(one), region=region)


def may_check(request: HttpRequest, division: Division, region: str) -> bool:
    """Whether the reader may move packs here and answer: the region itself, until the release."""
    own = may(request.user.role, Permission.CHECK_DIVISION) and request.user.region == region
    return own and dividing.is_open(division)


class AnswerForm(SinceForm):
    """Accepting the part, or asking it back and why."""

    why = reason_field(gettext_lazy("What there is to say of it"))
    step = forms.ChoiceField(choices=[(Answer.ACCEPTED, ""), (Answer.ASKED_BACK, "")], widget=forms.HiddenInput)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["why"].required = self.data.get("step") == Answer.ASKED_BACK


class BookForm(SinceForm):
    """The region's workbook, filled in."""

    file = forms.FileField(label=gettext_lazy("The workbook, with new numbers and reasons"))

    def clean_file(self) -> Any:
        """A workbook of a size that is read here."""
        file = self.cleaned_data["file"]
        if Path(str(file.name)).suffix.lower() not in (".xlsx", ".xlsm", ".csv"):
            raise forms.ValidationError(_("A workbook (.xlsx), or CSV."))
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(_("At most {most} MB.").format(most=MOST_BYTES // 2**20))
        return file


@requires(Permission.READ_NATION)
@never_cache
@require_http_methods(["GET", "POST"])
def region_check(request: HttpRequest, number: int, region: str) -> HttpResponse:
    """What a division gives a region, need by need; answering, and the workbook back in."""
    one, check = part_or_404(request, number, region)
    checks, since = may_check(request, one, region), dividing.last_move(one, region)
    bound, is_book = request.method == "POST", request.POST.get("form") == "book"
    if bound and not may(request.user.role, Permission.CHECK_DIVISION):
        raise PermissionDenied
    form, book = AnswerForm.of(request, since=since), BookForm(initial={"since": since}, auto_id=BOOK_ID)
    found: list[Any] = []
    if bound and is_book:
        form, book = AnswerForm(initial={"since": since}), _book_of(request, since)
        done, found = _taken(request, one, region, book) if book.is_valid() else (False, [])
        if done and not found:
            return redirect("region_check", number=number, region=region)
        if done:
            book = BookForm(initial={"since": dividing.last_move(one, region)}, auto_id=BOOK_ID)
    elif form.send_or_say_why(request, lambda **told: _answered(one, region, form, **told)):
        return redirect("region_check", number=number, region=region)
    told = shown_of(request, one, check) | {"findings": found, "form": form, "book": book, "checks": checks}
    told["reads_loans"] = allows(request.user, Permission.READ_LOANS)
    status = max(form.status, book.status, 422 if found else 200)
    return render(request, "dijk_web/divisions/region.html", told, status=status)


def _book_of(request: HttpRequest, since: int) -> BookForm:
    book = BookForm(request.POST, request.FILES, auto_id=BOOK_ID)
    book.since_now = since
    return book


def _answered(one: Division, region: str, form: AnswerForm, **told: Any) -> int:
    said = Answer(form.cleaned_data["step"])
    return answer(one, region, said, why=form.cleaned_data["why"], **told)


def shown_of(request: HttpRequest, one: Division, check: RegionCheck) -> dict[str, Any]:
    """What the page of a region shows: its needs, its hub, and how far it is."""
    now = moment()
    return {
        "division": one,
        "check": check,
        "region": regions().get(check.region, check.region),
        "answer": ANSWERS[Answer(check.answer)],
        "silence": SILENCES[check.silence],
        "is_open": dividing.is_open(one),
        "state": next(lines_of([one], now)).state,
        "over": now >= one.check_by,
        "waiting": check.region in still_checking(one, now),
        "needs": list(needs_of(one, check.region)),
        "hub": list(hub_of(one, check.region)),
    }


def needs_of(division: Division, region: str) -> Iterator[dict[str, Any]]:
    """The needs of a region's part: packs by the plan, which do not change in all, and how many claims were moved."""
    rows = (
        dividing.as_moved(division, region)
        .award.group_by("need", "route")
        .agg(
            pl.col("packs").sum(),
            pieces=(pl.col("packs") * pl.col("pieces_per_pack")).sum(),
            sites=pl.col("site").filter(pl.col("packs") > 0).n_unique(),
            moved=(pl.col("changed_packs") != 0).sum(),
        )
    )
    found = {row["need"]: row for row in rows.to_dicts()}
    for code, name in names_of(Need, found).items():
        row = found[code]
        figures = {one: shown(Cell("whole", row[one]), lang()) for one in ("packs", "pieces", "sites", "moved")}
        yield row | figures | {"name": name, "checked": row["route"] == dividing.CHECKED}


def hub_of(division: Division, region: str) -> Iterator[dict[str, Any]]:
    """What the hub of the region held by the plan, by need and status."""
    code = str(Run.objects.get(act=division.run).code)
    rows = store.table(code, "central_stock", region=region, holder="regional_hub")
    names = names_of(Need, rows["need"].unique())
    for row in rows.sort("need", "product", "status").to_dicts():
        status = word(f"status.{row['status']}", lang())
        pieces = shown(Cell("pieces", row["pieces"]), lang())
        yield {"need": names[row["need"]], "product": row["product"], "status": status, "pieces": pieces}


# One need


class MoveForm(SinceForm):
    """New packs for some claims of a need, and why; or all of them undone."""

    reason = reason_field(gettext_lazy("Why"))

    def __init__(self, *given: Any, lines: list[dict[str, Any]], undo: pl.DataFrame, **more: Any) -> None:
        super().__init__(*given, **more)
        self.lines, self.undo = lines, undo
        for line in lines:
            line["typed"] = self.data.get(line["field"], "")

    def clean(self) -> None:
        """What was typed, as changes; a line that stays empty stays as it is."""
        super().clean()
        reason, changes = self.cleaned_data.get("reason", ""), []
        if self.data.get("step") == "undo":
            self.changes = self.undo.with_columns(reason=pl.lit(reason))
            return
        for line in self.lines:
            typed = line["typed"].strip()
            if not typed:
                continue
            if not typed.isascii() or not typed.isdigit() or int(typed) > MOST_PACKS:
                line["problem"] = _("A whole number of boxes, 0 or more.")
                self.add_error(None, f"{line['name']}: {line['problem']}")
                continue
            changes.append({name: line[name] for name in CLAIM} | {"packs": int(typed), "reason": reason})
        self.changes = pl.DataFrame(changes, schema=CHANGE, orient="row")
        if not changes and not self.errors:
            self.add_error(None, _("Fill in the new number of boxes of at least two lines."))


@requires(Permission.READ_NATION)
@never_cache
@require_http_methods(["GET", "POST"])
def region_need(request: HttpRequest, number: int, region: str, need: str) -> HttpResponse:
    """The claims of a region on a need, and moving packs between them."""
    one, check = part_or_404(request, number, region)
    part = dividing.Part.of(one, region, need)
    if part.claim.is_empty():
        raise Http404
    if request.method == "POST" and not may(request.user.role, Permission.CHECK_DIVISION):
        raise PermissionDenied
    rows = claims_of(one, part)
    lines, page = lines_shown(request, rows)
    moved = dividing.moves_of(one, region, need)
    before = rows.select(*CLAIM, packs="packs_before").cast({"holder": pl.String})
    undo = moved.select(*CLAIM).join(before, on=CLAIM, how="left")
    form = MoveForm.of(request, since=dividing.last_move(one, region, need), lines=lines, undo=undo)
    found: list[Any] = []
    if request.method == "POST" and form.is_valid():
        done, found = _moved(request, one, region, form.changes, form, need=need)
        if done:
            return redirect(request.get_full_path())
    told = {
        "division": one,
        "check": check,
        "region": regions().get(region, region),
        "need": need,
        "need_name": names_of(Need, [need])[need],
        "checks": may_check(request, one, region) and not part.to_check().is_empty(),
        "totals": list(totals_of(rows)),
        "lines": lines,
        "page": page,
        "sought": request.GET.get("sought", ""),
        "filter": urlencode({"sought": request.GET["sought"]}) + "&" if request.GET.get("sought") else "",
        "moved": moved.height,
        "form": form,
        "findings": found,
    }
    return render(request, "dijk_web/divisions/need.html", told, status=form.status)


def claims_of(division: Division, part: dividing.Part) -> pl.DataFrame:
    """The claims of a part, with what the plan gives and what it gives with all moves: ``packs_before`` and ``packs``;
    those with an article, moved ones first, then by the cover they come to.
    """
    moved = part.with_changes(dividing.moves_of(division, part.region, part.need)).award
    before = part.award.select(*CLAIM, packs_before="packs")
    after = moved.select(*CLAIM, "packs", "change_reason")
    each = part.award.select("product", "pieces_per_pack").unique("product")
    rows = (
        part.claim.filter(pl.col("product").is_not_null())
        .join(before, on=CLAIM, how="left")
        .join(after, on=CLAIM, how="left")
        .join(each, on="product", how="inner")
        .with_columns(pl.col("packs_before", "packs").fill_null(0))
    )
    cover = (pl.col("position") + pl.col("packs") * pl.col("pieces_per_pack")) / pl.col("norm_use_per_day")
    rows = rows.with_columns(
        cover_before=pl.col("position") / pl.col("norm_use_per_day"),
        cover_after=cover,
        stays=pl.col("change_reason").is_null(),
    )
    return rows.sort("stays", "cover_after", "site", "risk_class", "holder")


def lines_shown(request: HttpRequest, rows: pl.DataFrame) -> tuple[list[dict[str, Any]], Any]:
    """A page of the claims as people read them; of some sites, by parts of names or codes with commas between."""
    names = dict(Site.objects.filter(site__in=rows["site"].unique().to_list()).values_list("site", "name"))
    rows = rows.with_columns(name=pl.col("site").replace_strict(names, default=pl.col("site")))
    sought = [text.strip().casefold() for text in request.GET.get("sought", "").split(",") if text.strip()]
    if sought:
        text = (pl.col("name") + " " + pl.col("site")).str.to_lowercase()
        rows = rows.filter(pl.any_horizontal(text.str.contains(one, literal=True) for one in sought))
    page = Paginator(range(rows.height), ON_A_PAGE).get_page(request.GET.get("page"))
    some = rows.slice(page.start_index() - 1 if rows.height else 0, ON_A_PAGE)
    classes = names_of(RiskClass, some["risk_class"].unique())
    return [_line(row, classes) for row in some.to_dicts()], page


def _line(row: dict[str, Any], classes: dict[str, str]) -> dict[str, Any]:
    said = lang()
    doubts = [word(f"assumed.{row['assumed_because']}", said)] if row["assumed_because"] else []
    return row | {
        "field": "packs|" + "|".join(str(row[name]) for name in CLAIM),
        "class_name": classes[row["risk_class"]],
        "from": word(f"holder.{row['holder']}", said),
        "use": shown(Cell("number", row["norm_use_per_day"]), said),
        "days_before": shown(Cell("days", row["cover_before"]), said),
        "days_after": shown(Cell("days", row["cover_after"]), said),
        "doubts": doubts,
        "fenced": fenced(row),
        "differs": row["packs"] != row["packs_before"],
    }


def totals_of(rows: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """What cannot be exceeded: packs of each article of each holder in each fence of the region."""
    inside = ("holder", "product", "fence", "reserve")
    for row in rows.group_by(*inside).agg(pl.col("packs").sum(), claims=pl.len()).sort(*inside).to_dicts():
        figures = {one: shown(Cell("whole", row[one]), lang()) for one in ("packs", "claims")}
        yield row | figures | {"from": word(f"holder.{row['holder']}", lang()), "fence": fenced(row)}


def fenced(row: dict[str, Any]) -> str:
    """The reserve and the fence that a claim is divided in; empty where it is in none."""
    return ", ".join(one for one in (row["reserve"], row["fence"]) if one and one != ALL)


# What came of it


def _taken(request: HttpRequest, one: Division, region: str, book: BookForm) -> tuple[bool, list[Any]]:
    """The changes of a workbook; whether any was taken in, and what there is to say of the others."""
    from dijk.files import read_changes

    file = book.cleaned_data["file"]
    with TemporaryDirectory() as place:
        path = Path(place) / f"changes{Path(str(file.name)).suffix.lower()}"
        path.write_bytes(file.read())
        read = read_changes(path)
    stopped = read.findings.filter(pl.col("severity") == "error")
    if stopped.height or read.rows.is_empty():
        book.add_error("file", _("Nothing was taken in: see below.") if stopped.height else _("No row was filled in."))
        return False, as_lines(row | {"file": file.name} for row in stopped.drop("examples").to_dicts())
    return _moved(request, one, region, read.rows, book)


# parameters: who moves what where, and by which form
def _moved(
    request: HttpRequest, one: Division, region: str, changes: pl.DataFrame, form: SinceForm, *, need: str | None = None
) -> tuple[bool, list[Any]]:
    """Move packs; whether any was moved, and what there is to say of those that were not."""
    sent = Sent(form.key_of(request.user), form.cleaned_data["since"])
    try:
        done: Moved = move(one, region, changes.select(*CHANGE), by=request.user, sent=sent, need=need)
    except AlreadyDone:
        return True, []
    except TooLate:
        form.is_late()
        return False, []
    found = refusals_of(done.refused, changes)
    if done.act is None:
        form.add_error(None, _("Nothing was moved: see below."))
    elif found:
        text = _("Moved. Of these needs nothing was taken in, because a row may not stand: {needs}.")
        messages.warning(request, text.format(needs=", ".join(sorted(set(done.refused["need"])))))
    return done.act is not None, found


def refusals_of(refused: pl.DataFrame, changes: pl.DataFrame) -> list[Any]:
    """A line for each change that was not made."""
    from dijk.desk.allocate import refusals

    rows = changes if "row" in changes.columns else changes.with_columns(row=pl.lit(None, pl.Int64))
    told = refused.join(rows.select(*CLAIM, "row").cast({"holder": pl.String}), on=CLAIM, how="left")
    is_direct = pl.col("why") == DIRECT
    direct = [
        finding(NOT_CHECKED, Place("award", row=row["row"], column="packs"), f"{row['site']} {row['need']}")
        for row in told.filter(is_direct).to_dicts()
    ]
    others = refusals(told.filter(~is_direct), "").drop("examples").to_dicts()
    return as_lines([*others, *as_table(direct).drop("examples").to_dicts()])


@requires(Permission.READ_NATION)
@require_safe
def region_book(request: HttpRequest, number: int, region: str) -> HttpResponse:
    """The workbook of a region's part, which comes back filled in."""
    one, check = part_or_404(request, number, region)
    return as_file(region_list(one, check.region, lang()), f"dijk {number} {region}.xlsx", BOOK)
