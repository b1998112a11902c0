"""The commands of the division: packs dealt again, a region's changes, the price of fences; in both languages and for
machines.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from dijk import runs
from dijk.allocate import adjust as adjusted
from dijk.desk import effect as effect_command
from dijk.desk import fairness
from dijk.desk.allocate import doubts
from dijk.desk.app import run_command
from dijk.desk.screen import give
from dijk.effect import Effect
from dijk.files import read_changes, read_judgements, write_folder
from dijk.files.proposed import REGION_BOOK
from dijk.report.words import words as report_words
from dijk.tables import EFFECT, empty
from dijk.tables.effect import PARTS, most_changed
from small import AS_OF, ago, registers, rows

SITES = ("home-1", "home-2", "home-3")


def country() -> dict[str, pl.DataFrame]:
    """Three homes that use as much, one of them in the south, 90 masks in packs of 5, and one article more that nobody
    asks for.
    """
    tables = registers(SITES)
    where = pl.when(pl.col("site") == "home-3").then(pl.lit("south")).otherwise("region")
    asked = [{"request": s, "site": s, "day": ago(2), "pieces": 100} for s in SITES]
    return tables | {
        "site": tables["site"].with_columns(region=where),
        "product": rows("product", {"pieces_per_pack": 5}),
        "stock": rows("stock", {"site": "store", "product": "mask-a", "day": ago(1), "pieces": 90}),
        "request": rows("request", *asked),
        "indicator": rows(
            "indicator", *({"indicator": "admissions", "day": ago(n), "value": 5.0} for n in range(1, 40))
        ),
    }


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder to work in, with a small country and its run."""
    here = tmp_path_factory.mktemp("division")
    back = Path.cwd()
    os.chdir(here)
    write_folder(country(), here / "country")
    assert run_command(["plan", "country", "-o", "monday"]) == 0
    yield here
    os.chdir(back)


