"""How single cells, columns and files are read: cases from spreadsheets as people keep them."""

import datetime as dt

import fastexcel
import polars as pl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from dijk.files import read_folder
from dijk.files.dates import read_dates, read_moments
from dijk.files.delimited import careful_lines, decode, plain_lines, separator_of
from dijk.files.findings import Where
from dijk.files.numbers import read_numbers
from dijk.files.package import open_package
from dijk.files.sheet import read_sheet
from dijk.files.text import adds_up
from dijk.files.words import plain, table_named, unit_in
from dijk.files.workbook import open_book
from dijk.tables import ON_DISK


def numbers(cells: list[str | None], *, whole: bool = False, point: str | None = None) -> list[float | None]:
    return read_numbers(pl.Series(cells, dtype=pl.String), None, whole=whole, point=point).value.to_list()


COLUMNS = [  # cells, read as, why
    (["1", "20", "300"], [1, 20, 300], "nothing to decide"),
    (["1.234,5", "1.234"], [1234.5, 1234], "a decimal comma elsewhere makes the point thousands"),
    (["1,234.5", "1,234"], [1234.5, 1234], "a decimal point elsewhere makes the comma thousands"),
    (["0,125", "1,250"], [0.125, 1.25], "nothing has a thousand before it begins with zero"),
    (["0.125", "1.250"], [0.125, 1.25], "the same with a point"),
    (["1.234.567", "1.234"], [1234567, 1234], "two points are thousands"),
    (["12,50", "3"], [12.5, 3], "two decimals"),
    (["1234,567"], [1234.567], "four digits before the sign are no thousands"),
    (["1e5", "2.5E+3"], [1e5, 2500], "as programs write"),
    (["1 250", "12’500"], [1250, 12500], "thousands set apart by a blank or a quote"),
    (["€ 1.234,50", "€ 12,-"], [1234.5, 12], "money"),
    (["nul", "0"], [0, 0], "zero is zero"),
    (["5,", "x", None], [5, None, None], "odd ends"),
]


@pytest.mark.parametrize(("cells", "wanted", "why"), COLUMNS, ids=[why for *_, why in COLUMNS])
def test_decimals_and_thousands_are_told_apart_by_the_whole_column(cells, wanted, why):
    assert numbers(cells) == wanted


def test_a_point_is_decimal_where_commas_separate_cells():
    assert numbers(["1.234"], point=".") == [1.234]
    assert numbers(["1.234"]) == [1234]
    assert numbers(["1.234"], whole=True, point=".") == [1234]


@given(st.lists(st.integers(-(10**12), 10**12), min_size=2, max_size=20))
@settings(max_examples=50)
def test_dutch_numbers_of_a_column_come_back(values):
    cells = [f"{value / 100:,.2f}".translate(str.maketrans(",.", ".,")) for value in values]
    assert numbers(cells) == pytest.approx([value / 100 for value in values])


@given(st.lists(st.integers(0, 10**18), min_size=1, max_size=20))
@settings(max_examples=30)
def test_whole_numbers_keep_every_digit(values):
    assert numbers([str(value) for value in values], whole=True) == values


def test_dates_in_every_way_of_writing_are_the_same_day():
    ways = [
        "2020-04-27",
        "27-04-2020",
        "27/4/2020",
        "27.4.2020",
        "27 april 2020",
        "27-apr-2020",
        "ma 27 apr. 2020",
        "20200427",
        "2020/4/27",
    ]
    ways += ["43948", "27-4-20", "27-04-2020 14:30", "2020-04-27T00:00:00"]
    assert read_dates(pl.Series(ways), None).value.to_list() == [dt.date(2020, 4, 27)] * len(ways)


@given(st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)))
@settings(max_examples=50)
def test_day_before_month_unless_the_column_says_otherwise(day):
    assert read_dates(pl.Series([f"{day:%d-%m-%Y}", "31-01-2020"]), None).value[0] == day
    assert read_dates(pl.Series([f"{day:%m/%d/%Y}", "01/31/2020"]), None).value[0] == day


