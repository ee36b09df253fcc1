"""Weights of a report on a file: which columns they hold, how they were read, and that the page says so."""

import warnings
from html import unescape

import numpy as np
import pandas as pd
import pytest

from riskresearch import cli
from riskresearch.core import ConventionWarning, InvalidInputError
from riskresearch.report import build_file_report

DATES = pd.bdate_range("2023-01-02", periods=90, name="date")
PRICES = pd.DataFrame(
    100.0 * np.cumprod(1.0 + np.random.default_rng(8).normal(0.0004, 0.01, (90, 20)), axis=0).round(4),
    index=DATES,
    columns=[f"T{number:02d}" for number in range(20)],
)
SOME = "T03=0.6,T11=0.4"


@pytest.fixture
def write(tmp_path):
    def file(content, name="twenty.csv"):
        path = tmp_path / name
        path.write_text(content if isinstance(content, str) else content.to_csv())
        return path

    return file


def report_on(path, weights, **options):
    """Return the report and the messages of its warnings but for that of so few rows."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        warnings.filterwarnings("ignore", ".* extrapolates .* to a year")
        report = build_file_report(path, weights=weights, sections=["headline"], **options)
    return report, [str(warning.message) for warning in caught if warning.category is ConventionWarning]


def test_two_of_twenty_columns_make_the_report_on_these_two(write):
    report, said = report_on(write(PRICES), SOME)
    alone, nothing = report_on(write(PRICES[["T03", "T11"]], "two.csv"), SOME)
    pd.testing.assert_frame_equal(report.tables.returns, alone.tables.returns)
    pd.testing.assert_frame_equal(report.tables.headline, alone.tables.headline)
    note = (
        "weights name 2 of the 20 columns of twenty.csv; 'T00', 'T01', 'T02', 'T04', 'T05', 'T06' and 12 more have no "
        "weight and left the portfolio. A weight of 0 keeps a column."
    )
    assert (said, nothing) == ([note], [])
    assert note in unescape(report.html)
    assert list(report.tables.assets.index) == ["T03", "T11"]


def test_missing_values_of_the_columns_that_leave_do_not_matter(write):
    holes = PRICES.copy()
    holes.iloc[3:40, [0, 5, 19]] = np.nan
    report, _ = report_on(write(holes), SOME)
    whole, _ = report_on(write(PRICES), SOME)
    pd.testing.assert_frame_equal(report.tables.returns, whole.tables.returns)
    with pytest.raises(InvalidInputError, match=r"first at 2023-01-0\d in column .T00"):
        report_on(write(holes), "T03=0.6,T11=0.4,T00=0")


def test_a_benchmark_beside_the_weights_stays_a_benchmark(write):
    report, _ = report_on(write(PRICES), SOME, benchmark="T00")
    assert list(report.tables.returns.columns) == ["Portfolio", "T00"]
    assert "weights name 2 of the 19 columns" in report.html


def test_equal_weights_are_those_of_every_column(write):
    report, said = report_on(write(PRICES), "equal")
    assert report.tables.assets["weight"].tolist() == [0.05] * 20
    assert said == []


@pytest.mark.parametrize(
    ("weights", "unit"),
    [
        ("ticker,weight\nT03,60%\nT11,40%\n", ""),
        ("Ticker;Gewicht\nT03;60,00 %\nT11;40,00 %\nSumme;100,00 %\n", "is the total of the rows above it"),
        ("ticker,weight,sector\nT03,60,Tech\nT11,40,Energy\n", "sum to 100; they are read as percent"),
    ],
)
def test_weights_files_of_percent_are_read_and_the_page_says_how(write, weights, unit):
    report, said = report_on(write(PRICES[["T03", "T11"]]), write(weights, "w.csv"))
    assert report.tables.assets["weight"].tolist() == [0.6, 0.4]
    assert unit in report.html
    assert any("read as percent" in each for each in said) == ("read as percent" in unit)


def test_printed_thirds_are_accepted_with_a_note_and_no_weight_is_changed(write):
    report, said = report_on(write(PRICES[["T00", "T01", "T02"]]), "T00=33.33%,T01=33.33%,T02=33.33%")
    assert report.tables.assets["weight"].tolist() == pytest.approx([0.3333] * 3, rel=1e-15)
    assert "0.0100% stays in cash, at no interest" in report.html
    assert len(said) == 1


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ("T03=60,T11=30", "as percent 90 % of it"),
        ("T03=60%,T11=30%", r"weights must sum to 1, got 0\.9\. Give the rest to a cash column"),
        ("T03=50%,T11=-50%", r"weights must sum to 1, got 0\."),
        ("T03=60%,T11=30%,Cash=10%", r"'Cash' is in weights only\. The columns are .* Cash needs a column of its own"),
        ("t03=0.6,T11=0.4", r"'t03' is in weights only\. Names are compared as they are written.* write 'T03'"),
        ("T3=0.6,T11=0.4", r"'T3' is in weights only\. Did you mean 'T[0-9]+'\? The columns are 'T00', .* and 14 more"),
    ],
)
def test_what_is_no_portfolio_of_the_columns_is_refused_with_the_way_out(write, weights, message):
    with pytest.raises(InvalidInputError, match=message):
        report_on(write(PRICES), weights)


def test_the_command_line_reports_on_two_of_twenty_and_says_which_left(write, tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    write(PRICES)
    arguments = ["report", "twenty.csv", "--weights", "T03=60,T11=40", "--sections", "headline"]
    assert cli.main(arguments) == 0
    said = capfd.readouterr().err
    assert "warning: The weights sum to 100; they are read as percent." in said
    assert "warning: weights name 2 of the 20 columns of twenty.csv;" in said
    assert "left the portfolio" in (tmp_path / "report.html").read_text()
