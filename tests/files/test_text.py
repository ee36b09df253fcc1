"""Cells as pandas reads them, and those that stay as they are written."""

import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

import riskresearch
from riskresearch.core import InvalidInputError
from riskresearch.files._read_grid import read_grid
from riskresearch.files._source import read_source
from tests.examples import examples
from tests.files.written_tables import rows


def grid_of(content):
    return read_grid(read_source(io.BytesIO(content.encode())))


@pytest.mark.parametrize(
    "cell",
    ["005930", "1E5", "inf", "-Infinity", "nan", "NaN", "1_000", "0x1F", "1 234", ".", "-", "1e400", "True", "1,5",
     "12345678901234567890", "-9223372036854775809", "9223372036854775808", "(5)", "5%", "00", "1.5.2", "²"],
)  # fmt: skip
@pytest.mark.parametrize("place", [0, 13, 25])
def test_what_is_no_plain_number_stays_text(cell, place):
    content = "Date;A;B\n" + "".join(f"2022-01-{i + 1:02d};{cell if i == place else 7};{i}.5\n" for i in range(26))
    grid = grid_of(content)
    assert grid.columns[1].dtype == object
    assert grid.columns[1][place] == cell
    assert grid.columns[1][(place + 1) % 26] == "7"


@pytest.mark.parametrize("gap", [False, True])
def test_a_column_of_codes_stays_text_also_with_a_cell_missing(gap):
    codes = ["005930", "000660", "" if gap else "035420"]
    grid = grid_of("code,w\n" + "".join(f"{code},0.3\n" for code in codes))
    assert grid.columns[0].tolist() == codes


def test_long_integers_with_a_gap_lose_no_digit():
    grid = grid_of("t,r\n1641168000000000001,1.5\n,2.5\n1641168000000000003,3.5\n")
    assert grid.columns[0].tolist() == ["1641168000000000001", "", "1641168000000000003"]
    assert grid_of("t,r\n1641168000000000001,1.5\n1641168000000000003,3.5\n").columns[0].dtype == np.int64


def test_empty_cells_are_missing_numbers_and_empty_texts():
    grid = grid_of("Date,A,B\n2022-01-03,1.5,\n2022-01-04,,x\n,2.5,y\n2022-01-05,1,z\n")
    np.testing.assert_array_equal(grid.columns[1], [1.5, np.nan, 2.5, 1.0])
    assert grid.columns[2].tolist() == ["", "x", "y", "z"]
    assert grid.columns[0][2] == ""


def test_text_far_below_numbers_makes_the_column_text_as_it_is_written():
    content = "Date,A\n" + rows("{d},1.50") * 2_000 + "2023-01-01,halted\n" + rows("{d},1.50")
    grid = grid_of(content)
    assert set(grid.columns[1]) == {"1.50", "halted"}
    assert grid.place(int(np.flatnonzero(grid.columns[1] == "halted")[0])) == f"line {26 * 2_000 + 2}"


def test_three_digits_behind_a_point_stay_text_beside_decimal_commas():
    grid = grid_of("Datum;A;B\n" + rows("{d};1.234;1{i},5"))
    assert grid.columns[1][0] == "1.234"
    body = rows("{d};1.234;{v};1.25") * 2_000
    grid = grid_of("Datum;A;B;C\n" + body + "2022-01-03;1.234;1,5;1.25\n" + body)
    assert (grid.columns[1][0], grid.columns[2][26 * 2_000], grid.columns[3][0]) == ("1.234", "1,5", 1.25)
    assert grid_of("Datum;A;B\n" + rows("{d};1.234;1{i}")).columns[1].dtype == object
    assert grid_of("Datum,A,B\n" + rows("{d},1.234,1{i}")).columns[1].dtype == np.float64