def test_moments_come_to_utc():
    ways = [
        "2020-04-27T10:00:00Z",
        "2020-04-27 10:00",
        "27-04-2020 10:00",
        "2020-04-27T12:00:00+02:00",
        "43948.4166666667",
    ]
    moments = read_moments(pl.Series(ways), None)
    assert moments.value.to_list() == [dt.datetime(2020, 4, 27, 10, tzinfo=dt.UTC)] * len(ways)
    assert not moments.day_only.any()
    assert read_moments(pl.Series(["27-04-2020"]), None).day_only.to_list() == [True]


HEADINGS = [
    ("stuks (dozen)", "pack"),
    ("aantal (x1000)", "thousand"),
    ("Stuks [paar]", "pair"),
    ("paar", "pair"),
    ("aantal in duizendtallen", "thousand"),
]
HEADINGS += [("gewicht (gram)", "gram"), ("stuks", None), ("aantal (incl. reserve)", None), ("prijs in euro", "euro")]


@pytest.mark.parametrize(("label", "unit"), HEADINGS)
def test_the_unit_of_a_heading_is_understood(label, unit):
    assert unit_in(label) == unit


@pytest.mark.parametrize("name", ["Voorraad", "STOCK", "voorraad (2)", " stock ", "voorraden"])
def test_files_and_sheets_named_after_a_table_are_known(name):
    assert table_named(name) == "stock"
    assert plain("Houdbaar tot: *") == "houdbaar_tot"


def test_encodings_and_separators_are_seen():
    text = "naam;stuks\r\nMariënhof;1.234,5\r\n"
    for encoding, said in (
        ("utf-8", None),
        ("utf-8-sig", None),
        ("cp1252", "Windows-1252"),
        ("utf-16", "UTF-16"),
        ("utf-16-be", "UTF-16"),
    ):
        assert (decode(text.encode(encoding)).utf8.decode(), decode(text.encode(encoding)).was) == (text, said)
    assert separator_of(text.encode()) == ";"
    assert separator_of(b'a,b\n"x;y;z",2\n') == ","
    assert separator_of(b"sep=|\na|b\n") == "|"
    assert separator_of(b"a\tb\n1,5\t2,5\n") == "\t"


lines = st.lists(st.lists(st.text('ab1,;" \né', max_size=4), min_size=3, max_size=3), min_size=1, max_size=6)


@given(lines)
@settings(max_examples=60)
def test_the_quick_way_through_a_csv_agrees_with_the_careful_one(rows):
    text = "".join(
        ";".join('"' + cell.replace('"', '""') + '"' if set(cell) & set('";\n') else cell for cell in row) + "\n"
        for row in rows
    ).encode()
    quick = plain_lines(text, ";")
    if quick is not None:
        careful = careful_lines(text, ";", Where("stock", None)).cells
        assert quick.cells.fill_null("").rows() == careful.fill_null("").rows()


cells = (
    st.none()
    | st.integers(-(2**50), 2**50)
    | st.booleans()
    | st.text("aé<&>\"' =1", min_size=1, max_size=5).filter(str.strip)
    | st.dates(dt.date(2000, 1, 1))
)


@given(st.lists(st.lists(cells, min_size=1, max_size=4), min_size=1, max_size=6))
@settings(max_examples=30)
def test_a_sheet_holds_what_another_reader_finds_in_it(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("book") / "x.xlsx"
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "default_date_format": "yyyy-mm-dd"}) as book:
        page = book.add_worksheet()
        page.write(0, 0, "kop")
        for r, row in enumerate(rows, start=1):
            for c, value in enumerate(row):
                page.write_boolean(r, c, value) if isinstance(value, bool) else page.write(r, c, value)
    with open_package(path) as package:
        book = open_book(package)
        mine = read_sheet(package, book, book.sheets[0])
    theirs = fastexcel.read_excel(path).load_sheet(0, header_row=None, dtypes="string").to_polars()
    found = {
        (int(row) - 1, int(c)): mine.cells[c][i]
        for i, row in enumerate(mine.rows)
        for c in mine.cells.columns
        if mine.cells[c][i]
    }
    other = {(r, c): value for r, row in enumerate(theirs.iter_rows()) for c, value in enumerate(row) if value}
    assert {place: same(value) for place, value in found.items()} == {
        place: same(value) for place, value in other.items()
    }


