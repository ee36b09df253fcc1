"""A report as JSON: strict, as its schema says, and with the numbers of the tables."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from riskresearch.report import build_file_report, build_report
from riskresearch.report._export import as_json, columns_of, frames_of, plain

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "report_schema.json").read_text(encoding="utf-8"))
FITS = {
    "number": lambda cell: isinstance(cell, int | float) or cell in ("Infinity", "-Infinity"),
    "integer": lambda cell: isinstance(cell, int),
    "boolean": lambda cell: isinstance(cell, bool),
    "string": lambda cell: isinstance(cell, str),
    "date": lambda cell: pd.Timestamp(cell) is not pd.NaT,
    "any": lambda cell: True,
}


def strict(text: str):
    def refuse(constant):
        raise AssertionError(f"{constant} is no JSON")

    return json.loads(text, parse_constant=refuse)


def check_schema(found) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(found, SCHEMA)
    for table in found["tables"].values():
        for row in table["rows"]:
            assert len(row) == len(table["columns"])
            for column, cell in zip(table["columns"], row, strict=True):
                assert cell is None or FITS[column["type"]](cell), (column, cell)


def test_every_table_of_the_page_is_there_as_the_schema_says(report):
    found = strict(report.to_json())
    check_schema(found)
    assert found == report.to_dict()
    assert {name.partition(".")[0] for name in found["tables"]} == set(report.tables) - {"conventions"}
    assert {"sizing.measures", "sizing.growth", "breaker.growth"} <= set(found["tables"])
    assert found["conventions"] == report.tables.conventions["Value"].to_dict()
    assert found["verdict"] == report.verdict
    assert found["checksums"]["returns"] == report.tables.conventions.loc["SHA-256 of returns", "Value"]
    assert found["parameters"]["level"] == 0.975
    assert found["notes"] == list(report.notes)
    assert any(note.startswith("Mind") for note in found["notes"])


def test_numbers_and_dates_come_back_to_the_last_bit(report):
    table = strict(report.to_json())["tables"]["returns"]
    frame = pd.DataFrame(table["rows"], columns=[column["name"] for column in table["columns"]]).set_index("date")
    np.testing.assert_array_equal(frame.to_numpy(dtype=float), report.tables.returns.to_numpy())
    assert list(pd.to_datetime(frame.index)) == list(report.tables.returns.index)


@pytest.mark.usefixtures("few_draws")
@pytest.mark.filterwarnings("ignore:.* extrapolates .* to a year")
def test_a_short_history_has_null_for_what_is_unknown(stocks):
    found = strict(build_report(stocks["AAA"][:10]).to_json())
    check_schema(found)
    assert {row[1] for row in found["tables"]["intervals"]["rows"]} == {None}


@pytest.mark.usefixtures("few_draws")
@pytest.mark.filterwarnings("ignore:.* extrapolates .* to a year")
def test_files_are_there_with_their_checksums(tmp_path):
    path = tmp_path / "fund.csv"
    path.write_text("date,FUND\n2024-01-02,100\n2024-01-03,98\n2024-01-04,101\n2024-01-05,102\n")
    report = build_file_report(path, sections=["growth"], capital=1000)
    found = strict(report.to_json(tmp_path / "fund.json"))
    assert (tmp_path / "fund.json").read_text(encoding="utf-8") == report.to_json()
    check_schema(found)
    assert found["checksums"]["files"][0]["name"] == "fund.csv"
    assert found["parameters"]["capital"] == 1000.0
    assert found["parameters"]["sections"] == ["growth"]


def test_cells_of_every_kind_are_plain():
    minute = pd.Timestamp("2024-01-02 09:30")
    cells = [np.float64(0.5), np.int64(3), np.bool_(True), float("nan"), np.inf, -np.inf, None, pd.NaT, pd.NA, minute]
    plains = [0.5, 3, True, None, "Infinity", "-Infinity", None, None, None, "2024-01-02T09:30:00"]
    assert [plain(cell) for cell in cells] == plains
    assert plain("\udcff") == "\N{REPLACEMENT CHARACTER}"
    assert plain(pd.Period("2024-01", "M")) == "2024-01"
    assert strict(as_json({"cells": plains})) == {"cells": plains}


def test_columns_are_typed_and_those_of_the_index_come_first():
    index = pd.MultiIndex.from_tuples([("a", 1), ("b", 2)], names=["Measure", None])
    frame = pd.DataFrame({("x", "y"): [1.5, np.nan], "when": pd.to_datetime(["2024-01-02", None])}, index=index)
    assert [(name, kind) for name, kind, _ in columns_of(frame)] == [
        ("Measure", "string"), ("index", "integer"), ("x y", "number"), ("when", "date"),
    ]  # fmt: skip


def test_records_become_one_frame_for_each_of_theirs(report):
    frames = frames_of({"sizing": report.tables.sizing, "bets": pd.Series({"a": 1.0}), "conventions": None})
    assert list(frames) == ["sizing", "sizing.measures", "sizing.growth", "bets"]
    assert frames["sizing"].loc["tests", "value"] == report.tables.sizing.tests
    assert frames["bets"]["value"].tolist() == [1.0]
