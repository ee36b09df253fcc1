"""Names of other packages: each is answered by a public name, or by a line of code that runs."""

import re

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

import riskresearch
from riskresearch.core.importing._peer_names import BY_LINE, BY_NAME_HERE, LINES, SYNONYMS

DATES = pd.bdate_range("2023-01-02", periods=300)
ASSETS = pd.DataFrame(np.random.default_rng(0).normal(0.0005, 0.01, (300, 2)), DATES, ["A", "B"])
WEIGHTS = {"A": 0.5, "B": 0.5}
METHODS = ("normal", "student_t", "historical")
ROOMS = [getattr(riskresearch, name) for name in ("metrics", "portfolio", "sizing", "breakers", "backtest", "report")]
PUBLIC = {name for room in ROOMS for name in room.__all__}

# The public functions of empyrical-reloaded 0.7.1, quantstats 0.0.86 and pyfolio-reloaded 0.10.1 that mean something
# here, and names of PerformanceAnalytics, ffn, freqtrade and Riskfolio-Lib.
OF_PEERS = """
 alpha_beta annual_volatility cagr capture cum_returns cum_returns_final down_alpha_beta downside_risk
drawdown_series excess_sharpe roll_alpha roll_annual_volatility roll_beta roll_down_capture roll_max_drawdown
roll_sharpe_ratio roll_sortino_ratio roll_up_capture stability_of_timeseries up_down_capture avg_loss avg_return
avg_win best calmar common_sense_ratio comp compsum cvar drawdown_details expected_return expected_shortfall
geometric_mean greeks kelly_criterion kurtosis log_returns montecarlo monthly_returns omega payoff_ratio
profit_factor profit_ratio r2 r_squared recovery_factor rolling_sharpe rolling_sortino rolling_volatility sharpe
skew sortino to_drawdown_series to_returns to_prices to_excess_returns ulcer_performance_index upi var
win_loss_ratio win_rate worst gen_drawdown_table get_max_drawdown get_top_drawdowns perf_stats show_perf_stats
show_worst_drawdown_periods create_full_tear_sheet create_returns_tear_sheet plot_annual_returns
plot_drawdown_periods plot_drawdown_underwater plot_monthly_returns_heatmap plot_returns plot_rolling_beta
plot_rolling_returns plot_rolling_sharpe plot_rolling_volatility SharpeRatio VaR ES CVaR maxDrawdown BurkeRatio
DownsideDeviation UlcerIndex DRatio StdDev KellyRatio calc_stats calc_sharpe calc_cagr calc_max_drawdown
StoplossGuard LowProfitPairs MeanRisk RiskBudgeting pbo psr dsr kupiec marginal_var component_var incremental_var
parametric_var historical_var modified_var monte_carlo_var
""".split()
OF_PLOTS = """
drawdown drawdowns_periods earnings histogram distribution monthly_heatmap monthly_returns returns rolling_beta
rolling_sharpe rolling_sortino rolling_volatility snapshot yearly_returns
""".split()


def answer(module, name):
    with pytest.raises(AttributeError) as caught:
        getattr(module, name)
    return str(caught.value)


def run(line):
    """Run a line that an answer writes, with what a user has at hand."""
    column = ASSETS["A"]
    many = "returns.co" in line or "weights" in line
    names = {"riskresearch": riskresearch, "numpy": np, "returns": ASSETS if many else column, "weights": WEIGHTS}
    try:
        return eval(line, names | {"benchmark": ASSETS["B"], "risk_free": 0.0001})
    finally:
        plt.close("all")


@pytest.mark.parametrize("line", BY_LINE)
def test_a_line_that_is_an_answer_runs(line):
    assert run(line) is not None


@pytest.mark.parametrize("name", OF_PEERS)
def test_a_name_of_a_peer_is_answered_and_the_answer_works(name):
    check_answer(answer(riskresearch, name))


@pytest.mark.parametrize("name", OF_PLOTS)
def test_a_figure_of_quantstats_is_answered_and_the_answer_works(name):
    check_answer(answer(riskresearch.plots, name))


def check_answer(text):
    if found := re.search(r"Write (.*)\.$", text):
        assert run(found[1]) is not None
        return
    found = re.search(r"Did you mean riskresearch\.([\w.]+)\?", text)
    assert found, text
    value = riskresearch
    for part in found[1].split("."):
        value = getattr(value, part)


@pytest.mark.parametrize("here", BY_NAME_HERE)
def test_what_others_call_something_is_no_name_here_and_has_one_answer(here):
    assert here in PUBLIC or here in METHODS
    assert not set(BY_NAME_HERE[here]) & (PUBLIC | set(LINES))
    assert all(SYNONYMS[each] == here and each == each.lower() for each in BY_NAME_HERE[here])


def test_every_name_has_one_line():
    assert len(LINES) == sum(map(len, BY_LINE.values()))
    assert not set(LINES) & PUBLIC


def test_a_measure_over_a_window_is_written_with_its_benchmark():
    assert 'rolling(returns, "beta", window=60, benchmark=benchmark).' in answer(riskresearch.metrics, "rolling_beta")
    assert 'rolling(returns, "conditional_value_at_risk", window=60).' in answer(riskresearch, "rolling_cvar")
    assert 'plot_rolling(riskresearch.rolling(returns, "volatility", window=60), label="Volatility").' in answer(
        riskresearch.plots, "rolling_vol"
    )


def test_the_accessor_writes_the_same_lines():
    riskresearch.register_accessor()
    with pytest.raises(AttributeError, match=r'Write riskresearch.metrics.aggregate_returns\(returns, to="month"\)\.$'):
        ASSETS["A"].risk.monthly_returns()
    with pytest.raises(AttributeError, match="Did you mean calendar_returns"):
        ASSETS["A"].risk.monthly_table()