def same(value: str) -> str:
    """A cell as both readers show it."""
    return value.removesuffix(" 00:00:00").casefold()


def test_a_gtin_checks_itself():
    assert adds_up(pl.Series(["4006381333931", "96385074", "036000291452", None])).to_list() == [True] * 4
    assert adds_up(pl.Series(["4006381333932", "123", "abc"])).to_list() == [False] * 3


def test_when_a_fact_became_known_is_filled_in_and_said(tmp_path):
    heading, row = "site;product;lot;status;day;pieces", "S1;P1;-;approved;2020-04-27;5"
    (tmp_path / "stock.csv").write_text(f"{heading}\n{row}\n")
    received = dt.datetime(2020, 4, 28, 8, 30, tzinfo=dt.UTC)
    told = read_folder(tmp_path, received=received)
    silent = read_folder(tmp_path)
    assert told.tables["stock"]["known_at"].to_list() == [received]
    assert silent.tables["stock"]["known_at"].to_list() == [dt.datetime(2020, 4, 27, 23, 59, 59, tzinfo=dt.UTC)]
    assert silent.tables["stock"]["source"].to_list() == ["stock"]
    assert set(silent.findings["column"]) == {"known_at", "source", "how"}
    assert set(silent.findings["code"]) == {"HEAD-05"}


def test_many_findings_of_one_kind_are_listed_up_to_a_point_and_then_counted(tmp_path):
    rows = "".join(f"S{i};P1;-;approved;2020-04-27;-1\n" for i in range(500))
    (tmp_path / "stock.csv").write_text("site;product;lot;status;day;pieces\n" + rows)
    found = read_folder(tmp_path).findings.filter(pl.col("code") == "NUM-01")
    assert (found.height, found["rows"].sum()) == (50, 500)


def test_a_negative_delivery_is_refused_and_says_how_goods_that_go_back_are_booked(tmp_path):
    heads = "delivery;site;need;product;lot;day;channel;pieces"
    (tmp_path / "delivery.csv").write_text(f"{heads}\nD1;S1;mask;P1;-;2020-04-27;consortium;-40\n")
    (found,) = read_folder(tmp_path).findings.filter(pl.col("severity") == "error").to_dicts()
    assert (found["code"], found["row"], found["found"]) == ("NUM-25", 2, "-40")
    assert "from_site" in found["wanted_en"] and "van_locatie" in found["wanted_nl"]


def errors_of(folder, table: str, text: str) -> list[tuple[str, int | None]]:
    (folder / f"{table}.csv").write_text(text, encoding="utf-8")
    found = read_folder(folder).findings.filter(pl.col("severity") == "error")
    return list(found.select("code", "row").iter_rows())


STRANGE_UNITS = ["BX", "CS", "case", "pallet", "BX/50", "box of 50", "x100", "bundle", "dz", "lb"]


@pytest.mark.parametrize("unit", STRANGE_UNITS)
def test_a_unit_of_the_row_that_is_not_known_is_never_taken_for_pieces(tmp_path, unit):
    rows = f"site,product,lot,status,day,pieces,unit\nS1,P1,-,approved,2020-04-24,12,{unit}\n"
    assert ("NUM-19", 2) in errors_of(tmp_path, "stock", rows)


@pytest.mark.parametrize("unit", STRANGE_UNITS)
def test_a_unit_in_the_heading_that_is_not_known_is_never_taken_for_pieces(tmp_path, unit):
    rows = f"site,product,lot,status,day,pieces ({unit})\nS1,P1,-,approved,2020-04-24,12\n"
    assert ("NUM-19", 2) in errors_of(tmp_path, "stock", rows)


