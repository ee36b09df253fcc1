"""A ledger of 1,000,000 fills, and pyfolio's round trips; `python -m benchmarks.bench_posttrade_ledger` prints them.

pyfolio-reloaded may need an environment of its own: `PYFOLIO_PYTHON=/path/to/python` names its interpreter.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.compare import ratio
from riskresearch.core import Fill
from riskresearch.posttrade import Ledger, LedgerRules

FILLS, PEER_FILLS, UPDATES = 1_000_000, 20_000, 200_000
NAMES = np.array([f"S{number:02d}" for number in range(50)])
DAYS = pd.bdate_range("2010-01-04", periods=2500)
SECONDS, MEGABYTES, OTHER_RULES, MICROSECONDS, PYFOLIO = 0.5, 300.0, 2.0, 3.0, 0.01
"""Targets: seconds and memory of FIFO, time of other rules over it, one update, and our time over pyfolio's."""
THEIRS = """
import sys, time, warnings
warnings.simplefilter("ignore")
import pandas as pd
from pyfolio.round_trips import extract_round_trips
fills = pd.read_csv(sys.argv[1], parse_dates=["time"]).rename(columns={"units": "amount", "asset": "symbol"})
start = time.perf_counter()
found = extract_round_trips(fills.set_index("time")[["amount", "price", "symbol"]])
print(time.perf_counter() - start)
found.groupby("symbol")["pnl"].sum().to_csv(sys.argv[2])
"""


def fills_of(count: int, *, one_a_day: bool = False) -> pd.DataFrame:
    """Return fills of whole shares at random times; with `one_a_day` at most one a day and asset.

    pyfolio merges fills of an asset that follow each other within eight hours before it matches them, and truncates
    fractions; with one fill a day, in whole shares, it is right.
    """
    rng = np.random.default_rng(0)
    if one_a_day:
        each = count // len(NAMES)
        day = np.concatenate([np.sort(rng.choice(len(DAYS), each, replace=False)) for _ in NAMES])
        order = np.argsort(day, kind="stable")
        times, code = DAYS[day[order]], np.repeat(np.arange(len(NAMES)), each)[order]
    else:
        times = pd.to_datetime(np.sort(rng.integers(DAYS[0].value, DAYS[-1].value, count)))
        code = rng.integers(0, len(NAMES), count)
    units = rng.integers(1, 101, count) * rng.choice([-1.0, 1.0], count)
    return pd.DataFrame({"time": times, "asset": NAMES[code], "units": units, "price": rng.uniform(90, 110, count)})


def prices() -> pd.DataFrame:
    """Return prices of all assets on all days."""
    steps = np.random.default_rng(1).normal(0.0, 0.01, (len(DAYS), len(NAMES)))
    return pd.DataFrame(100.0 * np.exp(steps.cumsum(axis=0)), index=DAYS, columns=NAMES)


def best(work: Callable[[], object], repeats: int = 5) -> float:
    """Return the least seconds of some runs."""
    found = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return min(found)


def peak() -> float:
    """Return the most memory that this process has used, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def show_history() -> None:
    """Print the time and memory of all rules."""
    fills, marks = fills_of(FILLS), prices()
    Ledger.from_fills(fills[:1000], prices=marks)
    before = peak()
    Ledger.from_fills(fills, prices=marks)
    print(f"1,000,000 fills, FIFO: {peak() - before:.0f} MB, target {MEGABYTES:g}")

    def fifo() -> object:
        return Ledger.from_fills(fills, prices=marks)

    print(f"1,000,000 fills, FIFO: {best(fifo):.2f} s, target {SECONDS}")
    for matching in ("lifo", "hifo", "average"):
        found = ratio(lambda rule=matching: Ledger.from_fills(fills, prices=marks, matching=rule), fifo, 5)
        print(f"  {matching} over fifo: {found.median:.2f}, target {OTHER_RULES}")


def show_updates() -> None:
    """Print the time of an update by one fill."""
    table = fills_of(UPDATES)
    events = [
        Fill(asset, "portfolio", None, "order", units, price, 1.0)
        for asset, units, price in zip(table["asset"], table["units"].tolist(), table["price"].tolist(), strict=True)
    ]

    def run() -> None:
        update = LedgerRules().start(assets=NAMES.tolist()).update
        for event in events:
            update(event)

    print(f"update(fill): {best(run) / UPDATES * 1e6:.2f} microseconds, target {MICROSECONDS:g}")


def show_pyfolio(python: str) -> None:
    """Print our time over pyfolio's, and check that both have the same profit of each asset."""
    fills, marks = fills_of(PEER_FILLS, one_a_day=True), prices()
    with tempfile.TemporaryDirectory() as folder:
        given, answer = Path(folder) / "fills.csv", Path(folder) / "theirs.csv"
        fills.to_csv(given, index=False)
        ran = subprocess.run([python, "-c", THEIRS, given, answer], capture_output=True, text=True, check=True)
        theirs = pd.read_csv(answer, index_col="symbol")["pnl"]
    mine = best(lambda: Ledger.from_fills(fills, prices=marks).closings)
    closed = Ledger.from_fills(fills, prices=marks).closings.groupby("asset")["realised"].sum()
    np.testing.assert_allclose(closed.to_numpy(), theirs.loc[closed.index].to_numpy(), rtol=1e-9, atol=1e-6)
    found = mine / float(ran.stdout.split()[-1])
    print(
        f"{PEER_FILLS:,} fills over pyfolio-reloaded's extract_round_trips: {found:.5f}, target {PYFOLIO}; same profit"
    )


if __name__ == "__main__":
    show_history()
    sys.stdout.flush()
    show_updates()
    if "PYFOLIO_PYTHON" in os.environ:
        show_pyfolio(os.environ["PYFOLIO_PYTHON"])
