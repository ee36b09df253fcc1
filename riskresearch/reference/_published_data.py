"""The published inputs that travel with the package, read from its CSV files.

Conventions of the `_published_*` files: nothing in them is computed by riskresearch. Returns are simple, per period, as
fractions; losses are minus returns; risk measures are positive losses. "PA" is R's PerformanceAnalytics: the values
named so are what its stored example output prints (file `tests/Examples/PerformanceAnalytics-Ex.Rout.save`, commit
01a7766, R 2.15.2; where noted, the newer `tests/testthat/_snaps/all_snapshots.md`, commit 3813161, of
github.com/braverock/PerformanceAnalytics). "R:" names the script of `tests/reference` in the repository that computed a
value with base R 4.2.2; its output lies beside it as `*.out`, and the README there lists the definitions that differ.
"""

import csv
from pathlib import Path

FOLDER = Path(__file__).parent


def read_columns(name: str) -> dict[str, list[float]]:
    """Return the columns of a CSV file of this folder without its dates, in order."""
    with (FOLDER / name).open(newline="") as file:
        rows = list(csv.DictReader(file))
    return {key: [float(row[key]) for row in rows] for key in rows[0] if key != "date"}


def read_dates(name: str) -> list[str]:
    """Return the dates of a CSV file of this folder, as ISO text."""
    with (FOLDER / name).open(newline="") as file:
        return [row["date"] for row in csv.DictReader(file)]
