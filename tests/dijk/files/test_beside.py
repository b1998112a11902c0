"""One table that is read beside what is known already: registers, packs, norms and codes that stand in no file here."""

from pathlib import Path

import pytest
import xlsxwriter

from dijk.files import Dataset, read_changes, read_folder
from known_beside import BESIDE, CAME, KNOWN


def read(folder: Path, table: str, *lines: str) -> Dataset:
    (folder / f"{table}.csv").write_text("\n".join(lines), encoding="utf-8")
    return read_folder(folder, received=CAME, beside=BESIDE)


def errors(dataset: Dataset) -> list[tuple[str, int, str]]:
    return dataset.findings.filter(severity="error").select("code", "row", "found").rows()


def test_packs_are_reckoned_by_an_article_that_only_the_known_tables_have(tmp_path):
    counts = (
        "site,product,status,day,packs",
        "home-1,P-iir,approved,2020-04-26,12",
        "home-2,P-glove,approved,2020-04-26,3",
    )
    given = read(tmp_path, "stock", *counts)
    assert given.tables["stock"]["pieces"].to_list() == [600, 300]
    assert errors(given) == []
    alone = read_folder(tmp_path, received=CAME)
    assert {code for code, *_ in errors(alone)} == {"NUM-13"}


def test_a_dutch_sheet_is_read_beside_what_is_known(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "map.xlsx") as book:
        sheet = book.add_worksheet("Voorraad")
        sheet.write_row(0, 0, ["Locatie", "Product", "Dag", "Stuks (dozen)", "Status"])
        sheet.write_row(1, 0, ["home-1", "P-iir", "26-04-2020", 12, "goedgekeurd"])
        sheet.write_row(2, 0, ["home-2", "P-glove", "26-04-2020", "40 los", "quarantaine"])
    given = read_folder(tmp_path / "map.xlsx", received=CAME, beside=BESIDE)
    assert errors(given) == []
    assert given.tables["stock"].select("site", "pieces").rows() == [("home-1", 600), ("home-2", 20)]


def test_a_code_that_is_known_beside_is_not_lost_and_one_unknown_in_both_is(tmp_path):
    counts = (
        "site,product,status,day,pieces",
        "home-1,P-iir,approved,2020-04-26,12",
        "home 2,P-iir,approved,2020-04-26,3",
        "x,P-iir,approved,2020-04-26,1",
    )
    assert errors(read(tmp_path, "stock", *counts)) == [("ROW-05", 3, "home 2 (home-2?)"), ("ROW-05", 4, "x")]
    assert errors(read_folder(tmp_path, received=CAME)) == []  # nothing is known there, so nothing is lost


def test_a_code_in_the_folder_itself_needs_no_row_beside(tmp_path):
    (tmp_path / "site.csv").write_text("site,organisation,name,kind,sector,region\nhome-9,o-1,Nine,care,home,north")
    given = read(tmp_path, "stock", "site,product,status,day,pieces", "home-9,P-iir,approved,2020-04-26,12")
    assert errors(given) == []


def test_a_row_that_was_read_counts_before_the_one_beside_it(tmp_path):
    (tmp_path / "product.csv").write_text("product,name,pieces_per_pack,storage\nP-iir,Mask,20,ambient")
    given = read(tmp_path, "stock", "site,product,status,day,packs", "home-1,P-iir,approved,2020-04-26,12")
    assert given.tables["product"]["known_at"].item() < KNOWN  # nobody told when it became known
    assert given.tables["stock"]["pieces"].to_list() == [240]


def test_the_class_of_a_driver_comes_from_norms_that_are_known(tmp_path):
    lines = ("site,driver,risk_class,day,units", "home-1,shift,,2020-04-26,8")
    assert read(tmp_path, "activity", *lines).tables["activity"]["risk_class"].to_list() == ["splash"]


@pytest.mark.parametrize("table", ["site", "region", "stock"])
def test_nothing_that_is_known_comes_back_or_is_made_again(tmp_path, table):
    lines = {
        "site": ("site,organisation,name,kind,sector,region", "home-3,o-1,Three,care,home,unknown"),
        "region": ("region,name,scheme", "south,South,roaz"),
        "stock": ("site,product,status,day,pieces", "home-1,P-iir,approved,2020-04-26,12"),
    }
    given = read(tmp_path, table, *lines[table])
    assert list(given.tables) == [table]
    assert given.tables[table].height == 1
    assert "ROW-06" not in given.findings["code"]


def test_what_is_known_is_no_part_of_the_digest(tmp_path):
    lines = ("site,product,status,day,pieces", "home-1,P-iir,approved,2020-04-26,12")
    assert read(tmp_path, "stock", *lines).digest == read_folder(tmp_path, received=CAME).digest


def test_changes_name_codes_that_are_known(tmp_path):
    path = tmp_path / "changes.csv"
    path.write_text("site,need,risk_class,packs,reason\nhome-1,iir,splash,3,fire\nHOME1,iir,splash,2,fire\n")
    beside = {name: BESIDE[name] for name in ("site", "need", "product", "region", "sector")}
    assert read_changes(path, beside=beside).findings.select("code", "row", "found").rows() == [
        ("ROW-05", 3, "HOME1 (home-1?)")
    ]
    assert read_changes(path).findings.is_empty()
