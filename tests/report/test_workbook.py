"""A report as an Excel workbook, read back by another package: values, types, names of sheets, and no formulas."""

import re
import sys
import zipfile
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from riskresearch.core import InvalidInputError, OptionalDependencyError
from riskresearch.report import build_report
from riskresearch.report._export import frames_of
from riskresearch.report._workbook import LONGEST_NAME, sheet_names, workbook
from tests.examples import examples

CONVENTIONS = pd.DataFrame({"Value": {"Dates": "=1+1"}}).rename_axis("Convention")


@pytest.fixture
def sheets():
    pytest.importorskip("xlsxwriter", minversion="3.1")
    calamine = pytest.importorskip("python_calamine")

    def read(path) -> dict[str, list[list[object]]]:
        book = calamine.CalamineWorkbook.from_path(str(path))
        return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}

    return read


def test_conventions_come_first_and_each_table_has_a_sheet(report, sheets, tmp_path):
    path = report.to_excel(tmp_path / "numbers.xlsx")
    found = sheets(path)
    assert list(found) == ["conventions", *frames_of(report.tables)]
    assert [row[:2] for row in found["conventions"][1:4]] == [
        [str(name), str(value)] for name, value in report.tables.conventions["Value"].iloc[:3].items()
    ]
    first = found["returns"][1]
    assert first[0] == report.tables.returns.index[0].date()
    assert first[1] == pytest.approx(report.tables.returns.iloc[0, 0], rel=1e-14)
    assert [row[0] for row in found["headline"][1:]] == list(report.tables.headline.index)


def test_percent_and_dates_have_their_formats(report, sheets, tmp_path):
    path = report.to_excel(tmp_path / "numbers.xlsx")
    with zipfile.ZipFile(path) as book:
        styles = book.read("xl/styles.xml").decode()
        formats = re.findall(r'<xf numFmtId="(\d+)"', styles.partition("<cellXfs")[2])
        custom = dict(re.findall(r'numFmtId="(\d+)" formatCode="([^"]+)"', styles)) | {"10": "0.00%", "3": "#,##0"}
        returns, headline = (
            book.read(f"xl/worksheets/sheet{2 + list(frames_of(report.tables)).index(name)}.xml").decode()
            for name in ("returns", "headline")
        )

    def format_of(sheet: str, cell: str) -> str:
        style = re.search(rf'<c r="{cell}" s="(\d+)"', sheet)[1]
        return custom[formats[int(style)]]

    assert format_of(returns, "A2") == "yyyy-mm-dd"
    assert format_of(returns, "B2") == "0.00%"
    rows = {label: f"B{row}" for row, label in enumerate(report.tables.headline.index, start=2)}
    assert format_of(headline, rows["Max drawdown"]) == "0.00%"
    assert format_of(headline, rows["Sharpe ratio"]) == "#,##0.00##"
    assert format_of(headline, rows["Beta"]) == "#,##0.00##"


@pytest.mark.usefixtures("few_draws")
@pytest.mark.filterwarnings("ignore:.* extrapolates .* to a year")
def test_names_of_users_are_text_and_never_formulas_or_links(sheets, tmp_path):
    names = ["=cmd|' /C calc'!A0", "+1", "@SUM(A1)", "-2+3", "{=1+1}", "https://example.org", "A\x00B", "12"]
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(rng.normal(0, 0.01, (40, 8)), index=pd.bdate_range("2024-01-01", periods=40), columns=names)
    report = build_report(frame, title="=1+1", sections=["assets", "correlation"], source="=HYPERLINK(1)")
    path = report.to_excel(tmp_path / "numbers.xlsx")
    written = [name if name != "A\x00B" else "A␀B" for name in names]
    assert [row[0] for row in sheets(path)["assets"][1:]] == written
    assert sheets(path)["correlation"][0][1:9] == written
    with zipfile.ZipFile(path) as book:
        for name in book.namelist():
            if name.startswith("xl/worksheets"):
                text = book.read(name).decode()
                assert "<f>" not in text
                assert "<hyperlink" not in text


def test_cells_of_every_kind_are_written(sheets, tmp_path):
    pytest.importorskip("xlsxwriter")
    frame = pd.DataFrame(
        {
            "when": pd.to_datetime(["2024-01-02 09:30", None]), "ratio": [1.5, np.nan], "count": [3, 4],
            "yes": [True, False], "far": [np.inf, -np.inf], "text": ["=A1", None], "long": ["x" * 40_000, ""],
        },
        index=pd.Index([1e308, 2.0], name="huge"),
    )  # fmt: skip
    path = tmp_path / "cells.xlsx"
    path.write_bytes(workbook("cells", {"conventions": CONVENTIONS, "cells": frame}))
    head, first, second = sheets(path)["cells"]
    assert head == ["huge", "when", "ratio", "count", "yes", "far", "text", "long"]
    assert first[0] == "1e+308"
    assert str(first[1]) == "2024-01-02 09:30:00"
    assert first[2:7] == [1.5, 3.0, True, "Infinity", "=A1"]
    assert len(first[7]) == 32_767
    assert second[1:7] == ["", "", 4.0, False, "-Infinity", ""]
    assert sheets(path)["conventions"][1] == ["Dates", "=1+1"]


def test_the_same_report_is_the_same_bytes(report):
    pytest.importorskip("xlsxwriter")
    assert workbook(report.title, report.tables) == workbook(report.title, report.tables)


def test_more_rows_than_a_sheet_are_refused(monkeypatch):
    pytest.importorskip("xlsxwriter")
    monkeypatch.setattr("riskresearch.report._workbook.MOST_ROWS", 10)
    frame = pd.DataFrame({"a": range(11)})
    with pytest.raises(InvalidInputError, match=r"a sheet of Excel holds 10 rows .* but the table 'long' has 11"):
        workbook("long", {"conventions": CONVENTIONS, "long": frame})


def test_without_the_package_the_error_names_the_extra(report, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(OptionalDependencyError, match=r'needs xlsxwriter: pip install "riskresearch\[excel\]"'):
        report.to_excel(tmp_path / "numbers.xlsx")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["a", "A", "a"], ["a", "A (2)", "a (3)"]),
        (["[x]:*?/\\"], ["_x______"]),
        (["'quoted'", "", "History"], ["quoted", "table", "History (2)"]),
        (["x" * 40, "x" * 41], ["x" * 31, "x" * 27 + " (2)"]),
    ],
)
def test_sheets_have_names_that_excel_allows(names, expected):
    assert sheet_names(names) == expected


@given(st.lists(st.text(max_size=50), max_size=30))
@examples(50)
def test_names_of_sheets_are_always_valid_and_unique(names):
    found = sheet_names(names)
    assert len(found) == len(names)
    assert len({name.casefold() for name in found}) == len(found)
    for name in found:
        assert 0 < len(name) <= LONGEST_NAME
        assert not set(name) & set("[]:*?/\\")
        assert not name.startswith("'")
        assert not name.endswith("'")


def test_the_date_of_the_workbook_is_not_that_of_its_making(report, tmp_path):
    pytest.importorskip("xlsxwriter")
    path = report.to_excel(tmp_path / "numbers.xlsx")
    with zipfile.ZipFile(path) as book:
        assert "2000-01-01T00:00:00Z" in book.read("docProps/core.xml").decode()
        assert date.today().isoformat() not in book.read("docProps/core.xml").decode()
