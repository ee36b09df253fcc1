"""Workbooks, Parquet, Arrow and JSON. Expected values are those that were written."""

import datetime
import decimal
import io
import json
import random

import numpy as np
import pandas as pd
import pytest

from riskresearch.core import InvalidInputError, RiskResearchError
from riskresearch.files._read_grid import read_grid
from riskresearch.files._source import read_source
from riskresearch.files.formats._sheets import sheets_of
from tests.files.workbooks import xlsx

DAYS = [datetime.datetime(2022, 1, 3) + datetime.timedelta(days=day) for day in range(20)]
ROWS = [[day, 100.5 + number, 1000 + number] for number, day in enumerate(DAYS)]
NAMES = ["Date", "A", "B"]
FRAME = pd.DataFrame({"A": [1.5, 2.0, 3.25], "B": [1, 2, 3]}, index=pd.DatetimeIndex(DAYS[:3]))


def grid_of(content, **options):
    return read_grid(read_source(io.BytesIO(content if isinstance(content, bytes) else content.encode())), **options)


def parquet(frame):
    stream = io.BytesIO()
    frame.to_parquet(stream)
    return stream.getvalue()


def arrow(frame, *, stream):
    pa = pytest.importorskip("pyarrow")
    table, target = pa.Table.from_pandas(frame), io.BytesIO()
    with (pa.ipc.new_stream if stream else pa.ipc.new_file)(target, table.schema) as writer:
        writer.write_table(table)
    return target.getvalue()


# --- workbooks


@pytest.fixture
def workbook():
    pytest.importorskip("python_calamine")
    return xlsx


SHEETS = {
    "plain": ([NAMES, *ROWS], (tuple(NAMES),), 2),
    "titles, units, source": (
        [["Fund Acme"], ["Currency", "EUR"], [], NAMES, [None, "USD", "%"], *ROWS, [], ["Source: nobody"]],
        (tuple(NAMES),), 6,
    ),
    "below a title, off the edge": (
        [[], [None, None, "Title"], [], [None, None, *NAMES], *([None, None, *row] for row in ROWS)],
        (tuple(NAMES),), 5,
    ),
    "no header": (ROWS, (), 1),
    "years as names": ([["Date", 2020, 2021], *ROWS], (("Date", "2020", "2021"),), 2),
    "an empty row between": ([NAMES, *ROWS[:9], [], *ROWS[9:]], (tuple(NAMES),), 2),
}  # fmt: skip


@pytest.mark.parametrize("case", SHEETS)
def test_a_sheet_is_read_with_its_types(workbook, case):
    rows, headers, first = SHEETS[case]
    grid = grid_of(workbook({"Prices": rows}))
    assert grid.headers == headers
    assert grid.place(0) == f"row {first}"
    assert grid.columns[0].equals(pd.DatetimeIndex(DAYS).as_unit(grid.columns[0].unit))
    assert grid.columns[1].tolist() == [row[1] for row in ROWS]
    assert grid.columns[2].dtype == np.int64


def test_the_only_sheet_with_a_table_is_read_and_one_of_several_is_chosen(workbook):
    assert "'P'" in str(grid_of(workbook({"Readme": [["hello"]], "P": [NAMES, *ROWS]})).steps[0])
    two = workbook({"P": [NAMES, *ROWS], "Q": [NAMES, *ROWS[3:]]})
    with pytest.raises(
        InvalidInputError, match=r"2 sheets with tables: 'P', 'Q'\. Choose one with sheet=\"P\" \(--sheet"
    ):
        grid_of(two)
    assert len(grid_of(two, sheet="Q").lines) == len(grid_of(two, sheet=2).lines) == len(ROWS) - 3
    with pytest.raises(InvalidInputError, match=r"sheet \(--sheet\) must be the name .* \('P', 'Q'\) .* got 'R'"):
        grid_of(two, sheet="R")
    with pytest.raises(InvalidInputError, match=r"sheet \(--sheet\) is for workbooks"):
        grid_of("Date,A\n2022-01-03,1\n", sheet="P")
    with pytest.raises(InvalidInputError, match="holds no table"):
        grid_of(workbook({"P": [["hello"]]}))


def test_dates_that_a_spreadsheet_left_as_text_are_told_apart_from_typed_ones(workbook):
    mixed = [[day if day.day > 12 else f"{day:%d/%m/%Y}", 1.5] for day in DAYS]
    cells = grid_of(workbook({"P": [["Date", "A"], *mixed]})).columns[0]
    assert (cells[0], cells[-1]) == ("03/01/2022", "2022-01-22")


