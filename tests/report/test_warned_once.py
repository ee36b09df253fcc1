"""What is doubtful about the data is warned of once, however many sections use them, and stands on the page."""

import warnings

import numpy as np
import pandas as pd
import pytest

from riskresearch.core import ConventionWarning, InvalidInputError
from riskresearch.report import build_report
from riskresearch.report._page import for_readers

pytestmark = pytest.mark.usefixtures("few_draws")

RNG = np.random.default_rng(5)
DAYS = pd.bdate_range("2017-01-02", periods=700, name="date")
STOCKS = pd.DataFrame(RNG.normal(0.0004, 0.008, (700, 3)), index=DAYS, columns=["AAA", "BBB", "CCC"])
INDEX = pd.Series(RNG.normal(0.0004, 0.007, 700), index=DAYS, name="Index")
PERCENT = 25.0  # not a hundred: what could be a loss of more than everything is refused

CASES = {
    "assets in percent": ({"returns": STOCKS * PERCENT, "benchmark": INDEX}, ["returns in column 'AAA' looks like"]),
    "the benchmark in percent": ({"returns": STOCKS, "benchmark": INDEX * PERCENT}, ["benchmark looks like percent"]),
    "one series in percent": ({"returns": STOCKS["AAA"] * PERCENT}, ["returns looks like percent"]),
    "both in percent": (
        {"returns": STOCKS * PERCENT, "benchmark": INDEX * PERCENT},
        ["returns in column 'AAA' looks like percent", "benchmark looks like percent"],
    ),
    "periods far off": ({"returns": STOCKS, "benchmark": INDEX, "periods_per_year": 12}, ["periods_per_year=12 was"]),
    "gaps": ({"returns": STOCKS.drop(DAYS[100:220]), "benchmark": INDEX}, ["returns has gaps in its dates"]),
    "less than a year": ({"returns": STOCKS[:100], "benchmark": INDEX[:100]}, ["annual_return extrapolates 0.4"]),
    "columns without weights": (
        {"returns": STOCKS, "weights": {"AAA": 0.5, "BBB": 0.5}}, ["weights name 2 of the 3 columns"],
    ),
}  # fmt: skip


def said(**given) -> tuple[list[str], str]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        page = build_report(**given).html
    assert {warning.category for warning in caught} <= {ConventionWarning}
    assert {warning.filename for warning in caught} <= {__file__}
    return [str(warning.message) for warning in caught], page


@pytest.mark.parametrize("case", CASES)
def test_each_doubt_is_one_warning_and_one_note(case):
    given, expected = CASES[case]
    texts, page = said(**given)
    assert len(texts) == len(expected), texts
    for text, words in zip(texts, expected, strict=True):
        assert text.startswith(words)
        assert page.count(for_readers(text).partition(".")[0].replace("'", "&#39;")) == 1


def test_tables_of_other_sections_do_not_warn_again():
    with pytest.warns(ConventionWarning, match="returns in column 'AAA' looks like percent") as caught:
        report = build_report(STOCKS * PERCENT, benchmark=INDEX, sections=["growth"])
    assert len(caught) == 1
    assert len(report.tables.contributions) == len(report.tables.assets) == 3


@pytest.mark.parametrize(
    ("frequency", "rate"), [("B", 0.02), ("B", 0.05), ("B", -0.02), ("B", 2.0), ("W-FRI", 0.03), ("ME", 0.05)]
)
def test_a_yearly_rate_per_period_is_refused_with_the_rate_of_one_period(frequency, rate):
    fund = pd.Series(STOCKS["AAA"].to_numpy(), index=pd.date_range("1960-01-01", periods=700, freq=frequency))
    periods = {"B": 252, "W-FRI": 52, "ME": 12}[frequency]
    with pytest.raises(InvalidInputError, match=r"risk_free \(--risk-free\) is a rate per period; ") as error:
        build_report(fund, risk_free=rate, sections=["headline"])
    assert f"at {periods} periods a year is {rate * periods:,.0%} a year" in str(error.value)
    assert f"{(1.0 + rate) ** (1.0 / periods) - 1.0:.3g}" in str(error.value)
    assert "Pass the rate of one period." in str(error.value)


@pytest.mark.parametrize(("frequency", "rate"), [("B", 0.02 / 252), ("B", -0.0001), ("ME", 0.02), ("B", 0.0)])
def test_a_rate_that_can_be_one_per_period_is_not_refused(frequency, rate):
    fund = pd.Series(STOCKS["AAA"].to_numpy(), index=pd.date_range("1960-01-01", periods=700, freq=frequency))
    assert build_report(fund, risk_free=rate, sections=["headline"]).html