def written(name: str, *lines: str) -> str:
    Path(name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return name


def said(capsys: pytest.CaptureFixture[str], words: list[str], code: int = 0) -> dict:  # type: ignore[type-arg]
    capsys.readouterr()
    assert run_command([*words, "--json"]) == code
    return json.loads(capsys.readouterr().out)


MOVED = (
    "site,need,risk_class,packs,reason",
    "home-1,mask,contact,9,outbreak since Friday",
    "home-2,mask,contact,3,can borrow",
)


def test_packs_dealt_again_are_those_awarded(place, capsys):
    found = said(capsys, ["recompute", "monday"])
    assert (found["claims"], found["differ"], found["lines"]) == (3, 0, [])


def test_a_region_or_a_site_sees_each_of_its_own_lines(place, capsys):
    assert [line["site"] for line in said(capsys, ["recompute", "monday", "--region", "north"])["lines"]] == [
        "home-1",
        "home-2",
    ]
    (line,) = said(capsys, ["recompute", "monday", "--site", "home-3"])["lines"]
    assert (line["dealt"], line["awarded"], line["changed"], line["differs"]) == (6, 6, 0, False)


def test_a_run_whose_awards_are_not_those_of_its_levels_is_found_out(place, capsys):
    run = runs.read_run(Path("monday"))
    more = pl.when(pl.col("site") == "home-2").then(pl.col("packs") + 1).otherwise("packs")
    plan = type(run.plan).of(run.plan.tables() | {"award": run.plan.award.with_columns(more)})
    runs.write_run(
        Path("forged"),
        runs.run_files(runs.Run(run.inputs, run.policy, plan, run.seed, run.digest, run.received)),
        origin=None,
    )
    (line,) = said(capsys, ["recompute", "forged"], 4)["lines"]
    assert (line["site"], line["dealt"], line["awarded"]) == ("home-2", 6, 7)
    for lang, words in (("en", "of 3 claims 1 differ"), ("nl", "van 3 aanspraken wijken er 1 af")):
        assert run_command(["recompute", "forged", "--lang", lang]) == 4
        assert words in capsys.readouterr().out


def test_changes_of_a_region_make_a_run_of_their_own_and_show_what_they_do_to_cover(place, capsys):
    found = said(capsys, ["adjust", "monday", written("moved.csv", *MOVED), "-o", "tuesday"])
    days = {one["site"]: (one["cover_before_days"], one["cover_after_days"]) for one in found["effect"]}
    assert days == {"home-1": (3.0, 4.5), "home-2": (3.0, 1.5)}
    award = runs.read_run(Path("tuesday")).plan.award
    assert dict(award.select("site", "packs").iter_rows()) == {"home-1": 9, "home-2": 3, "home-3": 6}
    assert runs.read_run(Path("monday")).plan.award["changed_packs"].to_list() == [0, 0, 0]
    again = said(capsys, ["recompute", "tuesday", "--site", "home-1"])["lines"][0]
    assert (again["dealt"], again["awarded"], again["changed"], again["differs"]) == (6, 9, 3, False)


def test_a_later_dataset_reads_the_changed_awards_as_past_award_and_leaves_them_be(place, capsys):
    run_command(["adjust", "monday", written("moved.csv", *MOVED), "-o", "tuesday"])
    sent = rows(
        "delivery",
        *({"delivery": s, "site": s, "day": ago(0), "pieces": n} for s, n in zip(SITES, (45, 15, 30), strict=True)),
    )
    write_folder(country() | {"delivery": sent}, "undone")
    write_folder(country() | {"delivery": sent}, "later")
    shutil.copy("tuesday/results/award.parquet", "later/past_award.parquet")
    packs = {}
    for name in ("undone", "later"):
        assert run_command(["plan", name, "-o", f"run-{name}"]) == 0
        packs[name] = dict(runs.read_run(Path(f"run-{name}")).plan.award.select("site", "packs").iter_rows())
    assert packs["undone"]["home-2"] > packs["undone"]["home-1"]
    assert packs["later"]["home-2"] == packs["later"]["home-1"]


def test_changes_of_a_run_that_was_changed_before_add_up(place, capsys):
    run_command(["adjust", "monday", written("moved.csv", *MOVED), "-o", "tuesday"])
    further = written("further.csv", MOVED[0], "home-1,mask,contact,10,worse", "home-2,mask,contact,2,can borrow")
    assert run_command(["adjust", "tuesday", further, "-o", "wednesday"]) == 0
    award = runs.read_run(Path("wednesday")).plan.award
    assert award.select("packs", "changed_packs", "change_reason").rows() == [
        (10, 4, "worse"),
        (2, -4, "can borrow"),
        (6, 0, None),
    ]
    assert run_command(["recompute", "wednesday"]) == 0


@pytest.mark.parametrize(
    ("lines", "row", "code", "dutch"),
    [
        (("home-1,mask,contact,9,more", "home-2,mask,contact,4,less"), 2, "CHANGE-04", "evenveel dozen"),
        (("home-1,mask,contact,7,", "home-2,mask,contact,5,x"), 2, "CHANGE-02", "een reden"),
        (("home-9,mask,contact,1,x",), 2, "CHANGE-01", "een aanspraak van deze berekening"),
        (("home-1,mask,contact,9,x", "home-3,mask,contact,3,x"), 2, "CHANGE-04", "evenveel dozen"),
        (("home-1,mask,contact,7,x", "home-2,mask,contact,-5,x"), 3, "NUM-01", "0 of meer"),
        (("home-1,mask,contact,half,x",), 2, "NUM-03", "Een getal"),
        (("home-1,mask,contact,7,x", "home-1,mask,contact,5,x"), 2, "ROW-02", "tegen"),
    ],
)
def test_a_change_that_may_not_be_is_refused_by_its_row_and_nothing_is_written(place, capsys, lines, row, code, dutch):
    file = written("refused.csv", MOVED[0], *lines)
    found = said(capsys, ["adjust", "monday", file, "-o", "refused"], 3)["findings"]
    assert (row, code) in [(one["row"], one["code"]) for one in found if one["severity"] == "error"]
    assert run_command(["adjust", "monday", file, "-o", "refused", "--lang", "nl"]) == 3
    assert dutch in capsys.readouterr().err or code == "ROW-02"
    assert not Path("refused").exists()


def test_a_run_is_not_adjusted_over_itself(place, capsys):
    assert run_command(["adjust", "monday", written("moved.csv", *MOVED), "-o", "monday"]) == 5
    assert "holds something else" in capsys.readouterr().err


def test_changes_may_come_in_dutch_and_in_a_workbook(place, tmp_path):
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "wijzigingen.xlsx") as book:
        sheet = book.add_worksheet("Blad1")
        sheet.write_row(1, 0, ["Locatie", "Behoefte", "Risicoklasse", "Dozen", "Reden"])
        sheet.write_row(3, 0, ["home-1", "mask", "contact", 9, "uitbraak"])
    read = read_changes(tmp_path / "wijzigingen.xlsx")
    assert read.rows.rows() == [(4, "home-1", "mask", "contact", "warehouse", 9, "uitbraak")]