def test_blanks_around_cells_are_removed():
    grid = grid_of('Date , "A" , B\n' + rows('{d} , "x y" ,  {x} '))
    assert grid.headers == (("Date", "A", "B"),)
    assert (grid.columns[0][0], grid.columns[1][0], grid.columns[2][0]) == ("2022-01-03", "x y", 100.0)


@examples(60)
@given(
    st.lists(
        st.lists(st.floats(allow_nan=False, allow_infinity=False) | st.none(), min_size=3, max_size=3),
        min_size=2, max_size=30,
    )
)  # fmt: skip
def test_floats_survive_to_csv_and_back_bit_for_bit(table):
    frame = pd.DataFrame(table, columns=["A", "B", "C"], dtype=float)
    frame.index = pd.date_range("2020-01-01", periods=len(frame))
    grid = grid_of(frame.to_csv(index_label="Date"))
    if grid.headers != (("Date", "A", "B", "C"),):
        return
    for name, cells in zip("ABC", grid.columns[1:], strict=True):
        values = pd.to_numeric(pd.Series(cells)).to_numpy(float) if cells.dtype == object else cells
        np.testing.assert_array_equal(values, frame[name].to_numpy())


def test_ragged_lines_far_below_the_head_of_a_large_text_are_found(monkeypatch):
    monkeypatch.setattr("riskresearch.files.text._cells.UNCOUNTED_BYTES", 0)
    body = rows("{d},{x},{v}") * 300
    for bad, cells in (("2022-02-01,5", 2), ("2022-02-01,5,6,7", 4), ("2022-02-01", 1), ("", None), (",,", None)):
        content = f"Date,A,B\n{body}{bad}\n{body}"
        if cells is None:
            assert len(grid_of(content).lines) == 2 * 26 * 300
        else:
            with pytest.raises(InvalidInputError, match=f"line {26 * 300 + 2} .* has {cells} cell"):
                grid_of(content)
    grid = grid_of(f"Date,A,B\n{body}2022-02-01,5,\n{body}")
    assert np.isnan(grid.columns[2][26 * 300])


def test_a_large_text_shows_progress_on_request(monkeypatch, capsys):
    monkeypatch.setattr("riskresearch.files.text._cells.SLOW_BYTES", 1_000_000)
    monkeypatch.setattr("riskresearch.files.text._lines.SLOW_BYTES", 1_000_000)
    content = "Date,A,B\n" + rows("{d},{x},{v}") * 4_000
    with riskresearch.options.context(progress=True):
        watched = grid_of(content)
    assert "reading the stream: 100%" in (shown := capsys.readouterr().err)
    assert "lines of the stream" in shown
    with riskresearch.options.context(progress=False):
        np.testing.assert_array_equal(grid_of(content).columns[1], watched.columns[1])
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("name", "most", "content", "message"),
    [
        ("MOST_ROWS", 100, "Date,A\n" + rows("{d},{x}") * 10, "at most 100 rows, got 261"),
        ("MOST_CELLS", 300, "Date,A\n" + rows("{d},{x}") * 10, "at most 300 cells, got about 5"),
        (
            "MOST_COLUMNS",
            50,
            f"Date{',A' * 60}\n2022-01-03{',1' * 60}\n",
            "at most 50 columns, but line 1 has 61 cells",
        ),
    ],
)
def test_tables_beyond_the_bounds_are_refused(monkeypatch, name, most, content, message):
    monkeypatch.setattr(f"riskresearch.files._limits.{name}", most)
    with pytest.raises(InvalidInputError, match=message):
        grid_of(content)


def test_cells_of_a_million_characters_are_refused_at_once():
    for cell in ("x" * 1_000_000, "9" * 1_000_000, "1," * 500_000, '"' + "y" * 1_000_000 + '"', "1." * 500_000):
        with pytest.raises(InvalidInputError, match=r"line 3 .*(a cell of more than 100,000 bytes|has 500,002 cells)"):
            grid_of(f"Date,A\n2022-01-03,1\n2022-01-04,{cell}\n2022-01-05,3\n2022-01-06,3\n")
