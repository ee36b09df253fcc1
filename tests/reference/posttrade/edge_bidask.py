"""Spreads of random bars by bidask 2.1.0 (MIT), by the authors of EDGE; prints what edge_bidask.json holds.

Run in an environment with bidask: `python edge_bidask.py > edge_bidask.json`.
"""

import json
import warnings

import numpy as np

TICKS, WINDOW = 20, 10


def bars(rng, rows, spread, missing, stale, flat, extreme):
    """Return open, high, low, close with missing prices, stale bars, bars without range and closes at extremes."""
    middle = np.cumsum(rng.normal(0.0, 0.02 / np.sqrt(TICKS), rows * TICKS))
    trades = (100.0 * np.exp(middle) * (1.0 + rng.choice([-0.5, 0.5], rows * TICKS) * spread)).reshape(rows, TICKS)
    made = np.column_stack([trades[:, 0], trades.max(1), trades.min(1), trades[:, -1]]).round(2)
    for row in range(1, rows):
        chance = rng.random()
        if chance < stale:
            made[row] = made[row - 1, 3]
        elif chance < stale + flat:
            made[row] = made[row, 3]
        elif chance < stale + flat + extreme:
            made[row, 3] = made[row, rng.integers(1, 3)]
    made[rng.random(made.shape) < missing] = np.nan
    return made


def of(rows):
    from bidask import edge  # noqa: PLC0415 (no dependency of the tests)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = edge(*rows.T, sign=True)
    return None if np.isnan(found) else found


def cases():
    for number in range(24):
        rng = np.random.default_rng(number)
        made = bars(
            rng, int(rng.integers(3, 40)), rng.choice([0.0, 0.001, 0.01, 0.05]), rng.choice([0.0, 0.1, 0.3]),
            rng.choice([0.0, 0.3]), rng.choice([0.0, 0.2]), rng.choice([0.0, 0.5]),
        )  # fmt: skip
        windows = [of(made[row + 1 - WINDOW : row + 1]) if row + 1 >= WINDOW else None for row in range(len(made))]
        prices = [[None if np.isnan(each) else each for each in row] for row in made.tolist()]
        yield {"bars": prices, "edge": of(made), "windows_of_10": windows}


if __name__ == "__main__":
    print(json.dumps({"made_by": "bidask 2.1.0, edge(sign=True); edge_bidask.py", "cases": list(cases())}))