@pytest.mark.parametrize(
    "heading",
    [
        "pieces (stuks)",
        "pieces (24-4)",
        "pieces (24 april)",
        "pieces (counted)",
        "pieces (as counted on 24-4)",
        "pieces (required)",
        "pieces",
    ],
)
def test_a_known_unit_or_a_day_in_the_heading_is_pieces(tmp_path, heading):
    rows = f"site,product,lot,status,day,{heading}\nS1,P1,-,approved,2020-04-24,12\n"
    assert "NUM-19" not in [code for code, _ in errors_of(tmp_path, "stock", rows)]


@pytest.mark.parametrize(
    ("price", "cents"),
    [('"€ 12,50"', 1250), ("12.50 euro", 1250), ("EUR 12.50", 1250), ("1250 cent", 1250), ("€ 3", 300)],
)
def test_money_with_its_unit_beside_it_is_read_in_cents(tmp_path, price, cents):
    heads = "order,line,supplier,product,to_site,day,mode,state,pieces,cents_per_pack"
    (tmp_path / "inbound.csv").write_text(f"{heads}\nK1,1,m,P1,S1,2020-04-24,sea,ordered,1000,{price}\n", "utf-8")
    assert read_folder(tmp_path).tables["inbound"]["cents_per_pack"].to_list() == [cents]


@pytest.mark.parametrize(
    ("said", "days"), [("7 days", 7), ("7 dagen", 7), ("1 week", 7), ("2 weken", 14), ("1 dag", 1)]
)
def test_days_with_the_word_beside_them_are_read(tmp_path, said, days):
    (tmp_path / "use.csv").write_text(f"site,need,day,pieces,days\nS1,apron,2020-04-17,100,{said}\n")
    assert read_folder(tmp_path).tables["use"]["days"].to_list() == [days]


@pytest.mark.parametrize("heading", ["Besteld", "Verbruik", "Gevraagd", "Geleverd", "Aangevraagd", "Verbruikt"])
def test_a_heading_of_another_quantity_is_not_stock(tmp_path, heading):
    rows = f"locatie;product;status;datum;{heading}\nS1;P1;goedgekeurd;24-04-2020;5000\n"
    assert "HEAD-02" in [code for code, _ in errors_of(tmp_path, "stock", rows)]


@pytest.mark.parametrize(("table", "heading"), [("stock", "voorraad"), ("use", "verbruik"), ("request", "gevraagd")])
def test_a_heading_of_the_tables_own_quantity_is_its_pieces(tmp_path, table, heading):
    found = errors_of(tmp_path, table, f"site;product;need;{heading}\nS1;P1;mask;5\n")
    assert found  # other columns lack; the pieces do not
    lacking = read_folder(tmp_path).findings.filter((pl.col("code") == "HEAD-02") & (pl.col("column") == "pieces"))
    assert lacking.height == 0


@pytest.mark.parametrize("heading", ["remarks", "opmerking", "checked by", "stuks x100", "colour"])
def test_a_last_column_of_the_writers_own_is_a_note_and_its_rows_stay(tmp_path, heading):
    rows = f"site,product,lot,status,day,pieces,{heading}\nS1,P1,-,approved,2020-04-24,7,here\n"
    assert "FILE-16" not in [code for code, _ in errors_of(tmp_path, "stock", rows)]
    assert read_folder(tmp_path).tables["stock"]["pieces"].to_list() == [7]


INBOUND = "order,line,supplier,product,to_site,day,mode,state,pieces"


def cents(folder, heading: str, price: str) -> tuple[list[int | None], list[tuple[str, int | None]]]:
    """What is read as the price of a pack, and the errors."""
    errors = errors_of(folder, "inbound", f"{INBOUND},{heading}\nK1,1,m,P1,S1,2020-04-24,sea,ordered,9,{price}\n")
    return read_folder(folder).tables["inbound"]["cents_per_pack"].to_list(), errors


@pytest.mark.parametrize(
    ("heading", "price", "read"),
    [
        ("prijs (€)", '"12,50"', 1250),
        ("price (euro)", "12.50", 1250),
        ("price [EUR]", "12.5", 1250),
        ("prijs (€ excl. btw)", "12", 1200),
        ("prijs (euro per doos)", "12", 1200),
        ("price (cents)", "1250", 1250),
        ("cents_per_pack", "1250", 1250),
        ("prijs", '"€ 12,50"', 1250),
        ("price (per pack)", "1250 cent", 1250),
    ],
)
def test_a_price_is_read_by_the_currency_that_is_said(tmp_path, heading, price, read):
    assert cents(tmp_path, heading, price) == ([read], [])


