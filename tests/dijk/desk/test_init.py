"""From ``dijk init`` to the first plan, as somebody does it who types as little as the sheets ask for."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from dijk import runs
from dijk.desk.app import run_command
from dijk.files import read_folder
from dijk.files.planning import FILLED_BY_HAND, needed
from dijk.files.ready import READY, catalogue, ready
from dijk.files.template import heading_of, name_of
from dijk.tables import ON_DISK
from dijk.tables.languages import Lang

DAY = dt.date(2026, 11, 23)
MOST_TYPED = 150
PLACES = [  # site, sector, region, driver, units
    ("Oever", "hospital", "R01", "ward_patient_day", 40),
    ("Kade", "hospital", "R10", "icu_patient_day", 12),
    ("Linde", "nursing_home", "R10", "infected_shift", 24),
    ("Wiel", "home_care", "onbekend", "infected_shift", 30),
    ("Terp", "gp", "R08", "infected_shift", 3),
    ("Sluis", "ambulance", "R08", "crew_shift", 10),
]
COUNTED = {"gown": 400, "ffp2": 600, "iir": 2000, "glove": 9000}


class Typist:
    """Somebody at a spreadsheet: types rows under the headings of a sheet, and counts the cells."""

    def __init__(self, path: Path, lang: Lang) -> None:
        self.path, self.lang, self.book, self.typed = path, lang, openpyxl.load_workbook(path), 0

    def fill(self, table: str, rows: list[dict[str, Any]]) -> None:
        sheet = self.book[name_of(table, self.lang)]
        place = {str(cell.value).split(" (")[0]: cell.column for cell in sheet[1] if cell.value}
        for row, cells in enumerate(rows, start=3):  # below the headings and the example
            for name, value in cells.items():
                sheet.cell(row, place[heading_of(table, name, self.lang)], value)
                self.typed += 1

    def save(self) -> int:
        self.book.save(self.path)
        return self.typed


def begun(folder: Path, lang: Lang) -> Typist:
    path = folder / "planning.xlsx"
    assert run_command(["init", str(path), "--lang", lang]) == 0
    return Typist(path, lang)


def filled_in(folder: Path, lang: Lang) -> Typist:
    """The workbook with six sites, the stock of four needs at each, and the activity of each."""
    typist = begun(folder, lang)
    typist.fill("site", [{"site": s, "sector": sector, "region": region} for s, sector, region, *_ in PLACES])
    stock = [{"site": s, "product": p, "day": DAY, "pieces": n} for s, *_ in PLACES for p, n in COUNTED.items()]
    typist.fill("stock", stock)
    typist.fill("activity", [{"site": s, "driver": d, "day": DAY, "units": n} for s, _, _, d, n in PLACES])
    typist.save()
    return typist


@pytest.mark.slow
@pytest.mark.parametrize("lang", [pytest.param("en", marks=pytest.mark.long), "nl"])
def test_six_sites_and_four_needs_are_planned_after_at_most_so_many_typed_cells(tmp_path, lang, capsys):
    typist = filled_in(tmp_path, lang)
    assert typist.typed <= MOST_TYPED
    words = [str(typist.path), "--as-of", "2026-11-23", "--lang", lang]
    assert run_command(["check", *words]) == 0
    assert run_command(["plan", *words, "-o", str(tmp_path / "run")]) == 0
    plan = runs.read_run(tmp_path / "run").plan
    assert plan.regime["need"].to_list() == sorted(COUNTED)
    assert "unknown" not in plan.regime["effective"]
    known = plan.position.filter(pl.col("pieces").is_not_null())
    assert known.select("site", "need").unique().height == 24
    assert set(plan.norm_use["site"]) == {site for site, *_ in PLACES}


@pytest.mark.slow
def test_all_that_dijk_filled_in_is_told(tmp_path, capsys):
    typist = filled_in(tmp_path, "en")
    found = read_folder(typist.path).findings
    filled = found.filter(pl.col("code").is_in(["CELL-13", "HEAD-05"]))
    told = set(filled.select("table", pl.col("column").str.split(" (").list.first()).rows())
    wanted = {
        ("site", "organisation"),
        ("site", "name"),
        ("site", "kind"),
        ("stock", "status"),
        ("activity", "risk_class"),
    }
    assert wanted <= told
    assert found.filter(code="ROW-06").select("table", "rows").rows() == [("organisation", 6), ("region", 1)]
    assert found.filter(pl.col("severity") != "note").is_empty()


def test_a_workbook_that_nobody_filled_in_says_what_to_do(tmp_path, capsys):
    for lang, said in (("en", "Begin with the sites"), ("nl", "Begin met de locaties")):
        typist = begun(tmp_path / lang, lang)
        capsys.readouterr()
        assert run_command(["check", str(typist.path), "--lang", lang]) == 5
        out, err = capsys.readouterr()
        assert (out, said in err, len(err.splitlines())) == ("", True, 1)


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_the_sheets_come_in_the_order_in_which_they_are_filled_each_with_its_needed_columns_first(tmp_path, lang):
    book = begun(tmp_path, lang).book
    assert book.sheetnames[1:] == [name_of(table, lang) for table in (*FILLED_BY_HAND, *READY)]
    mark, example = {"en": ("(required)", "Example: "), "nl": ("(verplicht)", "Voorbeeld: ")}[lang]
    for table in FILLED_BY_HAND:
        sheet = book[name_of(table, lang)]
        headings = [cell.value for cell in sheet[1]]
        assert [mark in heading for heading in headings] == [i < len(needed(table)) for i in range(len(headings))]
        assert sheet["A2"].value.startswith(example)
        assert {heading.split(" (")[0] for heading in headings} == {
            heading_of(table, name, lang) for name in ON_DISK[table].column_names()
        }


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_what_stands_ready_is_read_without_a_doubt_and_in_one_way_in_both_languages(tmp_path, lang):
    typist = begun(tmp_path, lang)
    read = read_folder(typist.path)
    assert read.findings.filter(pl.col("severity") != "note").is_empty()
    assert {name for name, table in read.tables.items() if table.height} == set(READY)
    assert read.tables["region"].height == 11 + 1  # dijk makes the region unknown
    codes = [name for name in ("need", "sector", "driver", "risk_class") if name in ON_DISK["norm"].column_names()]
    assert (
        read.tables["norm"]
        .select(*codes, "mid")
        .equals(
            ready("norm", "en")
            .select(*codes, "mid")
            .sort("need", "sector", "risk_class", "driver")
            .select(*codes, "mid")
        )
    )


def test_each_norm_that_stands_ready_says_that_it_is_assumed_and_where_it_was_published():
    for lang, word in (("en", "assumed"), ("nl", "aangenomen")):
        norm = ready("norm", lang)
        assert norm["basis"].str.starts_with(word).all()
        assert norm["source"].str.contains("WHO ESFT").all()
        assert set(norm["how"]) == {"assumed"}
        assert norm.select((pl.col("low") <= pl.col("mid")) & (pl.col("mid") <= pl.col("high"))).to_series().all()


def test_each_sector_that_stands_ready_has_a_norm_and_each_driver_one_class():
    norm = ready("norm", "en")
    assert set(norm["sector"]) == set(catalogue("sector")["sector"])
    assert norm.group_by("driver").agg(pl.col("risk_class").n_unique())["risk_class"].max() == 1
    assert set(norm["driver"]) == set(catalogue("driver")["driver"])
    assert set(norm["need"]) == set(catalogue("need")["need"])


def test_a_driver_of_two_classes_asks_for_the_class(tmp_path):
    typist = filled_in(tmp_path, "en")
    rows = ready("norm", "en").filter(pl.col("driver") == "infected_shift").head(1).to_dicts()
    sheet = typist.book["norm"]
    names = [cell.value for cell in sheet[1]]
    more = rows[0] | {"risk_class": "contact"}
    sheet.append([more.get(name) for name in names])
    typist.save()
    found = read_folder(typist.path).findings.filter(code="CELL-01")
    assert set(found["column"]) == {"risk_class"}
    assert found.height == 3


@pytest.mark.parametrize("said", ["onbekend", "Onbekend", "unknown", None])
def test_a_region_that_nobody_knows_is_the_region_unknown(tmp_path, said):
    typist = begun(tmp_path, "nl")
    typist.fill("site", [{"site": "S1", "sector": "gp", **({} if said is None else {"region": said})}])
    typist.save()
    read = read_folder(typist.path)
    assert read.tables["site"]["region"].to_list() == ["unknown"]
    assert "unknown" in read.tables["region"]["region"]


def test_an_organisation_that_was_named_and_is_not_on_the_list_is_an_error_and_not_made(tmp_path):
    typist = filled_in(tmp_path, "en")
    sheet = typist.book.create_sheet("organisation")
    sheet.append(["organisation", "name"])
    sheet.append(["ORG1", "Groep"])
    typist.fill("site", [{"organisation": "ORG1"}, {"organisation": "ORG7"}])
    typist.save()
    read = read_folder(typist.path)
    assert set(read.tables["organisation"]["organisation"]) == {"ORG1", "Linde", "Wiel", "Terp", "Sluis"}
    assert read.findings.filter(severity="error").select("code", "found").rows() == [("ROW-05", "ORG7")]


def test_a_row_typed_over_the_example_without_its_mark_is_read_and_with_it_is_warned_of(tmp_path):
    typist = begun(tmp_path, "en")
    sheet = typist.book["site"]
    sheet["B2"] = "gp"
    typist.save()
    found = read_folder(typist.path).findings
    assert found.filter(code="SHEET-14").select("severity", "row").rows() == [("warning", 2)]
    sheet["A2"] = "S01"
    typist.save()
    assert read_folder(typist.path).tables["site"]["site"].to_list() == ["S01"]


def test_init_writes_over_nothing_and_wants_a_workbook(tmp_path, capsys):
    path = tmp_path / "planning.xlsx"
    path.write_text("mine")
    assert run_command(["init", str(path)]) == 5
    assert path.read_text() == "mine"
    assert run_command(["init", str(tmp_path / "planning.csv")]) == 2
    assert sorted(one.name for one in tmp_path.iterdir()) == ["planning.xlsx"]


def test_init_gives_the_same_bytes_each_time(tmp_path, capsys):
    made = [begun(tmp_path / place, "nl").path.read_bytes() for place in ("one", "two")]
    assert made[0] == made[1]


def test_init_says_as_json_what_it_wrote(tmp_path, capsys):
    path = tmp_path / "planning.xlsx"
    assert run_command(["init", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"file": str(path)}


def test_one_wrong_cell_is_one_error_and_not_one_for_each_cell_that_follows_from_it(tmp_path):
    typist = filled_in(tmp_path, "nl")
    typist.fill("stock", [{"day": "31-02-2026"}, {"product": "schort"}])
    typist.fill("activity", [{"driver": "ic"}, {"day": "gisteren"}])
    typist.save()
    found = read_folder(typist.path).findings.filter(severity="error")
    assert sorted(found.select("table", "row", "code").rows()) == [
        ("activity", 3, "CELL-01"),
        ("activity", 4, "DATE-01"),
        ("stock", 3, "DATE-01"),
        ("stock", 4, "ROW-05"),
    ]
    assert "de enige klasse waarvoor de drijver normen heeft; die is er hier niet" in found["wanted_nl"][0]


@pytest.mark.slow
def test_on_the_screen_errors_stand_last_and_the_users_own_words_name_the_place(tmp_path, capsys):
    typist = filled_in(tmp_path, "nl")
    typist.fill("stock", [{"product": "schort"}, {"pieces": "veel"}])
    typist.fill("site", [{"sector": "verpleeghuis"}])
    typist.save()
    run_command(["check", str(typist.path), "--lang", "nl", "--as-of", "2026-11-23", "--quick"])
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    told = [line for line in lines if line and line[0] in ("opmerking", "waarschuwing", "fout")]
    grave = ["opmerking", "waarschuwing", "fout"]
    assert [line[0] for line in told] == sorted((line[0] for line in told), key=grave.index)
    assert [line[3] for line in told if line[0] == "fout"] == ["[locatie]", "[voorraad]"]
    assert [line[1] for line in told].count("HEAD-05") == 1
    assert "CELL-13" not in [line[1] for line in told]
