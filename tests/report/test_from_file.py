"""The report on a file: benchmark, weights, and what the page says of how the file was read."""

import numpy as np
import pandas as pd
import pytest

from riskresearch import read
from riskresearch.core import ConventionWarning, InvalidInputError
from riskresearch.report import build_file_report, build_report

PRICES = "date,AAA,BBB\n2020-01-01,100,50\n2020-01-02,110,49\n2020-01-03,99,51\n2020-01-06,101,52\n2020-01-07,102,51\n"
RETURNS = "date,AAA,BBB\n2020-01-01,0.01,-0.02\n2020-01-02,-0.03,0.01\n2020-01-03,0.02,0.0\n"

pytestmark = [
    pytest.mark.usefixtures("few_draws"),
    pytest.mark.filterwarnings("ignore:.* extrapolates .* to a year"),  # a few rows will do here
]


@pytest.fixture
def write(tmp_path):
    def write_file(content: str | bytes, name: str = "data.csv"):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write_file


def test_a_benchmark_column_leaves_the_portfolio(write):
    report = build_file_report(write(PRICES), benchmark="BBB", sections=["headline"])
    assert list(report.tables.returns.columns) == ["AAA", "BBB"]
    np.testing.assert_allclose(report.tables.returns["AAA"], [0.1, -0.1, 101 / 99 - 1, 102 / 101 - 1])


def test_a_benchmark_column_is_not_said_to_be_unused(write):
    report = build_file_report(write(PRICES.replace("BBB", "Index")), benchmark="Index", sections=["headline"])
    assert "columns of the file that are not used" not in report.html
    assert "not used: Index (the benchmark)" in map(str, report.files[0].steps)


def test_a_benchmark_file_of_daily_prices_is_read_on_the_portfolio_s_dates(write):
    daily = "date,IDX\n" + "".join(f"2020-01-0{day},{100 + day}\n" for day in range(1, 9))
    report = build_file_report(write(PRICES), benchmark=write(daily, "index.csv"), sections=["headline"])
    np.testing.assert_allclose(
        report.tables.returns["IDX"], [102 / 101 - 1, 103 / 102 - 1, 106 / 103 - 1, 107 / 106 - 1]
    )
    assert "index.csv, read as prices: " in report.tables.conventions.loc["Data", "Value"]


@pytest.mark.parametrize("as_file", [False, True])
def test_weights_are_read_from_words_and_from_files(write, as_file):
    weights = write("name,weight\nBBB,0.25\nAAA,0.75\n", "weights.csv") if as_file else "AAA=0.75, BBB=0.25"
    report = build_file_report(write(PRICES), weights=weights, sections=["headline"])
    returns = read(write(PRICES)).returns
    np.testing.assert_allclose(report.tables.returns["Portfolio"], returns @ [0.75, 0.25])


def test_a_weights_file_needs_no_header(write):
    report = build_file_report(write(PRICES), weights=write("AAA,1\nBBB,0\n", "w.csv"), sections=["headline"])
    assert report.tables.assets["weight"].tolist() == [1.0, 0.0]


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        (
            "AAA=0.5,CCC=0.5",
            "weights must name the columns of data.csv, but 'CCC' is in weights only. The columns are 'AAA' and 'BBB'.",
        ),
        ("AAA=0.5,BBB=0.6", "weights must sum to 1, got 1.1"),
        ("AAA=half,BBB=0.5", "weights must give a name and a finite number each, got 'AAA' and 'half'"),
        ("AAA=nan,BBB=0.5", "got 'AAA' and 'nan'"),
        ("AAA=0.5,AAA=0.5", "weights must name each column once, got 'AAA' twice"),
        ("absent.csv", "cannot read absent.csv"),
    ],
)
def test_wrong_weights_are_refused(write, weights, message):
    with pytest.raises(InvalidInputError) as refusal:
        build_file_report(write(PRICES), weights=weights)
    assert message in str(refusal.value)


@pytest.mark.parametrize("content", ["AAA,0.5,7\nBBB,0.5,8\n", b"\xff\xfe\x00", "", "AAA\n"])
def test_wrong_weights_files_are_refused(write, content):
    with pytest.raises(InvalidInputError, match=r"w\.csv"):
        build_file_report(write(PRICES), weights=write(content, "w.csv"))