@pytest.mark.parametrize("heading", ["price", "prijs", "prijs_per_doos", "price (per pack)", "prijs (excl. btw)"])
def test_a_price_without_a_currency_is_refused(tmp_path, heading):
    assert cents(tmp_path, heading, "12") == ([], [("NUM-26", 2)])


@pytest.mark.parametrize(
    "heading", ["price (USD)", "price ($)", "prijs (GBP)", "prijs (€ per stuk)", "price (€ x1000)"]
)
def test_a_price_in_another_currency_or_of_something_else_is_refused(tmp_path, heading):
    assert cents(tmp_path, heading, "12") == ([], [("NUM-19", 2)])


@pytest.mark.parametrize(
    ("column", "unit"),
    [
        *(("kg_per_pack", unit) for unit in ("lb", "lbs", "oz", "stone", "x100", "€", "liter", "%")),
        *(("litres_per_pack", unit) for unit in ("gallon", "cuft", "kg")),
        *(("shelf_life_days", unit) for unit in ("hours", "uren", "months", "jaar", "kg")),
    ],
)
def test_a_unit_that_is_not_known_is_refused_above_weight_volume_and_days_too(tmp_path, column, unit):
    rows = f"product,name,pieces_per_pack,storage,{column} ({unit})\nP1,mask,50,ambient,3\n"
    assert errors_of(tmp_path, "product", rows) == [("NUM-19", 2)]


@pytest.mark.parametrize(
    ("heading", "read"),
    [("kg_per_pack (gram)", 0.003), ("kg_per_pack (bruto)", 3), ("kg_per_pack (per doos)", 3), ("kg_per_pack", 3)],
)
def test_a_unit_that_is_known_or_says_nothing_is_read_above_weights(tmp_path, heading, read):
    (tmp_path / "product.csv").write_text(f"product,name,pieces_per_pack,storage,{heading}\nP1,mask,50,ambient,3\n")
    assert read_folder(tmp_path).tables["product"]["kg_per_pack"].to_list() == [read]


@pytest.mark.parametrize(
    ("table", "heading"),
    [("activity", "units (per week)"), ("norm", "mid (dozen)"), ("norm", "mid (%)"), ("site", "size (%)")],
)
def test_a_unit_of_another_kind_is_refused_above_what_a_column_counts(tmp_path, table, heading):
    given = {"day": "2020-04-24", "valid_from": "2020-04-24", "sector": "s", "kind": "care", "low": "1", "mid": "2", "high": "3", "coverage": "1", "reuse_stage": "conventional"}  # fmt: skip
    column = heading.split()[0]
    names = [
        name
        for name, kind in ON_DISK[table].columns().items()
        if not kind.nullable and name not in ("known_at", "how", column)
    ]
    text = ",".join([*names, heading]) + "\n" + ",".join([*(given.get(name, "a") for name in names), "2"]) + "\n"
    assert ("NUM-19", 2) in errors_of(tmp_path, table, text)


@pytest.mark.parametrize(
    ("heads", "cells", "found"),
    [
        ("pieces,unit", "12,L", "12 L"),
        ("pieces,unit", "12,BX", "12 BX"),
        ("pieces (x100)", "12", "12 x100"),
        ("pieces (liter)", "12", "12 liter"),
        ("pieces", "5 liter", "5 liter"),
        ("pieces", '"€ 500,00"', "€ 500,00"),
    ],
)
def test_a_unit_that_does_not_fit_is_told_in_the_very_words_of_the_file(tmp_path, heads, cells, found):
    (tmp_path / "stock.csv").write_text(f"site,product,status,day,{heads}\nS1,P1,approved,2020-04-24,{cells}\n")
    read = read_folder(tmp_path).findings.filter(pl.col("code") == "NUM-19")
    assert read["found"].to_list() == [found]


