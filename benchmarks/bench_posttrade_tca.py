"""Markouts of 200,000 fills against one pandas.merge_asof; `python -m benchmarks.bench_posttrade_tca` prints them."""

import sys

import numpy as np
import pandas as pd

from benchmarks.compare import Case, ratio
from riskresearch import posttrade

QUOTES, FILLS, ASSETS = 5_000_000, 200_000, 50
HORIZONS = (1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600)
DAY = 23_400_000_000_000
"""Nanoseconds of a session of six and a half hours."""
TARGET = 2.0
KINDS = ("text", "categories", "numbers")


def tables(kind: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return fills and quotes in the order of time, their assets of one kind."""
    rng = np.random.default_rng(0)
    names = np.array([f"S{number:02d}" for number in range(ASSETS)])
    made = []
    for count in (FILLS, QUOTES):
        code = rng.integers(0, ASSETS, count)
        asset = {"text": names[code], "numbers": code}.get(kind, pd.Categorical.from_codes(code, names))
        made.append(pd.DataFrame({"time": pd.to_datetime(np.sort(rng.integers(0, DAY, count))), "asset": asset}))
    fills, quotes = made
    quotes["bid"] = 100.0 + 1e-4 * rng.normal(size=QUOTES).cumsum()
    quotes["ask"] = quotes["bid"] + 0.01
    return fills.assign(units=rng.choice([-100.0, 100.0], FILLS), price=100.0), quotes


def tca_cases() -> list[Case]:
    """Return one case for each kind of column that names the asset."""
    return [_case(kind) for kind in KINDS]


def _case(kind: str) -> Case:
    fills, quotes = tables(kind)

    def ours() -> posttrade.Markouts:
        found = posttrade.markouts(fills, market=quotes, horizons=HORIZONS)
        assert found.values.shape == (len(HORIZONS), FILLS)
        return found

    def theirs() -> pd.DataFrame:
        return pd.merge_asof(fills, quotes, on="time", by="asset")

    def check() -> None:
        joined = theirs()
        mid = 0.5 * (joined["bid"] + joined["ask"]).to_numpy()
        assert np.array_equal(ours().now, mid, equal_nan=True)

    work = f"markouts at ten horizons, 200,000 fills, 5,000,000 quotes, assets as {kind}"
    return Case(work, "one pandas.merge_asof", ours, theirs, check, "the mids at the fills, all bits", TARGET)


if __name__ == "__main__":
    for case in tca_cases():
        case.check()
        found = ratio(case.ours, case.theirs, case.repeats)
        print(f"{case.work}: {found.median:.2f} ({found.low:.2f} to {found.high:.2f}), target {case.target}")
        sys.stdout.flush()
