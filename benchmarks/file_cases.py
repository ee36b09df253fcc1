"""Reading a file of prices against pandas, polars and pyarrow, and the memory it needs."""

import atexit
import tempfile
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.compare import Case
from benchmarks.peers import peer
from riskresearch import read

READ_FILE_TARGET = 1.5
READ_MEMORY_TARGET = 3.0
ROWS, COLUMNS = 5_000, 200
WORK = f"reading a CSV file of {ROWS} x {COLUMNS} prices"

Matrix = NDArray[np.float64]


@cache
def folder() -> Path:
    """Return a folder that lasts as long as the process."""
    made = tempfile.TemporaryDirectory()
    atexit.register(made.cleanup)
    return Path(made.name)


@cache
def prices_file(digits: int | None) -> Path:
    """Return a CSV file of random walks with dates; `digits` behind the point, or all of them."""
    walks = 100.0 * np.exp(np.cumsum(np.random.default_rng(0).normal(0.0, 0.01, (ROWS, COLUMNS)), axis=0))
    days = pd.bdate_range("2000-01-03", periods=ROWS)
    frame = pd.DataFrame(walks if digits is None else walks.round(digits), index=days)
    path = folder() / f"prices_{digits}.csv"
    frame.add_prefix("S").to_csv(path, index_label="date")
    return path


def our_read(path: Path) -> pd.DataFrame:
    """Return the prices, after the decisions what they are."""
    return read(path).values


def pandas_read(path: Path) -> pd.DataFrame:
    """Return the same, with the column of dates given."""
    return pd.read_csv(path, parse_dates=[0], index_col=0)


def polars_read(path: Path) -> Matrix:
    """Return the prices, with the separator and the types of dates given."""
    polars = peer("polars")
    assert polars is not None
    frame = polars.read_csv(path, try_parse_dates=True)
    return np.asarray(frame.select(polars.exclude("date")).to_numpy())


def arrow_read(path: Path) -> Matrix:
    """Return the prices by pyarrow on one thread."""
    csv = peer("pyarrow.csv")
    assert csv is not None
    table = csv.read_csv(path, read_options=csv.ReadOptions(use_threads=False))
    return np.column_stack([column.to_numpy() for column in table.columns[1:]])


def check_reading(path: Path) -> None:
    """Require the same numbers and dates as pandas'."""
    ours, theirs = our_read(path), pandas_read(path)
    np.testing.assert_allclose(ours.to_numpy(), theirs.to_numpy(), rtol=1e-15)
    assert (ours.index == theirs.index).all()


def file_cases() -> list[Case]:
    """Return every case whose peer is installed."""
    cases = []
    for name, digits in (("4 digits behind the point", 4), ("all digits", None)):
        path = prices_file(digits)
        for against, theirs, target in (
            ("pandas read_csv with dates", pandas_read, READ_FILE_TARGET),
            ("polars read_csv (all its threads)", polars_read, None),
            ("pyarrow.csv, one thread", arrow_read, None),
        ):
            if peer(against.split()[0].partition(",")[0]) is None:
                continue
            cases.append(
                Case(
                    f"{WORK}, {name}", against,
                    lambda path=path: our_read(path), lambda path=path, theirs=theirs: theirs(path),
                    lambda path=path: check_reading(path), "equal to 1e-15", target, 9,
                )
            )  # fmt: skip
    return cases