def test_a_file_without_the_headings_of_a_change_says_which_are_wanted(place, tmp_path):
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    assert read_changes(tmp_path / "x.csv").findings.select("code", "wanted_en").rows() == [
        ("HEAD-01", "A row with the headings of this table: site, need, risk_class, packs.")
    ]


FENCE = "fence,kind,share,region"


def test_a_fence_is_priced_before_it_is_set(place, capsys):
    (price,) = said(capsys, ["fences", "country", "--try", written("try.csv", FENCE, "south,guarantee,0.5,south")])[
        "prices"
    ]
    assert (price["group_days_without"], price["group_days_with"]) == (3.0, 4.5)
    assert (price["others_days_without"], price["others_days_with"]) == (3.0, 2.25)
    assert price["missing_pieces"] is price["missing_together"] is None


@pytest.fixture
def book(place, capsys):
    """The workbooks of the region north as ``dijk report`` writes them, by language."""
    assert run_command(["report", "monday", "-o", "report", "--form", "xlsx", "--replace"]) == 0
    capsys.readouterr()
    return {lang: next(Path("report").glob(f"regions.*.{lang}/north.xlsx")) for lang in ("en", "nl")}


def filled_in(path: Path, lang: str, rows: dict[str, tuple[int | None, str | None]], product: str | None = None) -> str:
    """The workbook with new packs and a reason typed in the rows of some sites."""
    opened = openpyxl.load_workbook(path)
    sheet = opened.worksheets[0]
    at = {name: words[lang == "nl"] for name, words in REGION_BOOK.items()}
    head = next(row for row in sheet.iter_rows() if row[0].value == at["site"])
    place = {cell.value: cell.column for cell in head}
    for row in range(head[0].row + 1, sheet.max_row + 1):
        if (site := sheet.cell(row, place[at["site"]]).value) in rows:
            packs, reason = rows[site]
            sheet.cell(row, place[at["packs"]], packs)
            sheet.cell(row, place[at["change_reason"]], reason)
            if product:
                sheet.cell(row, place[at["product"]], product)
    opened.save("filled.xlsx")
    return "filled.xlsx"


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["en", "nl"])
def test_a_regions_own_workbook_is_the_way_back(place, book, capsys, lang):
    assert openpyxl.load_workbook(book[lang]).worksheets[0]["A1"].value.endswith(" · north · name")
    file = filled_in(book[lang], lang, {"home-1": (9, "outbreak"), "home-2": (3, "can borrow")})
    assert said(capsys, ["adjust", "monday", file, "-o", f"back-{lang}"])["effect"]
    assert run_command(["adjust", "monday", written("moved.csv", *MOVED), "-o", "list", "--replace"]) == 0
    mine, theirs = (runs.read_run(Path(run)).plan.award.drop("change_reason") for run in (f"back-{lang}", "list"))
    assert mine.equals(theirs)
    capsys.readouterr()


@pytest.mark.slow
def test_a_workbook_in_which_nothing_was_filled_in_changes_nothing_and_says_so(place, book, capsys):
    for lang, words in (("en", "nothing was changed"), ("nl", "er is niets gewijzigd")):
        assert run_command(["adjust", "monday", str(book["nl"]), "-o", "none", "--lang", lang]) == 5
        assert words in capsys.readouterr().err
    assert not Path("none").exists()


