"""How often 95 % intervals of Kelly weights and their growth cover the truth: `python -m benchmarks.kelly_coverage`."""

import math
import sys
from typing import Any
from unittest import mock

import numpy as np
import numpy.typing as npt

from benchmarks.horizon_coverage import clustered, fat_tailed, normal
from riskresearch.sizing import Constraints, kelly_weights
from riskresearch.sizing.optimise import _kelly, _kelly_confidence

Matrix = npt.NDArray[np.float64]
ROWS = (60, 500)
COLUMNS = (1, 5)
REPETITIONS, DRAWS, OVERESTIMATES, SEED = 120, 120, 60, 20
CORRELATION, DEVIATION, YEAR = 0.5, 0.01, 252
LONG = 50_000  # rows that stand for the truth, with its mean and covariance exactly
LAWS = {"normal": normal, "Student-t(4)": fat_tailed, "GARCH": clustered}
CASES: dict[str, dict[str, Any]] = {
    "long only, no borrowing": {},
    "no constraint": {"constraints": Constraints(lower=None, total=(-math.inf, math.inf)), "max_leverage": math.inf},
}


def means(columns: int) -> Matrix:
    """Return means with Sharpe ratios from 0 to 1 a year; 0.5 for one asset."""
    sharpe = np.linspace(0.0, 1.0, columns) if columns > 1 else np.array([0.5])
    found: Matrix = sharpe * DEVIATION / math.sqrt(YEAR)
    return found


def mixed(rows: Matrix) -> Matrix:
    """Return rows whose columns have one common correlation."""
    columns = rows.shape[1]
    root = np.linalg.cholesky((1.0 - CORRELATION) * np.eye(columns) + CORRELATION)
    return rows @ root.T


def standardised(rows: Matrix) -> Matrix:
    """Return rows with mean 0, deviation 1 % and no correlation, exactly."""
    rows = rows - rows.mean(axis=0)
    root = np.linalg.cholesky(np.cov(rows.T, ddof=0).reshape(rows.shape[1], -1))
    found: Matrix = DEVIATION * np.linalg.solve(root, rows.T).T
    return found


def coverage(law: str, columns: int, case: str) -> None:
    """Print the shares of histories whose intervals hold the true Kelly weights, and the true growth."""
    rng = np.random.default_rng(SEED)
    mean, draw, options = means(columns), LAWS[law], CASES[case]
    truth = mean + mixed(standardised(np.concatenate([draw(rng, LONG // 25, columns) for _ in range(25)])))
    best = np.array(kelly_weights(truth, uncertainty="ignore", **options).weights)
    for rows in ROWS:
        weights, growth = 0.0, 0.0
        for repetition in range(REPETITIONS):
            history = mean + mixed(draw(rng, rows, columns))
            found = kelly_weights(history, confidence=0.95, rng=repetition, **options)
            held = np.array(found.weight_intervals)
            weights += float(((held[:, 0] - 1e-6 <= best) & (best <= held[:, 1] + 1e-6)).mean())
            with np.errstate(divide="ignore"):
                true = float(np.log(np.maximum(1.0 + truth @ np.array(found.weights), 0.0)).mean())
            low, high = found.growth_interval or (math.nan, math.nan)
            growth += float(low <= true <= high)
        print(
            f"| {law} | {case} | {columns} | {rows:,} | {100 * weights / REPETITIONS:.0f} "
            f"| {100 * growth / REPETITIONS:.0f} |",
            flush=True,
        )


def main() -> None:
    """Measure all cases, or those of the laws that are named."""
    print(
        "| rows are | weights | assets | rows | weights covered, % | growth covered, % |\n|---|---|---:|---:|---:|---:|"
    )
    for law in sys.argv[1:] or LAWS:
        for case in CASES:
            for columns in COLUMNS:
                coverage(law, columns, case)


if __name__ == "__main__":
    with (
        mock.patch.object(_kelly, "DRAWS", DRAWS),
        mock.patch.object(_kelly_confidence, "OVERESTIMATES", OVERESTIMATES),
    ):
        main()
