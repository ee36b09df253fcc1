"""`read`, whole: files in the shapes that people download, the refusals, and what is said of each decision."""

import dataclasses
import io
import pathlib
import warnings

import numpy as np
import pandas as pd
import pytest

import riskresearch as rr
from riskresearch.core import InvalidInputError
from riskresearch.files import DataFile, read
from riskresearch.files._grid import Step
from tests.files.shapes import AAA, BBB, PLAIN, SHAPES, day, text


@pytest.fixture
def write(tmp_path):
    def write_file(content: str | bytes, name: str = "data.csv"):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write_file


@pytest.mark.parametrize("shape", SHAPES)
def test_a_table_in_a_usual_shape_is_read_right(write, shape):
    sample = SHAPES[shape]
    file = read(write(sample.content, sample.name), **sample.options)
    assert (file.shape, file.kind) == (sample.shape, sample.kind)
    assert list(file.values.columns) == list(sample.values)
    assert np.array_equal(file.values.index.tz_localize(None), sample.dates)
    assert file.values.index.name == "date"
    for name, numbers in sample.values.items():
        np.testing.assert_allclose(file.values[name], numbers, rtol=1e-12)
    assert file.values.to_numpy().dtype == np.float64


@pytest.mark.parametrize("shape", SHAPES)
def test_each_decision_is_said(write, shape):
    sample = SHAPES[shape]
    file = read(write(sample.content, sample.name), **sample.options)
    assert {"dates", "shape", "kind"} <= {step.name for step in file.steps}
    assert all(isinstance(step, Step) and step.decision for step in file.steps)
    shown = file.summary()
    for step in file.steps:
        assert step.decision in shown
    assert file.call in shown
    assert repr(file) in shown


@pytest.mark.parametrize("shape", SHAPES)
def test_the_line_that_is_shown_reads_the_file_in_the_same_way(write, shape):
    sample = SHAPES[shape]
    path = write(sample.content, sample.name)
    file = read(path, **sample.options)
    again = eval(file.call, {"rr": rr})
    pd.testing.assert_frame_equal(again.values, file.values)
    assert again.steps == file.steps


def test_every_source_gives_the_same_numbers(write, monkeypatch):
    path = write(PLAIN)
    file = read(path)
    with path.open("rb") as stream:
        streamed = read(stream)
    assert streamed.call == "rr.read(stream)"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(PLAIN)))
    piped = read("-")
    for other in (read(str(path)), streamed, piped):
        pd.testing.assert_frame_equal(other.values, file.values)
        assert other.sha256 == file.sha256


def test_returns_and_prices_follow_from_the_values(write):
    file = read(write(PLAIN))
    np.testing.assert_allclose(file.returns["AAA"], AAA[1:] / AAA[:-1] - 1.0)
    pd.testing.assert_frame_equal(file.prices, file.values)
    assert file.to_frame() is file.values
    sample = SHAPES["percent signs"]
    returns = read(write(sample.content))
    np.testing.assert_allclose(returns.prices["Fund"], np.cumprod(1.0 + sample.values["Fund"]))


def test_the_fields_of_bars_are_typed(write):
    file = read(write(SHAPES["quoted, thousands, volumes in M"].content))
    assert list(file.table) == ["Price", "Open", "High", "Low", "Vol."]
    np.testing.assert_allclose(file.table["Price"], BBB)
    np.testing.assert_allclose(file.table["Vol."], [1e6 * (1.2 + n / 100) for n in range(len(BBB))])
    assert (file.table["High"] >= file.table["Low"]).all()


def test_fills_are_a_typed_table_without_prices(write):
    rows = text("time,symbol,side,quantity,price,fee", lambda n: f"{day(n)} 10:30:00,AAA,BUY,{n + 1},{AAA[n]},0.5")
    file = read(write(rows))
    assert (file.shape, file.kind) == ("fills", "")
    assert file.to_frame()["price"].tolist() == AAA.tolist()
    assert file.to_frame()["date"].iloc[0] == pd.Timestamp(f"{day(0)} 10:30")
    for wanted in ("prices", "returns"):
        told = rf"holds fills and no {wanted}: its rows are in \.to_frame.*Ledger\.from_fills"
        with pytest.raises(InvalidInputError, match=told):
            getattr(file, wanted)


def test_a_result_is_frozen_and_plain(write):
    file = read(write(PLAIN))
    with pytest.raises(dataclasses.FrozenInstanceError):
        file.kind = "returns"
    assert isinstance(file, DataFile)
    assert "0x" not in repr(file)
    assert "<table>" in file._repr_html_()


def test_stated_columns_and_dropped_ones(write):
    path = write(SHAPES["bars"].content)
    assert list(read(path, columns="Open").values) == ["Open"]
    assert list(read(path, columns=["High", "Low"]).values) == ["High", "Low"]
    assert read(path, drop=["Open", "High", "Low", "Volume"]).shape == "wide"
    long = write(SHAPES["long"].content, "long.csv")
    assert list(read(long, columns="BBB").values) == ["BBB"]
    for name, value in (("columns", "Opne"), ("drop", "Opne")):
        with pytest.raises(InvalidInputError, match=rf"{name} .* must name columns of data\.csv.* Did you mean 'Open'"):
            read(path, **{name: value})
    with pytest.raises(InvalidInputError, match=r"columns .*must name .*got 'CCC'"):
        read(long, columns="CCC")


