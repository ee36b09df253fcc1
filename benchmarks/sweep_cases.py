"""Sweeps against themselves: two workers against one, and a thousand sets of parameters against a hundred."""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import pandas as pd

from benchmarks.compare import Case
from benchmarks.processes import Cost, median_cost, run_interleaved
from riskresearch import sweep
from riskresearch.metrics import Bootstrap

BARS, ASSETS = 8000, 20
WORKERS_TARGET = 1.0 / 1.6
SETS = (100, 1000)
SWEEP_OF_SETS = (
    "from benchmarks.sweep_cases import constant_shares, prices; from riskresearch import sweep; "
    "sweep(prices(), constant_shares, {{'share': [number / {sets} for number in range(1, {sets} + 1)]}}, "
    "costs=0.0005, rng=1)"
)


def prices() -> pd.DataFrame:
    """Return daily prices of 20 assets."""
    moves = np.random.default_rng(20260303).normal(0.0003, 0.01, (BARS, ASSETS))
    index = pd.bdate_range("1995-01-02", periods=BARS, name="date")
    return pd.DataFrame(100.0 * np.cumprod(1.0 + moves, axis=0), index=index, columns=[f"a{n}" for n in range(ASSETS)])


def constant_shares(share: float) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Return a sizer that costs next to nothing."""
    return lambda returns: pd.DataFrame(share / ASSETS, index=returns.index, columns=returns.columns)


def slow_quantile(level: float) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Return a sizer that takes some 100 ms: a rolling quantile by pandas."""
    return lambda returns: (0.01 / -returns.rolling(250).quantile(level)).clip(0.0, 1.0).fillna(0.0) / ASSETS


def sweep_cases() -> list[Case]:
    """Return the case of two workers against one on tasks of some 100 ms; the workers are started beforehand."""
    run = partial(
        sweep, prices(), slow_quantile, {"level": np.linspace(0.01, 0.2, 60).tolist()}, costs=0.0005, draws=100,
        block_length=20, blocks=6, rng=1, interval=Bootstrap(draws=100),
    )  # fmt: skip

    def check() -> None:
        one, two = run(n_jobs=1), run(n_jobs=2)
        pd.testing.assert_frame_equal(one.trials, two.trials, check_exact=True)
        assert one.superior_predictive_ability == two.superior_predictive_ability

    work = f"sweep of 60 sets of some 100 ms, {BARS} x {ASSETS}, 2 workers"
    ours, theirs = partial(run, n_jobs=2), partial(run, n_jobs=1)
    return [Case(work, "1 worker", ours, theirs, check, "the same bits", WORKERS_TARGET, 5)]


def sweep_memory(repeats: int = 3) -> str:
    """Return the section on what the number of sets costs in memory."""
    statements = [SWEEP_OF_SETS.format(sets=sets) for sets in SETS]
    few, many = (median_cost(costs) for costs in run_interleaved(statements, repeats))
    head = "| sweep | peak of the process | added by the sweep |\n|---|---|---|"
    rows: Sequence[tuple[int, Cost]] = tuple(zip(SETS, (few, many), strict=True))
    lines = [f"| {n:,} sets, {BARS} x {ASSETS} | {c.peak_mb:.0f} MB | {c.added_mb:.0f} MB |" for n, c in rows]
    note = f"Ten times the sets: {many.peak_mb / few.peak_mb:.3f} times the peak."
    return "\n".join(["## Memory of a sweep\n", head, *lines, "", note, ""])
