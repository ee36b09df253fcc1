"""The plan of a sweep of sizers: universes, costs and data, checked before anything runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.backtest.selection._superiority import common_length, read_benchmark
from riskresearch.backtest.sweeps._grid import check_grid, in_order, not_of_parameters
from riskresearch.backtest.sweeps._selection import Selection, check_rows
from riskresearch.backtest.sweeps._sizer_trials import RESERVED, SizerTrials, like
from riskresearch.core._arguments import column_labels
from riskresearch.core._checks import check_count, shown
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._labels import is_instance_of
from riskresearch.core._panel import as_panel
from riskresearch.core._periods import resolve_periods_per_year
from riskresearch.core.frames._native import native
from riskresearch.kernels.inference._overfitting import block_edges
from riskresearch.metrics._returns import simple_returns

if TYPE_CHECKING:
    from riskresearch.backtest.sweeps._selection import SelectionSettings
    from riskresearch.core._panel import Panel
    from riskresearch.core._types import Data, FloatVector, NanPolicy

OF_THE_SWEEP = ("weights", "prices", "lag", "fill_prices", "costs", "accounts")
"""Arguments of `simulate` that the sweep has as its own."""


def check_universes(assets: Any, panel: Panel) -> tuple[tuple[str, Sequence[int]], ...]:
    """Return the universes: all columns in one, each alone, or those that a mapping names."""
    names = column_labels(panel)
    if assets is None:
        return (("all", range(len(names))),)
    if isinstance(assets, str):
        if assets != "each":
            raise InvalidInputError(f"assets must be None, 'each' or a mapping, got {shown(assets)}.")
        return tuple((name, (number,)) for number, name in enumerate(names))
    if not isinstance(assets, Mapping) or not assets:
        raise InvalidInputError(f"assets must be None, 'each' or a mapping of names to columns, got {shown(assets)}.")
    universes = []
    for universe, members in assets.items():
        wanted = [str(member) for member in in_order(members)]
        unknown = [member for member in wanted if member not in names]
        if unknown or not wanted:
            what = f"{unknown[0]!r}" if unknown else "no column at all"
            raise InvalidInputError(f"assets must list columns of prices, but {universe!r} has {what}.")
        universes.append((str(universe), tuple(names.index(member) for member in wanted)))
    return tuple(universes)


def check_costs(costs: Any) -> tuple[tuple[str, Any], ...]:
    """Return the sets of costs by name; one set has no name."""
    if not isinstance(costs, Mapping):
        return (("", costs),)
    if not costs:
        raise InvalidInputError("costs must hold at least one set of costs, got an empty mapping.")
    return tuple((str(name), each) for name, each in costs.items())


def check_simulation(simulation: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return further arguments of `simulate`."""
    options = dict(simulation or {})
    taken = [name for name in OF_THE_SWEEP if name in options]
    if taken:
        raise InvalidInputError(f"simulation must leave {taken[0]!r} to the sweep, which has its own argument for it.")
    return options


def plain_prices(prices: Data, nan_policy: NanPolicy) -> tuple[Any, Panel]:
    """Return prices as pandas or NumPy data, and their panel; polars becomes a DataFrame."""
    data = native(prices, name="prices")
    panel = as_panel(data, name="prices", holds="prices", nan_policy=nan_policy, min_rows=3)
    if is_instance_of(data, "pandas", "Series", "DataFrame"):
        return data, panel
    if not is_instance_of(data, "polars", "Series", "DataFrame"):
        return np.asarray(data, dtype=np.float64), panel
    import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

    index = None if panel.dates is None else pd.DatetimeIndex(panel.labels.row_names)  # with their zone
    return pd.DataFrame(panel.values, index=index, columns=list(column_labels(panel))), panel


def plan_sizers(
    make: Callable[..., Any],
    grid: Mapping[str, Iterable[Any]],
    prices: Data,
    *,
    costs: Any,
    assets: Any,
    lag: int,
    fill_prices: Any,
    simulation: Mapping[str, Any] | None,
    warm_up: int,
    selection: SelectionSettings | None,
    benchmark: float | Data,
    seed: int,
    periods_per_year: float | None,
    nan_policy: NanPolicy,
) -> SizerTrials:
    """Return all that the workers need, checked."""
    if not callable(make):
        raise InvalidInputError(not_of_parameters(make, name="sizer"))
    data, panel = plain_prices(prices, nan_policy)
    returns = simple_returns(data, nan_policy=nan_policy)
    skipped = check_count(warm_up, name="warm_up", minimum=0)
    if skipped > panel.values.shape[0] - 3:
        raise InvalidInputError(f"prices and warm_up must leave 2 returns, got {panel.values.shape[0] - 1 - skipped}.")
    filled = None if fill_prices is None else _like_prices(fill_prices, data, panel, nan_policy)
    return SizerTrials(
        make=make,
        grid=check_grid(grid, reserved=RESERVED, owner="sizer"),
        universes=check_universes(assets, panel),
        costs=check_costs(costs),
        prices=data,
        returns=returns,
        fill_prices=filled,
        lag=check_count(lag, name="lag", minimum=0),
        simulation=check_simulation(simulation),
        warm_up=skipped,
        selection=None if selection is None else _selection(selection, benchmark, returns, panel, skipped),
        periods=resolve_periods_per_year(periods_per_year, panel.dates),
        seed=seed,
    )


def _selection(settings: SelectionSettings, benchmark: Any, returns: Any, prices: Panel, skipped: int) -> Selection:
    """Return the benchmark, blocks and draws of the trials, whose excess returns set the length of the blocks."""
    rows = prices.values.shape[0] - 1 - skipped
    check_rows(rows, settings.blocks, names="prices and warm_up")
    earned = as_panel(returns, nan_policy="omit" if prices.has_nan else "raise")
    compared = read_benchmark(benchmark, earned, settings.scale, skipped=skipped)
    length = settings.block_length or _length(earned.values[skipped:] - compared.returns[:, None])
    return Selection(compared, block_edges(rows, settings.blocks), settings.draws, float(length))


def _length(excess: FloatVector) -> float:
    """Return the mean automatic block length of the assets' excess returns, known before any trial has run."""
    return float(np.mean([common_length(column[~np.isnan(column)][:, None]) for column in excess.T]))


def _like_prices(fill_prices: Any, data: Any, panel: Panel, nan_policy: NanPolicy) -> Any:
    fills = as_panel(fill_prices, name="fill_prices", holds="numbers", nan_policy=nan_policy)
    if fills.values.shape != panel.values.shape:
        raise InvalidInputError(
            f"fill_prices must have the shape of prices, {panel.values.shape}, got {fills.values.shape}."
        )
    filled = native(fill_prices, name="fill_prices")
    labelled = is_instance_of(filled, "pandas", "Series", "DataFrame")
    return filled if labelled else like(fills.values.reshape(np.shape(data)), data)
