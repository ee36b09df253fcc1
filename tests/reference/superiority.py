"""Hansen's and White's tests by another program: `python superiority.py > superiority.out`, with arch 8.0 installed.

arch's SPA does not divide by the deviations, whatever `studentize` says: it uses them only to see which models are
significantly worse. Models that were divided by them before make it the studentised test.
"""

import json

import numpy as np

BLOCK, DRAWS = 7, 20_000


def panel():
    """Return 12 autocorrelated models of 250 rows whose means go from poor to good."""
    shocks = np.random.default_rng(11).normal(size=(250, 12))
    values = shocks.copy()
    for row in range(1, 250):
        values[row] = 0.3 * values[row - 1] + shocks[row]
    return 0.01 * values + np.linspace(-0.004, 0.0012, 12)


def main():
    from arch import __version__  # noqa: PLC0415 (the tests import this file without it)
    from arch.bootstrap import SPA  # noqa: PLC0415

    def run(values):
        spa = SPA(np.zeros(250), -values, block_size=BLOCK, reps=DRAWS, seed=3)
        spa.compute()
        return spa, {name: float(value) for name, value in spa.pvalues.items()}

    values = panel()
    spa, plain = run(values)
    variance = spa._loss_diff_var
    scaled = run(values / np.sqrt(variance))[1]
    valid = spa._valid_columns.tolist()
    found = {"arch": __version__, "variance": variance.tolist(), "valid": valid, "plain": plain, "studentized": scaled}
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