def test_a_second_table_on_a_sheet_is_read_on_request(workbook):
    content = workbook({"P": [NAMES, *ROWS[:12], [], ["Date", "C"], *(row[:2] for row in ROWS[12:])]})
    assert len(grid_of(content).lines) == 12
    assert len(grid_of(content, table=2).lines) == 8


def test_a_far_cell_is_refused_before_its_sheet_is_in_memory(workbook):
    content = xlsx({"P": [NAMES, *ROWS]})
    far = xlsx({"P": [NAMES, *ROWS, *[[]] * 60_000, [None] * 700 + ["x"]]})
    assert len(far) < 10 * len(content) + 200_000
    with pytest.raises(InvalidInputError, match=r"must have at most 10,000,000 cells, got about 42,"):
        grid_of(far)


def test_older_workbooks_are_read_in_a_process_of_their_own(workbook):
    content = workbook({"P": [NAMES, *ROWS]})
    assert sheets_of(content, "p.xls", apart=True) == sheets_of(content, "p.xls", apart=False)
    with pytest.raises(InvalidInputError, match=r"p\.xls is no readable workbook: .*Save it again as xlsx"):
        sheets_of(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 junk", "p.xls", apart=True)


def test_damaged_workbooks_are_refused_or_read_as_they_were(workbook):
    content, rng = workbook({"P": [NAMES, *ROWS]}), random.Random(1)
    whole, refused = grid_of(content), 0
    for _ in range(60):
        place = rng.randrange(len(content))
        damaged = content[:place] + rng.randbytes(rng.randint(1, 9)) + content[place + rng.randint(0, 9) :]
        try:
            grid = grid_of(damaged)
        except RiskResearchError:
            refused += 1
            continue
        assert grid.headers == whole.headers
        assert all(map(np.array_equal, grid.columns, whole.columns))
    assert refused > 30


def test_a_panic_of_the_reader_is_a_refusal_and_an_interruption_is_none(workbook, monkeypatch):
    def raising(error):
        def from_filelike(stream):
            raise error

        return from_filelike

    calamine = pytest.importorskip("python_calamine")
    content = workbook({"P": [NAMES, *ROWS]})
    panic = type("PanicException", (BaseException,), {"__module__": "pyo3_runtime"})
    for error, expected in ((panic("out of range"), InvalidInputError), (KeyboardInterrupt(), KeyboardInterrupt)):
        reader = type("Reader", (), {"from_filelike": staticmethod(raising(error))})
        monkeypatch.setattr(calamine, "CalamineWorkbook", reader)
        with pytest.raises(expected):
            grid_of(content)


# --- Parquet and Arrow


@pytest.mark.parametrize("write", [parquet, lambda f: arrow(f, stream=True), lambda f: arrow(f, stream=False)])
def test_columnar_files_keep_types_and_the_index(write):
    grid = grid_of(write(FRAME))
    assert grid.headers == (("", "A", "B"),)
    assert list(grid.columns[0]) == list(FRAME.index)
    assert [cells.dtype for cells in grid.columns[1:]] == [np.float64, np.int64]
    assert grid_of(write(FRAME.reset_index(drop=True))).headers == (("A", "B"),)


def test_every_type_of_column_becomes_numbers_times_or_text():
    frame = pd.DataFrame(
        {
            "day": [day.date() for day in DAYS[:3]],
            "decimal": [decimal.Decimal("1.25"), decimal.Decimal("2.5"), None],
            "nullable": pd.array([1, None, 3], dtype="Int64"),
            "text": [" a", None, "c"],
            "category": pd.Categorical(["x", "y", None]),
            "flag": [True, False, True],
            "unsigned": np.array([1, 2, 2**64 - 1], dtype=np.uint64),
            "zone": pd.DatetimeIndex(DAYS[:3], tz="Europe/Berlin"),
        }
    )
    grid = grid_of(parquet(frame))
    cells = dict(zip(grid.headers[0], grid.columns, strict=True))
    assert list(cells["day"]) == [pd.Timestamp(day) for day in DAYS[:3]]
    np.testing.assert_array_equal(cells["decimal"], [1.25, 2.5, np.nan])
    np.testing.assert_array_equal(cells["nullable"], [1, np.nan, 3])
    assert cells["text"].tolist() == ["a", "", "c"]
    assert cells["category"].tolist() == ["x", "y", ""]
    assert cells["flag"].tolist() == ["True", "False", "True"]
    assert cells["unsigned"].dtype == np.float64
    assert str(cells["zone"].tz) == "Europe/Berlin"


def test_indexes_of_months_and_of_two_levels_are_columns():
    months = FRAME.set_index(pd.Index([202201, 202202, 202203]))
    assert grid_of(parquet(months)).columns[0].tolist() == [202201, 202202, 202203]
    levels = FRAME.copy()
    levels.columns = pd.MultiIndex.from_tuples([("A", "Close"), ("A", "Volume")])
    assert grid_of(parquet(levels)).headers == (("", "A", "A"), ("", "Close", "Volume"))


def test_damaged_and_large_columnar_files_are_refused(monkeypatch):
    for content, kind in (
        (parquet(FRAME)[:-30], "Parquet"), (b"PAR1junkPAR1", "Parquet"), (b"ARROW1\0\0junk", "Arrow"),
        (arrow(FRAME, stream=True)[:-400], "Arrow"), (arrow(FRAME, stream=False)[:-9], "Arrow"),
    ):  # fmt: skip
        with pytest.raises(InvalidInputError, match=f"is no readable {kind} file"):
            grid_of(content)
    with pytest.raises(InvalidInputError, match="has columns but no rows"):
        grid_of(parquet(FRAME.iloc[:0]))
    monkeypatch.setattr("riskresearch.files._limits.MOST_CELLS", 8)
    for content in (parquet(FRAME), arrow(FRAME, stream=True), arrow(FRAME, stream=False)):
        with pytest.raises(InvalidInputError, match="must have at most 8 cells, got about 9"):
            grid_of(content)


# --- JSON


@pytest.mark.parametrize("orient", ["columns", "index", "split", "table"])
def test_orientations_of_pandas_keep_the_index(orient):
    grid = grid_of(FRAME.to_json(orient=orient, date_format="iso"))
    assert grid.headers[0][1:] == ("A", "B")
    assert grid.columns[0][0] == "2022-01-03T00:00:00.000"
    assert grid.columns[1].tolist() == [1.5, 2.0, 3.25]
    assert grid.columns[2].tolist() == [1, 2, 3]


JSON = {
    "records": ([{"d": "2022-01-03", "a": 1.5}, {"d": "2022-01-04", "b": 2}], (("d", "a", "b"),), "Off"),
    "rows": ([[1641168000000, "46216.93"], [1641254400000, "46000.10"]], (), "iO"),
    "rows with names": ([["date", "close"], ["2022-01-03", 1.5]], (("date", "close"),), "Of"),
    "columns": ({"date": ["2022-01-03", "2022-01-04"], "close": [1, 2]}, (("date", "close"),), "Oi"),
    "epochs": ({"A": {"1641168000000": 1.5, "1641254400000": 2.5}}, (("", "A"),), "if"),
    "envelope": ({"status": "ok", "prices": [[1641168000000, 1.5], [1641254400000, 2.5]]}, (), "if"),
    "days in an envelope": (
        {"Meta": {"x": "y"}, "Daily": {"2022-01-03": {"open": "1.5"}, "2022-01-04": {"open": "2.5"}}},
        (("", "open"),), "OO",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", JSON)
def test_tables_in_json_are_read(case):
    content, headers, kinds = JSON[case]
    grid = grid_of(json.dumps(content))
    assert grid.headers == headers
    assert "".join(cells.dtype.kind for cells in grid.columns) == kinds


def test_json_lines_are_read():
    grid = grid_of('{"d": "2022-01-03", "a": 1}\n\n{"d": "2022-01-04", "a": null}\n')
    assert grid.headers == (("d", "a"),)
    np.testing.assert_array_equal(grid.columns[1], [1.0, np.nan])


JSON_REFUSED = {
    "nested": ('{"chart": {"result": [{"t": [1, 2]}]}}', r"another shape .* pandas\.json_normalize"),
    "nested cells": ('[{"a": {"b": 1}}, {"a": {"b": 2}}]', "its column 'a' holds lists or records"),
    "two tables": ('{"a": [[1, 2], [3, 4]], "b": [[1, 2], [3, 4]]}', "holds 2 tables: 'a', 'b'"),
    "cut off": ('[{"a": 1}, {"a"', "is no readable JSON"),
    "bad line": ('{"a": 1}\n{"a"\n', "line 2 of the stream is no readable JSON"),
    "ragged": ("[[1, 2], [3]]", "row 2 of the stream has 1 values, but the first has 2"),
    "unequal": ('{"a": [1, 2], "b": [1]}', "as many values in each column"),
    "empty": ("[]", "an empty list"),
    "no rows": ('{"a": {}}', "columns but no rows"),
    "deep": ("[" * 100_000, "is no readable JSON"),
    "digits": ('[{"a": ' + "9" * 5_000 + "}]", "is no readable JSON"),
}


@pytest.mark.parametrize("case", JSON_REFUSED)
def test_json_of_another_shape_is_refused_with_the_way_out(case):
    content, message = JSON_REFUSED[case]
    with pytest.raises(InvalidInputError, match=message):
        grid_of(content)