HEADS, COUNT = "site;product;status;day;pieces", "S1;P1;approved;2020-04-24;7"
LAST_COLUMNS = {
    "a separator behind each row": (HEADS, f"{COUNT};", set()),
    "a separator behind each line": (f"{HEADS};", f"{COUNT};", set()),
    "a separator behind the heading": (f"{HEADS};", COUNT, set()),
    "many separators behind each row": (HEADS, f"{COUNT};;;", set()),
    "blanks behind each row": (HEADS, f"{COUNT}; ", set()),
    "quotes around nothing": (HEADS, f'{COUNT};""', set()),
    "a remark under no heading": (f"{HEADS};", f"{COUNT};here", {"HEAD-06"}),
    "a remark under a heading": (f"{HEADS};who", f"{COUNT};me", {"HEAD-04"}),
    "a heading and nothing under it": (f"{HEADS};who", f"{COUNT};", {"HEAD-04"}),
    "two columns of one's own": (f"{HEADS};who;why", f"{COUNT};me;so", {"HEAD-04"}),
}


@pytest.mark.parametrize("more", [(), ("S2;P1;approved;2020-04-24;7",)], ids=["all rows", "some rows"])
@pytest.mark.parametrize(("heads", "row", "codes"), LAST_COLUMNS.values(), ids=LAST_COLUMNS.keys())
def test_a_last_column_that_is_empty_or_the_writers_own_loses_no_row(tmp_path, heads, row, codes, more):
    (tmp_path / "stock.csv").write_text("\n".join([heads, row, *more]) + "\n")
    read = read_folder(tmp_path)
    assert read.tables["stock"]["pieces"].to_list() == [7] * (1 + len(more))
    assert set(read.findings["code"]) - {"HEAD-05", "FILE-17"} == codes


def test_a_row_that_goes_on_past_the_heading_has_shifted(tmp_path):
    assert errors_of(tmp_path, "stock", f"{HEADS}\n{COUNT};8\n") == [("FILE-16", 2)]


@pytest.mark.parametrize(
    "heading", ["Voorraad per 24-4", "Aantal in magazijn", "Aantal op 24 april", "quantity in store"]
)
def test_a_heading_that_may_be_meant_is_asked_about(tmp_path, heading):
    rows = f"locatie;product;status;datum;{heading};Besteld\nS1;P1;goedgekeurd;24-04-2020;100;5000\n"
    (tmp_path / "voorraad.csv").write_text(rows)
    (lost,) = read_folder(tmp_path).findings.filter(pl.col("code") == "HEAD-02").to_dicts()
    for lang in ("en", "nl"):
        assert heading in lost[f"wanted_{lang}"] and "Besteld" not in lost[f"wanted_{lang}"]


@pytest.mark.parametrize("word", ["-", "onbekend", "n.v.t."])
def test_a_word_for_not_knowing_is_no_number_of_a_register_and_stops_a_judgement(tmp_path, word):
    """Where people decide, an empty amount says something: no limit. Whoever does not know it does not say that."""
    site = (
        f"site,organisation,name,kind,sector,region,size,size_unit,size_confirmed_by\ns,o,S,care,home,north,{word},,\n"
    )
    (tmp_path / "site.csv").write_text(site)
    mandate = "capacity,need,signs_for,most_cents,valid_from,basis,set_by\nbuyer,all,consortium,{},2020-04-01,x,y\n"
    (tmp_path / "mandate.csv").write_text(mandate.format(word))
    read = read_folder(tmp_path)
    assert read.tables["site"]["size"].to_list() == [None]
    assert read.tables["mandate"].is_empty()
    said = read.findings.filter(pl.col("column").is_in(["size", "most_cents"]))
    assert sorted(said.select("table", "code").rows()) == [("mandate", "NUM-03"), ("site", "NUM-09")]
    (tmp_path / "mandate.csv").write_text(mandate.format(""))
    assert read_folder(tmp_path).tables["mandate"]["most_cents"].to_list() == [None]
