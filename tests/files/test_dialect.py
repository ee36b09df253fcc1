"""Where the table of a text is, and how it is written. Expected values are read off the texts."""

import io

import pytest

from riskresearch.core import InvalidInputError
from riskresearch.files._read_grid import read_grid
from riskresearch.files._source import read_source
from riskresearch.files.text._dialect import sniff
from tests.files.written_tables import DAYS, FRENCH, SHAPES, rows


@pytest.fixture(params=["counted", "not counted"])
def counted(request, monkeypatch):
    """Count the cells of each line first, or suppose them until pandas finds out, as for large files."""
    if request.param == "not counted":
        monkeypatch.setattr("riskresearch.files.text._cells.UNCOUNTED_BYTES", 0)


def source_of(content):
    return read_source(io.BytesIO(content if isinstance(content, bytes) else content.encode()))


def grid_of(content, **options):
    return read_grid(source_of(content), **options)


@pytest.mark.usefixtures("counted")
@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["feeds", "both", "returns"])
def test_the_table_of_every_shape_is_found(name, end):
    shape = SHAPES[name]
    grid = grid_of(shape.content.replace("\n", end))
    assert grid.headers == shape.headers
    assert grid.lines[0] == shape.first_line
    assert len(grid.lines) == shape.n_rows
    assert "".join(cells.dtype.kind for cells in grid.columns) == shape.kinds
    assert all(len(header) == len(grid.columns) for header in grid.headers)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_encodings_are_recognised(encoding):
    grid = grid_of(("Date,Société\n" + rows("{d},{x}")).encode(encoding))
    assert grid.headers == (("Date", "Société"),)
    assert grid.columns[0][0] == DAYS[0]


def test_an_encoding_that_was_guessed_is_said_and_a_stated_one_is_used():
    content = ("Date,Société\n" + rows("{d},{x}")).encode("cp1252")
    assert "Windows-1252" in str(grid_of(content).steps[0])
    assert grid_of("日付,値\n".encode("shift_jis") + rows("{d},{x}").encode(), encoding="shift_jis").headers == (
        ("日付", "値"),
    )
    with pytest.raises(InvalidInputError, match=r"encoding \(--encoding\) must be the name of an encoding"):
        grid_of(content, encoding="klingon")
    with pytest.raises(InvalidInputError, match="is no text in ascii"):
        grid_of(content, encoding="ascii")


def test_the_second_table_is_read_on_request_and_said():
    first, second = grid_of(FRENCH), grid_of(FRENCH, table=2)
    assert any("number 1 of 2" in str(step) and "table=2 (--table 2)" in str(step) for step in first.steps)
    assert second.columns[0][[0, -1]].tolist() == [2000, 2019]
    with pytest.raises(
        InvalidInputError, match=r"table \(--table\) must be the number of a table .* from 1 to 2, got 3"
    ):
        grid_of(FRENCH, table=3)


def test_units_footers_and_titles_are_said():
    grid = grid_of("Made by nobody\n" + SHAPES["units"].content + "Source: nobody\n")
    assert grid.units == ("", "USD", "%")
    said = " ".join(map(str, grid.steps))
    assert "titles: line 1 left out ('Made by nobody')" in said
    assert "footers: text from line 30 on left out ('Source: nobody')" in said


RAGGED = {
    "short": ("Date,A,B\n" + rows("{d},{x},{v}") + "2022-02-01,5\n" + rows("{d},{x},{v}"), "line 28 .* 2 cells"),
    "long": ("Date,A,B\n" + rows("{d},{x},{v}") + "2022-02-01,5,6,7\n" + rows("{d},{x},{v}"), "line 28 .* 4 cells"),
    "first": ("Date,A,B\n2022-01-01,5\n" + rows("{d},{x},{v}"), "line 2 .* has 2 cells, but the other rows have 3"),
    "cut off": ("Date,A,B\n" + rows("{d},{x},{v}") + "2022-02-01,1", "line 28 .* has 2 cells"),
    "unquoted decimal comma": ("Datum,NAV\n" + rows("{d},{i},07"), "the header on line 1 .* 2 cells, .* rows have 3"),
    "another word for date": ("Stichtag,Kurs\n" + rows("{d},{i},07"), "decimal comma must be quoted"),
    "unclosed": ("Date,A\n" + rows("{d},{x}") + '"2022,5\n', "a quotation mark in the text from line 28 on"),
    "header only": ("Date,A\n", "has a header but no rows"),
    "zero byte": ("Date,A\n2022-01-01,5\0\n" + rows("{d},{x}"), "zero bytes"),
    "control": ("Date,A\n2022-01-01,5\x01\n" + rows("{d},{x}"), "control characters"),
}  # fmt: skip


@pytest.mark.usefixtures("counted")
@pytest.mark.parametrize("case", RAGGED)
def test_lines_that_make_no_table_are_refused_by_number(case):
    content, message = RAGGED[case]
    with pytest.raises(InvalidInputError, match=message):
        grid_of(content)


def test_a_stated_separator_is_used():
    assert grid_of("sep=\t\nDate\tA,B\n" + rows("{d}\t{x}")).headers == (("Date", "A,B"),)
    assert grid_of("Date;A,B\n" + rows("{d};{x}"), separator=";").headers == (("Date", "A,B"),)
    assert sniff(source_of("Date A\n" + rows("{d} {x}")), separator="blanks").separator == " "
    with pytest.raises(InvalidInputError, match=r"separator \(--separator\) must be one character"):
        grid_of("Date;A\n" + rows("{d};{x}"), separator="||")
