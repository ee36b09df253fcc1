"""Totals of many orders: money over notional, with an interval over days or orders."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels.inference._bootstrap import make_plan, sum_replicates

BASIS_POINTS = 10_000.0
FEWEST_CLUSTERS = 10
"""Days, or orders, below which an interval is not given."""


def ratio_intervals(
    costs: FloatMatrix, notionals: FloatMatrix, clusters: npt.NDArray[np.intp], confidence: float, draws: int, seed: int
) -> tuple[FloatVector, FloatVector, FloatVector, int]:
    """Return the ratio of the sums of each column in basis points, its bounds, and the number of clusters drawn.

    Whole clusters are drawn. A row where the cost or the notional is nan counts for neither.
    """
    known = ~(np.isnan(costs) | np.isnan(notionals))
    numbers, own = np.unique(clusters, return_inverse=True)
    sums = [
        np.bincount(own, np.where(known[:, column], table[:, column], 0.0), numbers.size)
        for table in (costs, notionals)
        for column in range(costs.shape[1])
    ]
    terms: FloatMatrix = np.stack(sums, axis=1).astype(np.float64)
    count = costs.shape[1]
    with np.errstate(invalid="ignore", divide="ignore"):
        total = terms.sum(axis=0)
        estimate = BASIS_POINTS * total[:count] / total[count:]
    lower, upper = np.full((2, count), np.nan)
    if numbers.size >= FEWEST_CLUSTERS:
        plan = make_plan(numbers.size, draws, "iid", 1.0, seed)
        edges = [(1.0 - confidence) / 2.0, (1.0 + confidence) / 2.0]
        for column in range(count):
            pair = terms[:, [column, count + column]]
            if not pair[:, 1].any():
                continue
            with np.errstate(invalid="ignore", divide="ignore"):
                drawn = sum_replicates(lambda sums: BASIS_POINTS * sums[:, 0] / sums[:, 1], pair, plan)
            lower[column], upper[column] = np.nanquantile(drawn, edges)
    return estimate, lower, upper, int(numbers.size)


def cost_columns(parts: tuple[str, ...], benchmarks: tuple[str, ...]) -> list[str]:
    """Return the columns of costs in money: those over the paper notional, then those against benchmarks."""
    return [*parts, "shortfall", *(f"{name}_cost" for name in benchmarks)]


def cost_matrices(
    table: pd.DataFrame, parts: tuple[str, ...], benchmarks: tuple[str, ...]
) -> tuple[FloatMatrix, FloatMatrix]:
    """Return the costs and what they are a share of, shape (orders, costs); nan where an order is left out."""
    costs = table[cost_columns(parts, benchmarks)].to_numpy(dtype=np.float64)
    complete = (table["missing"] == "").to_numpy()
    paper = np.where(complete, table["paper_notional"], np.nan)
    filled = table["filled"].abs().to_numpy()
    notionals = [paper] * (len(parts) + 1)
    for name in benchmarks:
        points = table[f"{name}_bps"].to_numpy()
        price = table[f"{name}_price"].to_numpy()
        multiplier = table["multiplier"].to_numpy() if "multiplier" in table else 1.0
        notionals.append(np.where(np.isnan(points), np.nan, filled * price * multiplier))
    return costs, np.stack(notionals, axis=1)


def clusters_of(table: pd.DataFrame) -> tuple[npt.NDArray[np.intp], str]:
    """Return the cluster of each order and what it is: the day of the decision if there are enough, else the order."""
    for column in ("decided", "arrived"):
        if column in table:
            days = pd.DatetimeIndex(table[column]).normalize()
            if days.notna().all() and days.nunique() >= FEWEST_CLUSTERS:
                return np.asarray(pd.factorize(days)[0], dtype=np.intp), "day"
    return np.arange(len(table), dtype=np.intp), "order"


def orders_left_out(table: pd.DataFrame) -> pd.DataFrame:
    """Return the orders that no total of the shortfall holds."""
    return table[table["missing"] != ""]
