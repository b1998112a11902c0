"""A template filled in as it says reads back without a finding, in either language."""

import datetime as dt
import io

import openpyxl
import pytest

from dijk.files import read_folder, template, templates
from dijk.files.template import heading_of, name_of, ordered
from dijk.tables import INPUTS, ON_DISK, POLICY
from dijk.tables.columns import choices_in_dutch

STOCK = {
    "site": "S01", "product": "P1", "lot": "0012", "status": "quarantine", "day": dt.date(2020, 4, 27), "pieces": 500,
    "expires_on": dt.date(2022, 1, 31), "known_at": dt.datetime(2020, 4, 27, 16, 30), "source": "opgave", "how": "counted",
}  # fmt: skip
REQUEST = {
    "request": "0001", "site": "S01", "need": "MASK", "day": dt.date(2020, 4, 27), "pieces": 1000, "urgent": True,
    "known_at": dt.datetime(2020, 4, 27, 0, 0), "source": "portaal", "how": "estimated",
}  # fmt: skip


def fill_in(content: bytes, table: str, row: dict[str, object], lang: str) -> bytes:
    """The template with one row, typed as a person would."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    for place, column in enumerate(ordered(table), start=1):
        value = row.get(column)
        if lang == "nl" and isinstance(value, str):
            value = choices_in_dutch(ON_DISK[table].columns()[column]).get(value, (value,))[0]
        if isinstance(value, bool):
            value = {"nl": ("nee", "ja"), "en": ("no", "yes")}[lang][value]
        if value is not None:
            sheet.cell(2, place, value)
            sheet.cell(2, place).number_format = "dd-mm-yyyy hh:mm" if isinstance(value, dt.datetime) else "General"
            if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
                sheet.cell(2, place).number_format = "dd-mm-yyyy"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize(("table", "row"), [("stock", STOCK), ("request", REQUEST)])
def test_a_filled_in_template_reads_back_without_findings(tmp_path, table, row, lang):
    (tmp_path / f"{name_of(table, lang)}.xlsx").write_bytes(fill_in(template(table, lang=lang), table, row, lang))
    read = read_folder(tmp_path)
    assert read.findings.height == 0, read.findings.rows()
    back = read.tables[table].row(0, named=True)
    for column, value in row.items():
        assert back[column] == (value.replace(tzinfo=dt.UTC) if isinstance(value, dt.datetime) else value)


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_template_is_read_as_its_own_table_without_rows(tmp_path, lang):
    templates(tmp_path, lang=lang)
    read = read_folder(tmp_path)
    assert set(read.tables) == set(INPUTS | POLICY)
    assert read.findings["code"].unique().to_list() == ["FILE-06"]


def test_what_a_row_is_about_comes_first_and_how_it_is_known_last():
    assert ordered("stock")[:4] == ["site", "product", "lot", "status"]
    assert ordered("stock")[-4:] == ["known_at", "source", "how", "reason"]
    for table, schema in ON_DISK.items():
        assert sorted(ordered(table)) == sorted(schema.column_names())


def test_closed_lists_are_drop_downs_in_the_language_of_the_template():
    book = openpyxl.load_workbook(io.BytesIO(template("stock", lang="nl")))
    lists = [check.formula1 for check in book.worksheets[0].data_validations.dataValidation if check.type == "list"]
    assert '"goedgekeurd,quarantaine,geblokkeerd,verlopen"' in lists
    assert book.worksheets[0]["A1"].value == heading_of("stock", "site", "nl") == "locatie"
    assert book.worksheets[0]["A1"].comment is not None
    assert book.sheetnames == ["voorraad", "Uitleg"]


def test_a_template_is_the_same_bytes_each_time():
    assert template("norm", lang="nl") == template("norm", lang="nl")