@pytest.mark.slow
def test_a_row_without_its_reason_or_without_its_packs_is_named(place, book, capsys):
    file = filled_in(book["en"], "en", {"home-1": (9, None), "home-2": (3, "can borrow")})
    assert "CHANGE-02" in codes(said(capsys, ["adjust", "monday", file, "-o", "none"], 3))
    file = filled_in(book["en"], "en", {"home-1": (None, "outbreak"), "home-2": (3, "can borrow")})
    assert "CELL-01" in codes(said(capsys, ["adjust", "monday", file, "-o", "none"], 3))


@pytest.mark.slow
def test_a_change_that_names_another_article_is_made_of_the_claims_own_and_doubted(place, book, capsys):
    rows = {"home-1": (9, "outbreak"), "home-2": (3, "can borrow")}
    file = filled_in(book["en"], "en", rows, product="P-other")
    found = said(capsys, ["adjust", "monday", file, "-o", "doubted", "--replace"])
    other = [one for one in found["findings"] if one["code"] == "CHANGE-07"]
    assert [(one["code"], one["found"]) for one in other] == [
        ("CHANGE-07", "home-1 mask contact warehouse: 9 P-other"),
        ("CHANGE-07", "home-2 mask contact warehouse: 3 P-other"),
    ]
    assert {one["site"]: one["packs_after"] for one in found["effect"]} == {"home-1": 9, "home-2": 3}


@pytest.mark.parametrize(("ceiling", "floor", "over", "short"), [(45, 15, None, None), (44, 16, 1, 1), (35, 25, 2, 2)])
def test_beyond_its_bounds_a_change_says_by_how_many_packs_and_with_how_many_days(place, ceiling, floor, over, short):
    plan = runs.read_run(Path("monday")).plan
    bounds = plan.claim.with_columns(ceiling=pl.lit(ceiling, pl.Int64), floor=pl.lit(floor, pl.Int64))
    changes = read_changes(Path(written("moved.csv", *MOVED))).rows
    effect = adjusted(plan.award, changes, claim=bounds, award_line=plan.award_line).effect
    assert dict(effect.select("site", "over_packs").rows()) == {"home-1": over, "home-2": None}
    assert dict(effect.select("site", "short_packs").rows()) == {"home-1": None, "home-2": short}
    found = doubts(effect.with_columns(row=pl.lit(2)), "moved.csv")
    assert found["code"].to_list() == (["CHANGE-05", "CHANGE-06"] if over else [])
    if over:
        assert f"{over} packs over, and bring it 4.5 days" in found["wanted_en"][0]
        assert f"{short} dozen te weinig, en de dekking wordt 1,5 dagen" in found["wanted_nl"][1]


def test_what_the_changes_of_a_need_are_over_or_short_is_said(place, capsys):
    more = written("more.csv", MOVED[0], "home-1,mask,contact,9,outbreak")
    (one,) = said(capsys, ["adjust", "monday", more, "-o", "none"], 3)["findings"]
    assert " +3;" in one["wanted_en"]
    assert " +3;" in one["wanted_nl"]


def test_the_headings_that_are_read_back_are_those_of_the_report():
    for name, key in {"site": "site_code", "need": "need_code", "risk_class": "class_code", "holder": "holder"}.items():
        assert report_words()[f"col.{key}"] == REGION_BOOK[name]
    for name, key in {"product": "product", "packs": "new_packs", "change_reason": "new_reason"}.items():
        assert report_words()[f"col.{key}"] == REGION_BOOK[name]


