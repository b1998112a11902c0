"""Quotation marks that are opened and not closed: the rows between two of them never vanish without an error."""

import pytest

from dijk.files import read_folder

HEADS = ["site", "source", "product", "lot", "status", "day", "pieces", "checked_by"]
ROWS = [[f"S{i}", "count", "P1", f"L{i}", "approved", "2020-04-24", str(i), "region"] for i in range(1, 9)]


def written(folder, marks: dict[tuple[int, int], str], separator: str = ",", end: str = "\n"):  # type: ignore[no-untyped-def]
    """The rows with some cells in another way, by row and column, read."""
    rows = [[marks.get((r, c), cell) for c, cell in enumerate(row)] for r, row in enumerate(ROWS, start=2)]
    text = end.join(separator.join(row) for row in [HEADS, *rows]) + end
    (folder / "stock.csv").write_text(text, encoding="utf-8", newline="")
    return read_folder(folder)


def vanished(read) -> list[tuple[int, int]]:  # type: ignore[no-untyped-def]
    """Row where the mark is opened, and how many rows vanish."""
    return read.findings.filter(code="FILE-24", severity="error").select("row", "rows").rows()


OPENED = [
    (first, last, one, other) for first, last in ((3, 4), (3, 6), (2, 9)) for one in range(8) for other in range(8)
]


@pytest.mark.parametrize(("first", "last", "one", "other"), OPENED)
def test_a_mark_in_one_row_and_one_in_another_are_an_error_wherever_they_stand(tmp_path, first, last, one, other):
    for name, marks in {
        "opened and closed": {(first, one): f'"{ROWS[first - 2][one]}', (last, other): f'{ROWS[last - 2][other]}"'},
        "opened twice": {(first, one): f'"{ROWS[first - 2][one]}', (last, other): f'"{ROWS[last - 2][other]}'},
    }.items():
        read = written(tmp_path, marks)
        assert vanished(read) == [(first, last - first)], name


@pytest.mark.parametrize(("separator", "end"), [(";", "\r\n"), ("\t", "\n"), ("|", "\n"), (",", "\r\n")])
def test_the_same_with_other_separators_and_line_ends(tmp_path, separator, end):
    assert vanished(written(tmp_path, {(4, 1): '"count', (7, 1): 'count"'}, separator, end)) == [(4, 3)]


def test_rows_that_lack_a_cell_vanish_no_less(tmp_path):
    text = "\n".join([",".join(HEADS), *(",".join(row[:7]) for row in ROWS)]) + "\n"
    (tmp_path / "stock.csv").write_text(text.replace("S3,count", 'S3,"count').replace("S5,count", 'S5,count"'))
    assert vanished(read_folder(tmp_path)) == [(4, 2)]


def test_two_pairs_are_two_errors(tmp_path):
    marks = {(2, 1): '"count', (3, 1): 'count"', (6, 3): '"L', (8, 3): 'L"'}
    assert [row for row, _ in vanished(written(tmp_path, marks))] == [2, 5]


KEPT = {
    "a text over two lines": '"count of the\nnight shift"',
    "sentences with commas": '"counted by us, by them, and by others, twice, once more, at night, in the rain, alone\nand in the sun, by us, by them, and by all, twice, once, again, soon"',
    "a separator in a text": '"count, by hand"',
    "marks within": '"the ""red"" list"',
    "an inch": 'tube 5" wide',
    "two inches in two rows": 'tube 5"',
}


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT.keys())
def test_texts_with_marks_commas_and_line_breaks_are_kept(tmp_path, text):
    read = written(tmp_path, {(3, 1): text, (5, 1): text})
    assert vanished(read) == []
    assert read.tables["stock"].height == len(ROWS)
