"""How the kernels of the sizers are called on a matrix of returns and a level, for the comparison of their bits."""

import numpy as np

NAMES = ("total", "weight", "count")


def with_gaps(values):
    """Return returns of which some are missing, as a C-contiguous copy."""
    values = np.array(values, order="C")
    values[4::9, 0] = np.nan
    return values


def signals_for(values):
    """Return signals of both signs and 0."""
    rows, columns = np.indices(values.shape)
    return ((rows // 3 + columns) % 5 - 2) / 2.0


def ran(sweep, rows, *results):
    """Run a sweep over all rows and return what it wrote."""
    sweep.run(0, rows)
    return tuple(results)


def ewma_deviation(kernel, values, level):
    values = with_gaps(values)
    state = {name: np.zeros(values.shape[1]) for name in NAMES}
    answers = np.empty(values.shape)
    return ran(kernel(values, level, 3.0, state, answers), len(values), answers, *state.values())


def inverse_risk(kernel, values, level):
    answers = np.empty(values.shape)
    return ran(kernel(with_gaps(values), signals_for(values), level, answers), len(values), answers)


def risk_budget(kernel, values, level):
    source, results = with_gaps(values), []
    portfolios = (np.empty(0), np.abs(values[:, 0]), np.ascontiguousarray(source[:, 0]), np.zeros(1))
    for limits in ((level, 1, level, 1, 1.5, 4), (np.inf, 1, 1.0, 4, 1.0, 4), (np.inf, 1, 1.0, 0, np.inf, 4)):
        for portfolio in portfolios:
            for noted in (0, 1):
                held, answers = np.zeros(values.shape[1]), np.empty(values.shape)
                wanted = np.zeros((noted, values.shape[1]))
                reasons = np.zeros((noted, values.shape[1]), dtype=np.longlong)
                sweep = kernel(
                    source, with_gaps(values[::-1]), signals_for(values), portfolio, 0.01, 0.1, limits, held, answers,
                    wanted, reasons,
                )  # fmt: skip
                results += ran(sweep, len(values), answers, wanted, reasons)
    return tuple(results)


def share_out(kernel, values, level):
    held, answers = np.zeros(values.shape[1]), np.empty(values.shape)
    return ran(kernel(with_gaps(values), np.array(values), level, 0.1, held, answers), len(values), answers)


def cornish_fisher(kernel, values, level):
    source, results = with_gaps(values), []
    moments = (source, np.abs(source), source[::-1].copy(), 3.0 * np.abs(source))
    for conditional in (False, True):
        count, answers = np.zeros(values.shape[1]), np.empty(values.shape)
        sweep = kernel(source, 5, moments, -1.2, 1.0 - level, conditional, count, answers)
        results += ran(sweep, len(values), answers)
    return tuple(results)


def standardizer(kernel, values, level):
    source, before, answers = with_gaps(values), np.full(values.shape[1], np.nan), np.empty(values.shape)
    return ran(kernel(source, np.abs(source[::-1]).copy(), before, answers), len(values), answers)


def ewma_portfolio(kernel, values, level):
    columns, answers = values.shape[1], np.empty(len(values))
    sums, risks = np.zeros((columns, columns)), np.abs(values) + 0.01
    sweep = kernel(with_gaps(values), signals_for(values), risks, level, sums, answers)
    return ran(sweep, len(values), answers, sums)


def rolling_portfolio(kernel, values, level):
    answers, risks = np.empty(len(values)), np.abs(values) + 0.01
    sweep = kernel(with_gaps(values), signals_for(values), risks, 6, answers)
    return ran(sweep, len(values), answers)


def window_earnings(kernel, values, level):
    earned = np.empty(min(7, len(values)))
    kernel(with_gaps(values), len(values) + 2, signals_for(values)[0], earned)
    return earned


def cap_rows(kernel, values, level):
    columns, results = values.shape[1], []
    groups, limits = np.arange(columns, dtype=np.longlong) % 2 - 1, np.array([0.02])
    prices, volumes = 50.0 + signals_for(values), with_gaps(1e4 * (1.0 + signals_for(values)))
    for limit_exits in (False, True):
        for lot_size in (0.0, 100.0):
            caps = {
                "weight": 0.05, "leverage": 0.1, "participation": 0.01, "turnover": 0.05, "minimum_trade": 0.001,
                "lot_size": lot_size,
            }  # fmt: skip
            weights, reasons = np.empty(values.shape), np.zeros(values.shape, dtype=np.longlong)
            sweep = kernel(
                np.ascontiguousarray(values), prices, volumes, np.full(len(values), 1e6), groups, limits, caps,
                limit_exits, np.full(columns, 0.01), weights, reasons,
            )  # fmt: skip
            results += ran(sweep, len(values), weights, reasons)
    return tuple(results)


def bars_for(values):
    """Return positive closes, highs, lows and opens."""
    close = 1.0 + np.abs(with_gaps(values))
    spread = np.abs(values[::-1])
    return close, close + spread, close / (1.0 + spread), close + 0.3 * spread


def average_true_range(kernel, values, level):
    close, high, low, _ = bars_for(values)
    columns, answers = values.shape[1], np.empty(values.shape)
    state = {"before": np.full(columns, np.nan), "average": np.zeros(columns), "count": np.zeros(columns)}
    return ran(kernel(close, high, low, 4, state, answers), len(values), answers)


def range_terms(kernel, values, level):
    close, high, low, opened = bars_for(values)
    results = [np.empty(values.shape) for _ in range(5)]
    for kind, terms in enumerate(results):
        kernel(opened, high, low, close, kind, terms)
    return tuple(results)


SIZING_KERNELS = {
    "EwmaDeviation": ("_ewma", ewma_deviation),
    "InverseRisk": ("_target_weights", inverse_risk),
    "RiskBudget": ("_target_weights", risk_budget),
    "ProportionalWeights": ("_target_weights", share_out),
    "CornishFisherRisk": ("_cornish_fisher", cornish_fisher),
    "Standardizer": ("_ewma", standardizer),
    "EwmaPortfolio": ("_portfolio_risk", ewma_portfolio),
    "RollingPortfolio": ("_portfolio_risk", rolling_portfolio),
    "window_earnings": ("_portfolio_risk", window_earnings),
    "CapRows": ("_caps", cap_rows),
    "AverageTrueRange": ("_ranges", average_true_range),
    "range_terms": ("_ranges", range_terms),
}
