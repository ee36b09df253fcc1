"""The compiled kernels and the same files run as ordinary Python reach the same bits."""

import importlib
import inspect
from importlib.machinery import EXTENSION_SUFFIXES
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, strategies as st

from riskresearch.datasets import load
from riskresearch.kernels import _rolling, uncompiled_modules
from riskresearch.kernels._build import kernel_modules, source_of
from riskresearch.kernels._ranks import tail_rank
from riskresearch.kernels.compiled._resample import running_sums
from riskresearch.kernels.inference._pieces import geometric_pieces
from tests.examples import examples
from tests.kernels.account_cases import booked
from tests.kernels.sizing_cases import SIZING_KERNELS
from tests.kernels.uncompiled import UNCOMPILED
from tests.samples import LEVELS, fat_tailed, returns_arrays

COMPILED = {name: importlib.import_module(f"riskresearch.kernels.compiled.{name}") for name in kernel_modules()}


def correlations(values):
    """Return a correlation matrix of bounded values, the same for every layout in memory."""
    bounded = np.ascontiguousarray(values) / (1.0 + np.abs(np.ascontiguousarray(values)))
    gram = (bounded[:, :, None] * bounded[:, None, :]).sum(axis=0) + np.eye(values.shape[1])
    spread = np.sqrt(np.diag(gram))
    return gram / np.outer(spread, spread)


def budgets(columns):
    """Return unequal budgets with sum 1, and where to start from."""
    given = np.arange(1.0, columns + 1.0) / (columns * (columns + 1.0) / 2.0)
    return given, np.sqrt(given)


def written(kernel, values, *parameters):
    """Return what a kernel writes over its first argument."""
    over = np.array(values, order="C")
    kernel(over, *parameters)
    return over


def multiplied(kernel, squares):
    """Return what the likelihoods of three cells, two scales and two degrees of freedom are made of."""
    cells = np.array([[0.0, 0.0, 1.0], [0.1, 0.85, 0.05], [0.3, 0.3, 0.4]])
    known, ratios, factors = np.array([[0.0, 1.0], [0.2, 0.0], [0.5, 0.0]]), np.zeros((3, 2)), np.ones((3, 3, 2))
    kernel(squares, cells, np.array([0.5, 2.0]), np.array([0.5, 0.2]), known, ratios, factors)
    return known, ratios, factors


