"""Measured size of the test whether selection differs from zero: rejections of a true zero, by history and dependence.

    python -m benchmarks.attribution_coverage

Excess returns of selection have a true mean of zero. docs/conventions.md has the table.
"""

from __future__ import annotations

from itertools import product

import numpy as np

from riskresearch.kernels.attribution._zero_test import zero_test

ROWS = (20, 24, 60, 120, 250, 1000)
HISTORIES = 1000
DRAWS = 300
SIZE = 0.05


def normal(rng: np.random.Generator, rows: int) -> np.ndarray:
    return rng.standard_normal(rows)


def fat_tailed(rng: np.random.Generator, rows: int) -> np.ndarray:
    return rng.standard_t(4.0, rows)


def clustered(rng: np.random.Generator, rows: int) -> np.ndarray:
    """GARCH(1, 1) with 0.09 and 0.90, normal innovations."""
    noise, values, variance = rng.standard_normal(rows + 200), np.empty(rows + 200), 1.0
    for row in range(rows + 200):
        values[row] = variance**0.5 * noise[row]
        variance = 0.01 + 0.09 * values[row] ** 2 + 0.90 * variance
    return values[200:]


def autocorrelated(rng: np.random.Generator, rows: int) -> np.ndarray:
    """First-order autoregression of 0.3."""
    noise, values = rng.standard_normal(rows + 50), np.zeros(rows + 50)
    for row in range(1, rows + 50):
        values[row] = 0.3 * values[row - 1] + noise[row]
    return values[50:]


CASES = {"normal": normal, "t with 4 degrees": fat_tailed, "GARCH": clustered, "autoregression 0.3": autocorrelated}


def rejections(make: object, rows: int, seed: int) -> float:
    """Return the share of histories whose true zero is rejected at 5 %."""
    rng = np.random.default_rng(seed)
    chances = [
        zero_test(make(rng, rows), 0.95, DRAWS, "stationary", None, number).p_value  # type: ignore[operator]
        for number in range(HISTORIES)
    ]
    return float(np.mean(np.array(chances) < SIZE))


def main() -> None:
    print("| rows |", " | ".join(CASES), "|")
    print("|---|" + "---|" * len(CASES))
    found = {(name, rows): rejections(make, rows, 7) for (name, make), rows in product(CASES.items(), ROWS)}
    for rows in ROWS:
        print(f"| {rows:,} |", " | ".join(f"{100.0 * found[name, rows]:.1f}%" for name in CASES), "|")


if __name__ == "__main__":
    main()
