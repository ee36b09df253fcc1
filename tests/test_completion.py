"""Tab completion: what Jedi, which JupyterLab and editors ask, offers for names, options and results."""

import inspect

import jedi
import pytest

START = """
import pandas as pd
import riskresearch as rr
returns = pd.Series([0.01, -0.02])
panel = pd.DataFrame({"AAA": returns})
"""


def offered(line):
    """Return the names that are offered at the end of a line of a script."""
    return {each.name for each in jedi.Script(START + line).complete()}


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("rr.", {"value_at_risk", "summary", "metrics", "register_accessor", "VolatilityPositionSizer"}),
        ("rr.metrics.", {"value_at_risk", "omega_ratio", "drawdown", "RiskSummary"}),
        ("rr.breakers.Draw", {"DrawdownBreaker"}),
        ("rr.value_at_risk(returns, le", {"level="}),
        ("rr.summary(returns).", {"to_frame", "summary", "plot", "sharpe_ratio"}),
        ("rr.tail_risk(returns).", {"to_frame", "value_at_risk"}),
        ("rr.value_at_risk(returns, interval=0.95).", {"lower", "upper", "to_frame"}),
        ("rr.simulate(panel, panel).", {"to_frame", "equity", "summary"}),
        ("rr.backtest_breakers(returns, []).", {"to_frame", "significance"}),
        ("rr.read('prices.csv').", {"returns", "prices", "notes", "steps"}),
        ("rr.read('prices.csv').returns.", {"rolling", "columns"}),
        ("rr.datasets.load('index_sp500').", {"columns", "rolling"}),
    ],
)
def test_public_names_options_and_results_are_offered(line, names):
    assert names <= offered(line)


@pytest.mark.parametrize(
    "call",
    [
        "rr.simple_returns({})",
        "rr.rolling({}, 'volatility', window=20)",
        "rr.metrics.drawdown({})",
        "rr.metrics.wealth_index({})",
        "rr.metrics.aggregate_returns({}, to='month')",
        "rr.metrics.rolling_range_volatility({0}, high={0}, low={0}, window=20)",
        "rr.models.EwmaVolatility().forecasts({})",
        "rr.VolatilityPositionSizer().weights({})",
        "rr.KellyPositionSizer().weights({})",
    ],
)
def test_a_result_over_time_has_the_methods_of_the_data(call):
    series, frame = offered(f"{call.format('returns')}."), offered(f"{call.format('panel')}.")
    assert {"rolling", "to_frame"} <= series
    assert {"rolling", "columns"} <= frame
    assert "columns" not in series


def test_overloads_are_for_checkers_and_the_signature_is_that_of_the_function():
    import riskresearch as rr  # noqa: PLC0415 (Jedi reads the source alone)

    assert list(inspect.signature(rr.rolling).parameters)[:3] == ["returns", "measure", "window"]