@contextmanager
def reckoned_once() -> Iterator[None]:
    """Within it a dataset is checked, priced and weighed once; another language shows the same, not reckoned anew."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("all_checked", "price_of_fences", "division_shares"):
            patch.setattr(fairness, name, first_answer(getattr(fairness, name)))
        yield


def first_answer(reckon: Callable[..., Any]) -> Callable[..., Any]:
    answers: list[Any] = []

    def first(*arguments: object, **more: object) -> Any:
        if not answers:
            answers.append(reckon(*arguments, **more))
        return answers[0]

    return first


def codes(found: dict) -> set[str]:
    return {one["code"] for one in found["findings"]}


def test_fences_that_hold_are_priced_one_by_one_and_none_is_said_so(place, capsys):
    assert said(capsys, ["fences", "country"])["prices"] == []
    write_folder(
        country()
        | {
            "fence": rows(
                "fence",
                {"fence": "f", "kind": "cap", "share": 0.1, "region": "south", "sector": "all"} | {"need": "all"},
            )
        },
        "capped",
    )
    with reckoned_once():
        (price,) = said(capsys, ["fences", "capped"])["prices"]
        assert (price["group_days_without"], price["group_days_with"]) == (3.0, 0.5)
        for lang, words in (("en", "Without the fence"), ("nl", "Zonder het hek")):
            assert run_command(["fences", "capped", "--lang", lang]) == 0
            assert words in capsys.readouterr().out


def test_promises_that_cannot_be_met_say_by_how_much(place, capsys):
    file = written("both.csv", FENCE, "a,guarantee,0.8,north", "b,guarantee,0.4,south")
    assert [price["missing_together"] for price in said(capsys, ["fences", "country", "--try", file])["prices"]] == [
        15,
        15,
    ]


def test_a_fence_tried_takes_the_place_of_the_one_that_holds(place, capsys):
    held = rows(
        "fence", {"fence": "f", "kind": "guarantee", "share": 0.5, "region": "south", "sector": "all", "need": "all"}
    )
    write_folder(country() | {"fence": held}, "held")
    (price,) = said(capsys, ["fences", "held", "--try", written("again.csv", FENCE, "f,guarantee,1,south")])["prices"]
    assert price["group_days_with"] == 9.0


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("x,wall,0.5,south", "CELL-10"),
        ("x,cap,1.5,south", "NUM-05"),
        ("x,cap,0.5,nowhere", "ROW-05"),
        (",cap,1,south", "CELL-01"),
    ],
)
def test_a_fence_that_cannot_be_is_refused_with_findings(place, capsys, line, code):
    found = said(capsys, ["fences", "country", "--try", written("wrong.csv", FENCE, line)], 3)["findings"]
    assert code in [one["code"] for one in found]


def test_percentages_and_shares_in_one_column_are_all_read(tmp_path):
    (tmp_path / "f.csv").write_text("fence,kind,share\na,cap,60%\nb,cap,0.7\n")
    read = read_judgements([tmp_path / "f.csv"], "fence", AS_OF)
    assert read.rows["share"].to_list() == [0.6, 0.7]


def test_what_is_not_there_ends_with_its_code_in_both_languages(place, capsys):
    for words in (
        ["recompute", "monday", "--site", "nobody"],
        ["adjust", "monday", "absent.csv", "-o", "x"],
        ["fences", "nowhere"],
    ):
        for lang in ("en", "nl"):
            assert run_command([*words, "--lang", lang]) == 5
            assert "Traceback" not in capsys.readouterr().err


def test_the_division_stands_beside_the_classic_rules(place, capsys):
    found = said(capsys, ["rules", "monday"])["rules"]
    ours, *others = [row["rule"] for row in found]
    assert (ours, len(others), {row["need"] for row in found}) == ("dijk", 4, {"mask"})
    assert {row["envy_days"] for row in found} == {0.0}, (
        "three homes alike that asked for as much get as much by any rule"
    )
    for lang, words in (("en", "in proportion"), ("nl", "naar rato")):
        assert run_command(["rules", "monday", "--lang", lang]) == 0
        assert words in capsys.readouterr().out


def test_the_share_of_a_part_follows_its_norms(place, capsys):
    with reckoned_once():
        shares = said(capsys, ["sensitivity", "country"])["shares"]
        for lang, words in (("en", "norms lower"), ("nl", "normen lager")):
            assert run_command(["sensitivity", "country", "--lang", lang]) == 0
            assert words in capsys.readouterr().out
    south = next(row for row in shares if row["region"] == "south")
    assert south["share"] == pytest.approx(1 / 3)
    assert south["lower"] < south["share"] < south["higher"]
    assert next(row for row in shares if row["region"] == "all")["share"] == 1


def test_where_nothing_was_divided_there_is_nothing_to_set_beside_it(place, capsys):
    write_folder({name: table for name, table in country().items() if name != "request"}, "unasked")
    assert run_command(["plan", "unasked", "-o", "without-requests"]) == 0
    for words in (["rules", "without-requests"], ["sensitivity", "unasked"]):
        assert run_command(words) == 0
        assert "Nothing was divided." in capsys.readouterr().out


NORM = "need,sector,risk_class,driver,reuse_stage,low,mid,high,coverage,valid_from"


@contextmanager
def planned_once() -> Iterator[None]:
    """Within it a country is planned and compared once; another language shows the same."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("planned", "effect_of"):
            patch.setattr(effect_command, name, first_answer(getattr(effect_command, name)))
        yield