REFUSED = {
    "empty": ("", "data.csv is empty"),
    "binary": (b"\x89PNG\r\n\x1a\n\x00\xff\xfe" * 9, "data.csv"),
    "one column": ("date\n2020-01-01\n2020-01-02\n", "data.csv"),
    "no dates": ("x,AAA\nred,1\nblue,2\n", "has no column of dates: its columns are 'x' (first cell 'red')"),
    "weights": ("AAPL,0.6\nMSFT,0.4\n", "pass the file as weights= (--weights)"),
    "transposed": ("name,2020-01-01,2020-01-02,2020-01-03\nAAA,1,2,3\nBBB,1,2,3\n", "Its dates run along a row"),
    "no numbers": ("date,word\n2020-01-01,so\n2020-01-02,so\n", "no column of numbers beside its dates"),
    "both orders of day and month": (
        "date,AAA\n01/02/2021,100\n02/02/2021,101\n03/02/2021,99\n", 'date_format="%d/%m/%Y" (--date-format'
    ),
    "impossible date": ("date,AAA\n2020-01-01,100\n2020-02-30,101\n", "2020-02-30"),
    "a date twice": ("date,AAA\n2020-01-01,100\n2020-01-02,101\n2020-01-02,102\n", "twice, on lines 3 and 4"),
    "a ticker twice": (
        "date,ticker,close\n2020-01-01,A,1\n2020-01-01,B,2\n2020-01-02,A,3\n2020-01-02,A,4\n",
        "one row per date and ticker, but has 'A' twice on 2020-01-02, on lines 4 and 5",
    ),
    "text among numbers": ("date,AAA,BBB\n2020-01-01,100,1\n2020-01-02,forty,2\n2020-01-03,101,3\n", "'forty'"),
    "a short row": ("date,AAA,BBB\n2020-01-01,100,50\n2020-01-02,110\n2020-01-03,99,51\n2020-01-06,1,2\n", "line 3"),
    "the same name twice": ("date,AAA,AAA\n2020-01-01,1,2\n2020-01-02,2,3\n", "'AAA' twice"),
    "an empty column": ("date,AAA,BBB\n2020-01-01,100,\n2020-01-02,101,\n2020-01-03,99,\n", ""),
    "a price of zero": ("date,AAA\n2020-01-01,100\n2020-01-02,0\n2020-01-03,101\n2020-01-06,102\n", "price of zero"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_read_is_refused_in_one_line_of_ours(write, case):
    content, message = REFUSED[case]
    path = write(content)
    if not message:  # an empty column is no column
        assert list(read(path).values) == ["AAA"]
        return
    with pytest.raises(InvalidInputError) as refusal:
        read(path)
    assert message in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_folders_and_absent_files_are_refused(tmp_path):
    with pytest.raises(InvalidInputError, match="Is a directory"):
        read(tmp_path)
    with pytest.raises(InvalidInputError, match="No such file"):
        read(tmp_path / "absent.csv")


def test_memory_that_is_not_there_is_an_error_of_the_file(write, monkeypatch):
    def greedy(*_, **__):
        raise MemoryError

    monkeypatch.setattr("riskresearch.files._read.read_grid", greedy)
    with pytest.raises(InvalidInputError, match=r"data\.csv needs more memory than there is"):
        read(write(PLAIN))


def test_an_argument_out_of_its_choices_is_refused(write):
    path = write(PLAIN)
    with pytest.raises(InvalidInputError, match="kind must be"):
        read(path, kind="levels")
    with pytest.raises(InvalidInputError, match="shape must be"):
        read(path, shape="tall")


def test_reading_warns_of_nothing_that_is_ordinary(write):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for sample in SHAPES.values():
            read(write(sample.content, sample.name), **sample.options)


def test_the_bundled_stocks_come_back_from_a_file(tmp_path):
    stocks = rr.datasets.load("equities_adj_close")
    path = pathlib.Path(tmp_path, "stocks.csv")
    stocks.to_csv(path)
    with pytest.warns(rr.core.ConventionWarning, match="fell by 52% on 2000-09-29: a real move, or a split"):
        file = read(path)
    pd.testing.assert_frame_equal(file.values, stocks, check_names=False, check_freq=False, check_index_type=False)


def test_encoding_and_separator_can_be_stated(write):
    path = write("date;Société\n2020-01-02;100\n2020-01-03;101\n2020-01-06;99\n".encode("cp1250"))
    file = read(path, encoding="cp1250", separator=";")
    assert list(file.values) == ["Société"]
    assert "encoding='cp1250', separator=';'" in file.call
    with pytest.raises(InvalidInputError, match="encoding"):
        read(path, encoding="no such")


def test_the_growth_of_a_file_is_drawn(write):
    pytest.importorskip("matplotlib").use("agg")
    axes = read(write(PLAIN)).plot()
    assert len(axes.get_lines()) >= 2
    np.testing.assert_allclose(axes.get_lines()[0].get_ydata()[-1], AAA[-1] / AAA[0])


def test_the_rows_of_a_year_and_the_gaps_are_said(write):
    days = pd.bdate_range("2023-01-02", periods=300).delete(slice(100, 160))
    prices = pd.Series(np.linspace(100.0, 110.0, len(days)), index=days, name="Fund")
    steps = {step.name: str(step) for step in read(write(prices.to_csv(index_label="date"))).steps}
    assert steps["rows"] == "rows: 252 a year (Monday to Friday)"
    assert steps["gaps"].startswith("gaps: 60 of 300 sessions without a row, in 1 gap; the longest from 2023-05-19")
    ticks = pd.DatetimeIndex(
        ["2023-01-02 10:00:03", "2023-01-02 10:00:11", "2023-01-02 10:07:12", "2023-01-02 11:00:01"]
    )
    steps = [step.name for step in read(write(prices[:4].set_axis(ticks).to_csv(index_label="time"))).steps]
    assert "gaps" not in steps
