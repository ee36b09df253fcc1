"""Sentences of the page presume no sign, size or number: what they say is true of any history."""

import re
import warnings

import numpy as np
import pandas as pd
import pytest

from riskresearch.core import ConventionWarning
from riskresearch.report import build_comparison, build_report
from tests.report.pages import section_of, text_of

pytestmark = pytest.mark.usefixtures("few_draws")


def fund(values, freq="B", start="2019-01-01", name="Fund") -> pd.Series:
    return pd.Series(values, pd.date_range(start, periods=len(values), freq=freq), name=name, dtype=float)


def normal(rows, seed=1, deviation=0.01) -> np.ndarray:
    return np.random.default_rng(seed).normal(0.0004, deviation, rows)


def ruined() -> np.ndarray:
    values = normal(400)
    values[250] = -1.0
    return values


def in_cash() -> np.ndarray:
    values = normal(700)
    values[200:550] = 0.0
    return values


def rare() -> np.ndarray:
    return np.where(np.random.default_rng(2).random(600) < 0.04, normal(600, deviation=0.03), 0.0)


HISTORIES = {
    "never negative": fund(np.abs(normal(400)) + 1e-5),
    "never positive": fund(-np.abs(normal(600, deviation=0.004))),
    "zero": fund(np.zeros(300)),
    "constant": fund(np.full(300, 1e-4)),
    "in cash for a while": fund(in_cash()),
    "rarely invested": fund(rare()),
    "ruined": fund(ruined()),
    "of tiny moves": fund(normal(300, deviation=1e-7)),
    "of enormous growth": fund(normal(600, deviation=0.02) + 0.02),
    "one year": fund(normal(261), start="2023-01-02"),
    "one month": fund(normal(21), start="2023-05-01"),
    "three rows": fund([0.01, -0.02, 0.003]),
    "two rows": fund([-0.01, -0.02]),
    "months": fund(normal(90, deviation=0.03), "ME"),
    "quarters": fund(normal(60, deviation=0.05), "QE"),
    "years": fund(normal(35, deviation=0.15), "YE", "1980-01-01"),
    "hours": fund(normal(600, deviation=0.002), "h", "2024-01-01"),
    "one exceedance": fund(np.r_[np.tile([0.01, -0.01], 60), -0.2, np.tile([0.01, -0.005], 40)]),
}
FORBIDDEN = (
    r"\bnan\b|NaT|<NA>|\binf\b|\bNone\b(?! of)",  # names of what is missing in programs
    r"\b(?:the )?1 (?:returns|losses|rows|years|days|dates|exceedances) ",  # one of several
    r"(?<![\d.,])0 (?:were|of|losses|returns)\b",  # none
    r"[–-] times|(?:of|by|was|at) – ",  # a sentence around a number that is missing
    r"\b00:00:00\b",
    r"−0\.0+%(?! to)",  # nothing has no sign
)


@pytest.mark.filterwarnings("ignore::riskresearch.core.ConventionWarning")
@pytest.mark.parametrize("beside", ["alone", "beside a benchmark", "its own benchmark", "compared"])
@pytest.mark.parametrize("name", HISTORIES)
def test_no_sentence_is_about_a_number_that_is_missing_or_in_the_wrong_number(name, beside):
    own = HISTORIES[name]
    other = fund(normal(len(own), 7), own.index.freqstr, f"{own.index[0]:%Y-%m-%d}", "Index")
    if beside == "compared":
        page = build_comparison(pd.concat([own, other], axis=1))
    else:
        benchmark = {"alone": None, "beside a benchmark": other, "its own benchmark": own.rename("Twin")}[beside]
        page = build_report(own, benchmark=benchmark)
    text = text_of(page.html).replace("bundled S&P 500", "")
    for pattern in FORBIDDEN:
        found = [text[max(0, hit.start() - 60) : hit.end() + 20] for hit in re.finditer(pattern, text)]
        assert not found, pattern


def test_returns_worse_than_a_negative_var_are_not_called_losses():
    gaining = fund(np.abs(normal(400)) + 1e-5)
    section = section_of(build_report(gaining, sections=["exceedances"]).html, "exceedances")
    assert "losses" not in section.lower()
    assert "The VaR is negative throughout: the return of its rank was a gain" in section
    both = np.r_[np.abs(normal(300)) + 1e-5, normal(300)]
    section = section_of(build_report(fund(both), sections=["exceedances"]).html, "exceedances")
    assert re.search(r"The VaR is negative on \d+% of the dates", section)
    assert "negative" not in section_of(build_report(fund(normal(400)), sections=["exceedances"]).html, "exceedances")


def test_returns_equal_to_their_var_are_counted_and_may_be_on_either_side():
    report = build_report(fund(np.zeros(300)), sections=["exceedances"])
    assert report.tables.exceedances["equal"].tolist() == [150, 100]  # all returns after windows of 150 and 200
    section = section_of(report.html, "exceedances")
    assert "No return was worse than that VaR; 7.5 were to be expected." in section
    assert "inside, with ties" in section
    assert "150 at 95%, 100 at 99%" in section
    assert "Ties" not in build_report(fund(normal(400)), sections=["exceedances"]).html


def test_one_exceedance_is_one_return():
    values = np.r_[np.tile([0.01, -0.01], 100), -0.2, np.tile([0.01, -0.005], 70)]
    report = build_report(fund(values), sections=["exceedances"])
    assert report.tables.exceedances.loc[0.95, "count"] == 1
    assert "Marked: 1 return worse than that VaR" in report.html