@pytest.mark.slow
def test_what_is_proposed_is_set_beside_the_plan_in_figures_and_in_words(place, capsys):
    """At twice the norm 90 masks are a day and a half each, not three, of ten."""
    norm = written("norm.csv", NORM, "mask,home,contact,shift,conventional,1,4,4,1,2020-05-04")
    fence = written("hek.csv", "hek;soort;deel;regio", "f;plafond;50%;south")
    words = ["effect", "country", "--change", f"hek={fence}", "--change", f"norm={norm}", "--seed", "1"]
    with planned_once():
        found = said(capsys, words)
        assert [(one["table"], one["taken"]) for one in found["proposed_row"]] == [
            ("norm", "from_today"),
            ("fence", "as_said"),
        ]
        total = next(one for one in found["unmet_change"] if (one["sector"], one["region"]) == ("all", "all"))
        assert (total["unmet_before"], total["unmet_after"]) == (pytest.approx(0.7), pytest.approx(0.85))
        assert [one["fence"] for one in found["fence_price"]] == ["f"]
        for lang, lines in (
            ("en", ("norm mask home contact shift conventional begins on 2020-05-04", "70.0% → 85.0%", "Without the")),
            ("nl", ("getoond alsof het vandaag begon", "70,0% → 85,0%", "Zonder het hek")),
        ):
            assert run_command([*words, "--lang", lang]) == 0
            out = capsys.readouterr().out
            assert [line for line in lines if line not in out] == []


def test_all_that_is_wrong_with_what_is_proposed_is_said_at_once_with_file_and_row(place, capsys):
    rule = written("rule.csv", "rule,value,need", "cap_days,7,all", "cap_days,999,all", "pace,1,all", "cap_days,8,gwon")
    fences = written("walls.csv", FENCE, "x,wall,0.5,south", "y,cap,1.5,south")
    norms = written("norms.csv", NORM, "mask,home,contact,shift,conventional,5,4,4,1,2020-05-04")
    given = [f"--change={table}={file}" for table, file in (("policy_rule", rule), ("fence", fences), ("norm", norms))]
    found = said(capsys, ["effect", "country", *given], 3)["findings"]
    places = {(one["code"], one["file"], one["row"], one["column"], one["found"]) for one in found}
    assert places == {
        ("ROW-02", "rule.csv", 2, None, "2020-04-26 cap_days all all all: 2, 3"),
        ("POLICY-01", "rule.csv", 4, "rule", "pace"),
        ("ROW-05", "rule.csv", 5, "need", "gwon"),
        ("CELL-10", "walls.csv", 2, "kind", "wall"),
        ("NUM-05", "walls.csv", 3, "share", "1.5"),
        ("ROW-03", "norms.csv", 2, None, None),
    }
    assert all(one["wanted_en"] and one["wanted_nl"] for one in found)


def test_a_rule_that_is_proposed_outside_its_limits_or_its_axes_is_said_in_its_row_though_it_begins_later(
    place, capsys
):
    lines = ("cap_days,999,all,2020-06-01", "request_open_days,7,mask,2020-06-01")
    rule = written("later.csv", "rule,value,need,valid_from", *lines)
    found = said(capsys, ["effect", "country", f"--change=policy_rule={rule}"], 3)["findings"]
    assert [(one["code"], one["file"], one["row"], one["column"]) for one in found] == [
        ("POLICY-02", "later.csv", 2, "value"),
        ("POLICY-06", "later.csv", 3, "need"),
    ]