def test_wrong_benchmarks_are_refused(write):
    with pytest.raises(InvalidInputError, match=r"a column of data\.csv \(AAA, BBB\) or a file, got 'SPY'"):
        build_file_report(write(PRICES), benchmark="SPY")
    with pytest.raises(InvalidInputError, match="must have one column beside its dates, got AAA, BBB"):
        build_file_report(write(PRICES), benchmark=write(PRICES, "two.csv"))
    with pytest.raises(InvalidInputError, match="share no span of time"):
        build_file_report(
            write(PRICES), benchmark=write("date,I\n2010-01-01,100\n2010-01-04,101\n2010-01-05,100.5\n", "old.csv")
        )
    with pytest.raises(InvalidInputError, match="no column besides the benchmark 'AAA'"):
        build_file_report(write("date,AAA\n2020-01-01,100\n2020-01-02,101\n"), benchmark="AAA")


def test_the_page_says_what_was_decided_for_each_file(write):
    report = build_file_report(write(RETURNS), sections=["headline"])
    said = report.tables.conventions.loc["Data", "Value"]
    assert said.startswith("data.csv, read as returns: 50% of its values are zero or negative, which no price is; ")
    for words in ("dates: ", "shape: wide", "SHA-256 "):
        assert words in said
    assert report.title == "data"
    assert [file.name for file in report.files] == ["data.csv"]


def test_a_file_that_was_read_before_gives_the_same_page(write):
    path = write(PRICES)
    assert (
        build_file_report(read(path), sections=["headline"]).html == build_file_report(path, sections=["headline"]).html
    )
    with pytest.raises(InvalidInputError, match="the other options of reading must be given to read"):
        build_file_report(read(path), kind="prices")


def test_a_column_called_benchmark_is_the_benchmark(write):
    path = write(PRICES.replace("BBB", "Benchmark"))
    report = build_file_report(path, sections=["headline"])
    assert list(report.tables.returns) == ["AAA", "Benchmark"]
    assert build_file_report(path, columns=["AAA", "Benchmark"], sections=["headline"]).tables.assets is not None


def test_the_notes_of_the_reader_stand_on_the_page(write):
    rows = [f"{line},{'so' if number == 1 else ''}" for number, line in enumerate(PRICES.splitlines()[1:])]
    path = write("\n".join(["date,AAA,BBB,remark", *rows]))
    assert "columns of the file that are not used: remark" in build_file_report(path, sections=["headline"]).html


def test_options_of_reading_reach_the_reader(write):
    path = write("day;open;close\n01/02/2021;1,5;100,0\n02/02/2021;1,6;101,0\n03/02/2021;1,7;99,0\n")
    report = build_file_report(path, columns="open", date_format="%d/%m/%Y", kind="prices", sections=["headline"])
    np.testing.assert_allclose(report.tables.returns["open"], [1.6 / 1.5 - 1.0, 1.7 / 1.6 - 1.0])
    assert [str(day.date()) for day in report.tables.returns.index] == ["2021-02-02", "2021-02-03"]


def test_fills_have_no_report_and_the_refusal_says_what_they_are(write):
    path = write("time,symbol,side,quantity,price\n2020-01-02,AAA,buy,10,100\n2020-01-03,AAA,sell,10,101\n")
    with pytest.raises(InvalidInputError, match=r"data\.csv holds fills and no returns: its rows are in \.to_frame"):
        build_file_report(path)


def test_a_page_of_more_than_a_thousand_assets_is_refused(stocks):
    wide = pd.DataFrame(0.01, index=stocks.index, columns=[f"A{number}" for number in range(1_001)])
    with pytest.raises(InvalidInputError, match=r"returns must have at most 1,000 assets for a report .* got 1,001"):
        build_report(wide)


def test_what_is_warned_of_the_data_stands_on_the_page(write):
    days = pd.date_range("2023-01-02", periods=60)
    weekday = np.where(days.day_of_week >= 5, 0, np.arange(60) % 7 - 3) / 500.0
    prices = pd.Series(100.0 * np.cumprod(1.0 + weekday), index=days, name="Fund")
    with pytest.warns(ConventionWarning, match="all weekend returns are zero"):
        report = build_file_report(write(prices.to_csv(index_label="date")), sections=["headline"])
    assert report.html.count("all weekend returns are zero") == 1