# Each public kernel: its module, and how to call it on a matrix of returns and a level.
SOME_KEY, FIVE_ROWS = 0x9E3779B97F4A7C15, geometric_pieces(5.0)
KERNELS = {
    "draw_rows": ("_resample", lambda kernel, values, level: kernel(len(values), 3, SOME_KEY, FIVE_ROWS)),
    "draw_sums": (
        "_resample",
        lambda kernel, values, level: kernel(running_sums(values[:, 0]), 3, SOME_KEY, FIVE_ROWS),
    ),
    "counts_of_places": ("_resample", lambda kernel, values, level: 1.0 * kernel(np.argsort(values, axis=0).T)),
    "sums_of_draws": (
        "_resample",
        lambda kernel, values, level: kernel(np.arange(3 * len(values), dtype="u2").reshape(-1, 3), values[:, 0]),
    ),
    "running_sums": ("_resample", lambda kernel, values, level: kernel(values[:, 0])),
    "write_garch_paths": ("_garch", lambda kernel, values, level: written(kernel, values, 0.1, level - 0.1)),
    "multiply_likelihoods": (
        "_garch",
        lambda kernel, values, level: multiplied(kernel, np.ascontiguousarray(values[:, 0] ** 2)),
    ),
    "column_sums": ("_sums", lambda kernel, values, level: kernel(values)),
    "tail_risk": ("_tail", lambda kernel, values, level: kernel(values, *tail_rank(level, len(values)))),
    "historical_var": ("_tail", lambda kernel, values, level: kernel(values, tail_rank(level, len(values))[0])),
    "worst_drawdown": ("_drawdown", lambda kernel, values, level: kernel(values)),
    "checked_max_drawdown": ("_drawdown", lambda kernel, values, level: kernel(values)[0]),
    "risk_budget_descent": (
        "_risk_budget_descent",
        lambda kernel, values, level: kernel(correlations(values), *budgets(values.shape[1]), 9, 1e-12)[0],
    ),
    "drawdown_path": ("_drawdown", lambda kernel, values, level: kernel(values)),
    "rolling_regression": (
        "rolling._regression",
        lambda kernel, values, level: kernel(values, max(1, len(values) // 3)),
    ),
}
# Kernels with cases in a file of their own.
ELSEWHERE = (
    "_breaker", "_breaker_chance", "_breaker_sweep", "_breaker_triggers", "limits._engine", "limits._rules",
    "limits._sweep", "limits._worlds", "trades._asof", "trades._excursions",
    "trades._lots", "trades._pooled_trips",
)  # fmt: skip
MOMENT_KINDS = ("mean", "volatility", "sharpe_ratio", "sortino_ratio")


def swept(window_class, measures, values, level):
    """Return the rolling measures of a window of a third of the rows, by one class, gaps and a moving rate included."""
    values = values.copy(order="K")
    values[5::7, 0] = np.nan
    rows = len(values)
    window = max(2, rows // 3)
    rates, market = np.linspace(0.0, 1e-4, rows), np.nan_to_num(values[::-1, 0])
    results = []
    for measure in measures:
        recipe = _rolling.Recipe(measure, window, 2, 1.5, level)
        with mock.patch.object(_rolling, window_class.__name__, window_class):
            results += _rolling.roll(recipe, values, market, rates)
    return tuple(results)


KERNELS |= {
    "MomentWindow": ("rolling._moments", lambda kernel, *data: swept(kernel, MOMENT_KINDS, *data)),
    "ShapeWindow": ("rolling._shape", lambda kernel, *data: swept(kernel, ("skewness", "excess_kurtosis"), *data)),
    "PairWindow": ("rolling._pairs", lambda kernel, *data: swept(kernel, ("alpha", "beta", "correlation"), *data)),
    "TailWindow": ("rolling._tail", lambda kernel, *data: swept(kernel, ("tail_risk",), *data)),
    "DrawdownWindow": ("rolling._drawdown", lambda kernel, *data: swept(kernel, ("max_drawdown",), *data)),
    **SIZING_KERNELS,
}
KERNELS |= {"AccountBook": ("_accounts", booked)}
# Bundled prices: (data set, columns). Index, crypto, equities, funds of factors, currencies, oil.
PRICES = ("index_sp500", "btc_usd", "equities_adj_close", "factor_etfs", "fx_ecb", "wti")
SLICE_ROWS = 120


def bits(result):
    arrays = result if isinstance(result, tuple) else (result,)
    return [np.ascontiguousarray(array).view(np.int64) for array in arrays]


def assert_same_bits(values, level=0.95):
    for name, (module, call) in KERNELS.items():
        compiled = bits(call(getattr(COMPILED[module], name), values, level))
        plain = bits(call(getattr(UNCOMPILED[module], name), values, level))
        assert len(compiled) == len(plain)
        for ours, theirs in zip(compiled, plain, strict=True):
            assert np.array_equal(ours, theirs), name


def test_one_side_is_compiled_and_the_other_is_not():
    assert uncompiled_modules() == ()
    for name in kernel_modules():
        assert COMPILED[name].__file__.endswith(tuple(EXTENSION_SUFFIXES))
        assert UNCOMPILED[name].__file__ == str(source_of(name))
        if name in ELSEWHERE:
            continue
        kernel = getattr(UNCOMPILED[name], next(k for k, (m, _) in KERNELS.items() if m == name))
        assert inspect.isfunction(kernel) or inspect.isfunction(kernel.run)


def test_every_public_kernel_is_compared():
    for name, module in UNCOMPILED.items():
        if name in ELSEWHERE:
            continue
        own = {
            key for key, value in vars(module).items()
            if (inspect.isfunction(value) or inspect.isclass(value))
            and value.__module__ == module.__name__ and not key.startswith("_")
        }  # fmt: skip
        assert own == {kernel for kernel, (home, _) in KERNELS.items() if home == name}


@given(returns_arrays(min_rows=1, max_rows=30), LEVELS)
@examples(60)
def test_random_returns_give_the_same_bits(values, level):
    assert_same_bits(values, level)


@given(
    st.lists(st.sampled_from([0.0, -0.0, 5e-324, -1e-310, 1e-17, 1e100, -1.0, 1.0, 1e16]), min_size=1, max_size=25),
    LEVELS,
)
@examples(60)
def test_extreme_values_give_the_same_bits(column, level):
    with np.errstate(over="ignore", invalid="ignore"):  # NumPy scalars warn of wealth beyond 1e308
        assert_same_bits(np.array(column)[:, None], level)


@pytest.mark.parametrize("name", PRICES)
def test_bundled_returns_give_the_same_bits(name):
    prices = load(name).select_dtypes("number").dropna(axis=0)
    prices = prices.loc[:, (prices > 0.0).all()].to_numpy(dtype=float)[-SLICE_ROWS:, :4]
    assert prices.shape[0] == SLICE_ROWS
    assert prices.shape[1] >= 1
    assert_same_bits(prices[1:] / prices[:-1] - 1.0, 0.99)


def test_bundled_factor_returns_give_the_same_bits():
    factors = load("ff3_monthly").select_dtypes("number").to_numpy(dtype=float)[:SLICE_ROWS]
    assert_same_bits(factors / 100.0)


def read_only(values):
    copy = values.copy()
    copy.flags.writeable = False
    return copy


LAYOUTS = {
    "contiguous": np.ascontiguousarray,
    "fortran": np.asfortranarray,
    "strided rows": lambda values: np.repeat(values, 2, axis=0)[::2],
    "strided columns": lambda values: np.repeat(values, 3, axis=1)[:, ::3],
    "reversed rows": lambda values: values[::-1].copy()[::-1],
    "reversed columns": lambda values: values[:, ::-1].copy()[:, ::-1],
    "overlapping windows": lambda values: np.lib.stride_tricks.sliding_window_view(values[:, 0], len(values) // 2).T,
    "read-only": read_only,
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_memory_layout_gives_the_same_bits(layout):
    values = fat_tailed(40, 19)  # more columns than go into a vector loop at once
    laid_out = LAYOUTS[layout](values)
    assert_same_bits(laid_out)
    same_numbers = np.ascontiguousarray(laid_out)
    for name, (module, call) in KERNELS.items():
        kernel = getattr(COMPILED[module], name)
        for ours, theirs in zip(bits(call(kernel, laid_out, 0.9)), bits(call(kernel, same_numbers, 0.9)), strict=True):
            assert np.array_equal(ours, theirs), name
