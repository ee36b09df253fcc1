"""What the page says of unusual histories: ruin, no loss at all, no variation, five rows, long names, short windows."""

import numpy as np
import pandas as pd
import pytest

from riskresearch import metrics
from riskresearch.report import build_comparison, build_report
from riskresearch.report._intervals import Bounds
from riskresearch.report._page import for_readers, notes_above
from tests.report.pages import section_of

pytestmark = pytest.mark.usefixtures("few_draws")


def _fund(values, freq="B", name="Fund") -> pd.Series:
    return pd.Series(values, index=pd.date_range("2019-01-01", periods=len(values), freq=freq), name=name, dtype=float)


def _normal(rows: int, seed: int = 1, deviation: float = 0.01) -> np.ndarray:
    return np.random.default_rng(seed).normal(0.0005, deviation, rows)


def test_a_fund_that_lost_everything_is_said_to_have_on_the_day():
    values = _normal(300)
    values[200], values[201:] = -1.0, 0.0
    report = build_report(_fund(values), sections=["growth"])
    day = report.tables.returns.index[200]
    assert report.verdict.startswith(f"Fund lost everything on {day:%Y-%m-%d}.")


def test_a_loss_that_rounds_to_everything_is_not_everything():
    report = build_report(_fund(np.r_[np.full(120, -0.1), np.full(200, 0.01)]), sections=["growth"])
    assert "its worst loss from a peak was more than 99.9%" in report.verdict


def test_a_fund_without_a_loss_never_fell_and_has_a_var_without_a_warning():
    report = build_report(_fund(np.abs(_normal(400)) + 1e-4))
    assert "it never fell below a peak" in report.verdict
    assert "There was no drawdown." in section_of(report.html, "drawdowns")


def test_returns_that_never_vary_have_no_picture_of_a_sharpe_ratio():
    report = build_report(_fund(np.full(400, 0.0004)), sections=["rolling", "now"])
    assert report.html.count("<svg") == 1
    assert "Latest: –" not in report.html
    assert not any("Sharpe" in name for name in report.tables.now.index)


@pytest.mark.filterwarnings("ignore:.* extrapolates .* to a year")
def test_five_rows_have_no_rolling_measures():
    report = build_report(_fund([0.01, -0.02, 0.015, 0.003, -0.001]))
    assert 'id="rolling"' not in report.html
    assert "Rolling measures: fewer than 30 returns" in report.html
    assert report.tables.now.index.tolist() == ["Drawdown", "Return in one day"]


def test_a_level_is_judged_only_on_windows_that_have_a_quantile_there():
    fund = _fund(_normal(120, deviation=0.04), freq="ME")
    report = build_report(fund, sections=["exceedances"])
    assert report.tables.exceedances[["window", "observations"]].to_numpy().tolist() == [[40, 80]]
    assert "4.0 were to be expected." in section_of(report.html, "exceedances")  # 5 % of 80
    assert build_report(fund, sections=["exceedances"], window=60).tables.exceedances["window"].tolist() == [60]


def test_the_largest_loss_of_a_window_is_exceeded_once_in_a_row_more():
    """Each of n + 1 returns is the largest loss equally often, which is why a short window is not judged."""
    returns = pd.Series(_normal(60_000))
    tail = metrics.rolling_tail_risk(returns, window=12, level=0.95)
    found = metrics.exceedances(returns, tail)
    assert found.share == pytest.approx(1.0 / 13.0, rel=0.03)


@pytest.mark.parametrize("freq", ["W", "ME", "QE"])
@pytest.mark.parametrize("seed", range(3))
def test_intervals_hold_their_estimates_and_no_loss_is_larger_than_everything(freq, seed):
    values = np.clip(np.random.default_rng(seed).standard_t(2, 90) * 0.08 + 0.01, -0.7, 2.0)
    report = build_report(_fund(values, freq), sections=["headline"])
    table = report.tables.intervals.join(report.tables.headline).dropna()
    assert len(table) > 8
    assert (table["lower"] <= table["Fund"] + 1e-9).all()
    assert (table["Fund"] <= table["upper"] + 1e-9).all()
    losses = table.index.str.contains("VaR|drawdown|Ulcer")
    assert (table.loc[losses, "upper"] <= 1.0).all()


def test_an_interval_beside_its_estimate_is_left_out_and_named(monkeypatch):
    monkeypatch.setattr("riskresearch.report._intervals.bounds", lambda *_: Bounds(5.0, 6.0))
    report = build_report(_fund(_normal(300)), sections=["headline"])
    assert report.tables.intervals.isna().all(axis=None)
    assert "Not shown, as resampled histories do not reach the estimate: Annual return, Volatility" in report.html


def test_long_names_are_cut_at_the_head_and_whole_in_the_tables():
    name, other = "L" * 200, "B" * 200
    fund, index = _fund(_normal(300), name=name), _fund(_normal(300, seed=2), name=other)
    report = build_report(fund, benchmark=index, sections=["headline"])
    assert name not in report.verdict
    assert other not in report.verdict
    head = report.html[: report.html.index("<section")]
    assert name not in head
    assert other not in head
    assert name in section_of(report.html, "headline")
    both = build_comparison({name: fund, other: index}, sections=["headline"])
    assert name not in both.verdict


def test_portfolios_that_are_the_same_are_not_called_too_short():
    fund = _fund(_normal(300))
    verdict = build_comparison({"A": fund, "B": fund}, sections=["headline"]).verdict
    assert verdict.endswith("their differences cannot be tested.")


@pytest.mark.parametrize(
    ("warning", "note"),
    [
        (
            "annual_return extrapolates 0.5 years to a year: 1% becomes 2%. periods_per_year=1 (--periods-per-year 1) "
            "gives it per row.",
            "Annual return extrapolates 0.5 years to a year: 1% becomes 2%.",
        ),
        ('Prices fell. Pass kind="returns" (--kind returns).', "Prices fell."),
        ("Pass it (--kind returns).", "Pass it (--kind returns)."),
        ("Fell by 5.2 % in 2020. Was it so?", "Fell by 5.2 % in 2020. Was it so?"),
    ],
)
def test_notes_leave_the_options_to_who_makes_the_page(warning, note):
    assert for_readers(warning) == note


@pytest.mark.parametrize(
    ("lengths", "shown"), [((), 0), ((900,), 1), ((300, 300, 100), 2), ((100,) * 5, 3), ((900, 10), 1)]
)
def test_as_many_notes_stand_above_as_there_is_room_for(lengths, shown):
    assert notes_above(["x" * length for length in lengths], "h" * 300) == shown