@pytest.mark.parametrize(
    ("change", "code", "english", "dutch"),
    [
        ("norm", 2, "is not a table and a file", "is geen tabel met een bestand"),
        ("stock=norm.csv", 2, "is not a table and a file", "is geen tabel met een bestand"),
        ("norm=absent.csv", 5, "absent.csv", "absent.csv"),
    ],
)
def test_a_change_that_cannot_be_read_says_what_was_wanted(place, capsys, change, code, english, dutch):
    for lang, words in (("en", english), ("nl", dutch)):
        assert run_command(["effect", "country", "--change", change, "--lang", lang]) == code
        err = capsys.readouterr().err
        assert words in err
        assert "Traceback" not in err


def test_what_changes_most_is_shown_in_its_order_with_totals_and_the_rest_is_counted():
    def cell(number: int, region: str, after: float | None) -> dict[str, Any]:
        return {"need": f"n{number:02}", "sector": "all", "region": region, "unmet_before": 0.5, "unmet_after": after}

    total, gone, most = cell(30, "all", 0.5), cell(31, "south", None), cell(32, "south", 0.9)
    little = [cell(n, "south", 0.51 + n / 1000) for n in range(30)]
    shown = most_changed(pl.DataFrame([*little, total, gone, most]), effect_command.MOST_SHOWN)["need"].to_list()
    assert shown == [f"n{n:02}" for n in range(13, 33)]


def test_of_levels_that_all_change_those_that_change_most_are_shown_too(capsys):
    """They have a region and no sector, so that there is no total among them."""
    level = {"tier": 1, "holder": "warehouse", "region": "all", "fence": "all", "product": "p", "reach_before": "part"}
    level |= {"reach_after": "part", "level_days_before": 3.0}
    rows = [level | {"need": f"n{n:02}", "level_days_after": 3.0 + n} for n in range(1, 31)]
    found = Effect(**({name: empty(name) for name in EFFECT} | {"compared": counted(level_change=30)}))
    changes = pl.DataFrame(rows, schema=empty("level_change").schema)
    drawn = effect_command.shown(replace(found, level_change=changes), pl.DataFrame({"need": [], "name_en": []}), "en")
    assert most_changed(changes, 20)["need"].to_list() == [f"n{n:02}" for n in range(11, 31)] and drawn


def test_each_part_that_changes_has_its_table_in_both_languages_and_what_is_not_known_has_its_word(capsys):
    level = {"tier": 1, "holder": "warehouse", "region": "all", "product": "mask-a", "level_days_before": 3.0}
    found = Effect(
        **({name: empty(name) for name in EFFECT} | {"compared": counted(regime_change=1, purchase_change=1)})
    )
    found = replace(
        found,
        regime_change=table("regime_change", {"effective_before": "scarce", "effective_after": "early_warning"}),
        level_change=table("level_change", level | {"fence": "all", "reach_before": "part", "reach_after": "all"}),
        purchase_change=table(
            "purchase_change",
            {"curve": "base", "pieces_after": 1500, "reason_before": "norm", "reason_after": "no_price"},
        ),
    )
    for lang, lines in (
        (
            "en",
            ("Regimes of needs: 1 of 9", "scarce → early warning", "3.0 → in full", "– → 1,500", "no norm → no price"),
        ),
        (
            "nl",
            ("Regimes van behoeften: 1 van de 9", "schaars → vroege", "3,0 → geheel", "– → 1.500", "geen norm → geen"),
        ),
    ):
        give({}, *effect_command.shown(found, registers()["need"], lang), as_json=False)
        out = capsys.readouterr().out
        assert [line for line in lines if line not in out] == []


def table(name: str, row: dict[str, Any]) -> pl.DataFrame:
    """A table of an effect with one row, of masks."""
    schema = empty(name).schema
    return EFFECT[name].validate(pl.DataFrame([dict.fromkeys(schema) | {"need": "mask"} | row], schema=schema))


def counted(**changed: int) -> pl.DataFrame:
    rows = [{"part": part, "compared": 9, "changed": changed.get(part, 0)} for part in PARTS]
    return pl.DataFrame(rows, schema=empty("compared").schema)