def test_periods_without_a_yearly_rate_have_none_where_nothing_was_earned_either():
    """1 ** nan is 1: a growth of exactly 1 over three months had a return of 0 % a year."""
    periods = build_report(fund(np.zeros(600)), sections=["periods"]).tables.periods
    assert periods.loc[["3 months", "6 months", "Year to date"], "portfolio_per_year"].isna().all()
    assert periods.loc["1 year", "portfolio_per_year"] == 0.0


def test_what_never_changed_was_worst_on_no_date():
    now = build_report(fund(np.full(300, 1e-4)), sections=["now"]).tables.now
    assert now["worst_date"].isna().all()
    now = build_report(fund(normal(300)), sections=["now"]).tables.now
    assert now["worst_date"].notna().all()


@pytest.mark.parametrize(
    ("deviation", "words"),
    [(0.0001, "at a volatility of 0.1%"), (2e-5, "at a volatility of 0.03%"), (1e-7, "at a volatility of less than")],
)
def test_a_small_risk_is_not_written_as_none(deviation, words):
    assert words in build_report(fund(normal(300, deviation=deviation) - 0.0004), sections=["growth"]).verdict


def test_a_portfolio_that_is_its_benchmark_is_said_to_be():
    own = fund(normal(300))
    report = build_report(own, benchmark=own.rename("Twin"), sections=["monthly"])
    assert report.verdict.endswith("; every return is that of Twin.")


def test_portfolios_with_the_same_returns_are_named_and_share_the_highest_ratio():
    own = fund(normal(300))
    report = build_comparison({"A": own, "B": own, "C": own - 0.01}, sections=["headline"])
    assert "B has the same returns as A: nothing tells them apart." in report.notes
    assert report.verdict.startswith("A and B share the highest Sharpe ratio")


def test_a_level_beyond_all_but_one_return_is_said_to_show_that_return():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConventionWarning)  # less than a year
        short = build_report(fund(normal(60)), sections=["distribution"], level=0.995)
    assert "Of 60 returns, both at 99% and 99.5% are the worst one." in short.html
    assert "the worst one" not in build_report(fund(normal(300)), sections=["distribution"]).html


@pytest.mark.parametrize(("freq", "rows", "unit"), [("ME", 60, "month"), ("QE", 40, "quarter"), ("YE", 35, "year")])
def test_a_return_that_is_a_whole_unit_of_the_calendar_is_not_called_incomplete(freq, rows, unit):
    section = section_of(build_report(fund(normal(rows), freq), sections=["monthly"]).html, "monthly")
    assert f"the first and the last {unit} may be incomplete" not in section


def test_references_are_those_of_the_sections_on_the_page():
    text = text_of(build_report(fund(normal(600))).html)
    assert "Clopper and Pearson" in text
    assert "risk parity" not in text  # neither sizing nor contributions apply to one series
    assert "Euler contributions" not in text


def test_why_there_is_no_section_on_owners_is_one_reason():
    alone = build_report(fund(normal(300))).tables.conventions.loc["Sections left out", "Value"]
    assert alone == (
        "Assets, Owners of the risk, Correlation, Concentration by the rule of funds, Sizing, Trades and their profit: "
        "there is one series only"
    )
    assets = pd.concat([fund(normal(300)), fund(normal(300, 2), name="Other")], axis=1)
    assets.iloc[:280, 1] = np.nan
    few = build_report(assets, nan_policy="omit").tables.conventions.loc["Sections left out", "Value"]
    assert "Owners of the risk: the assets share fewer than 30 returns" in few


def test_assets_that_cancel_out_or_do_not_move_are_named_as_why_there_is_no_risk_parity():
    own = fund(normal(600))
    hedged = build_report(pd.concat([own, (-own).rename("Hedge")], axis=1), sections=["sizing", "contributions"])
    assert "Risk parity is left out: in some window of 252 rows assets cancel each other out." in hedged.html
    assert "The portfolio has no volatility that the assets’ could be compared with." in hedged.html
    cash = build_report(pd.concat([own, fund(np.zeros(600), name="Cash")], axis=1), sections=["sizing"])
    assert "Risk parity is left out: in some window of 252 rows Cash does not move." in cash.html


def test_returns_that_a_short_benchmark_does_not_reach_are_counted_above_the_numbers():
    own = fund(normal(800))
    report = build_report(own, benchmark=fund(normal(800, 3)).iloc[400:700].rename("Index"), sections=["growth"])
    assert report.notes == (
        "500 of 800 returns are not on this page, because the dates of the benchmark do not reach them: "
        f"400 before {own.index[400]:%Y-%m-%d} and 100 after {own.index[699]:%Y-%m-%d}.",
    )
    nearly = build_report(own, benchmark=fund(normal(800, 3)).iloc[20:].rename("Index"), sections=["growth"])
    assert nearly.notes == ()  # 2.5 % of the returns: in the conventions
    assert "20 before" in nearly.tables.conventions.loc["Dates left out", "Value"]


def test_returns_of_each_portfolio_that_the_others_do_not_reach_are_counted():
    own = fund(normal(400))
    report = build_comparison({"A": own, "B": fund(normal(400, 2)).iloc[100:]}, sections=["headline"])
    assert len(report.notes) == 1
    assert report.notes[0].startswith("A: 100 of 400 returns are not on this page")


def test_a_drawdown_of_hours_is_shorter_than_a_day_and_not_of_none():
    values = np.tile([0.004, -0.002, 0.003], 200)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConventionWarning)  # less than a year
        report = build_report(fund(values, "h", "2024-01-01"), sections=["drawdowns"])
    assert "<td>&lt;1</td>" in section_of(report.html, "drawdowns")


def test_an_enormous_growth_has_no_decimals():
    report = build_report(fund(normal(600, deviation=0.02) + 0.03), sections=["growth"])
    assert re.search(r"at the end: Fund [\d,]{9,}\.", text_of(report.html))
