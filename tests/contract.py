"""The data that the contract is tested on, and when two results are the same."""

import dataclasses

import numpy as np
import pandas as pd
import polars as pl
import pytest

from tests.measures import CALLABLE, NUMBERS, PATHS

ROWS = 12
DATES = pd.date_range("2024-01-01", periods=ROWS, freq="B", name="date")
VALUES = np.array(
    [
        [0.012, -0.007, 0.003], [-0.021, 0.004, 0.0], [0.008, 0.011, -0.013], [0.0, -0.016, 0.002],
        [0.017, 0.009, 0.006], [-0.009, 0.0, -0.004], [0.004, 0.013, 0.019], [-0.013, -0.022, -0.006],
        [0.022, 0.006, 0.001], [-0.002, 0.015, -0.017], [0.011, -0.003, 0.008], [-0.006, 0.002, 0.005],
    ]
)  # fmt: skip
NAMES = ["AAPL", "MSFT", "BTC"]
BAD_ROW = "2024-01-04"  # row 3

EXTRAPOLATED = "ignore:.* extrapolates .* to a year:riskresearch.core.ConventionWarning"
"""Twelve rows are less than a year."""

each_measure = pytest.mark.parametrize("measure", CALLABLE, ids=lambda measure: measure.title)
each_number = pytest.mark.parametrize("measure", NUMBERS, ids=lambda measure: measure.title)
each_path = pytest.mark.parametrize("measure", PATHS, ids=lambda measure: measure.title)
each_omitting = pytest.mark.parametrize(
    "measure", [measure for measure in CALLABLE if measure.omits], ids=lambda measure: measure.title
)


def numbers_for(measure):
    """Return prices for what takes prices, returns for the others."""
    return 100.0 * np.cumprod(1.0 + VALUES, axis=0) if measure.of_prices else VALUES


def frame_for(measure):
    return pd.DataFrame(numbers_for(measure).copy(), index=DATES, columns=pd.Index(NAMES, name="ticker"))


def polars_for(measure):
    columns = {name: numbers_for(measure)[:, i] for i, name in enumerate(NAMES)}
    return pl.DataFrame({"date": DATES.to_numpy().astype("M8[us]"), **columns})


def same(one, other):
    """Say whether two results hold the same bits, nan equal to nan."""
    if dataclasses.is_dataclass(one):
        return type(one) is type(other) and same(dataclasses.astuple(one), dataclasses.astuple(other))
    if isinstance(one, (tuple, list)):
        return len(one) == len(other) and all(same(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, (np.ndarray, pd.Series, pd.DataFrame, pl.Series)):
        return np.array_equal(np.asarray(one), np.asarray(other), equal_nan=np.asarray(one).dtype.kind == "f")
    if isinstance(one, pl.DataFrame):
        return one.equals(other)
    return one == other or (one != one and other != other)


def holed(measure, value=np.nan):
    frame = frame_for(measure)
    frame.loc[BAD_ROW, "MSFT"] = value
    return frame


def fingerprint(data):
    if isinstance(data, np.ndarray):
        return data.tobytes(), data.shape, data.flags.writeable
    if isinstance(data, pl.DataFrame):
        return data.hash_rows().to_list(), data.schema
    names = data.columns if isinstance(data, pd.DataFrame) else data.name
    return pd.util.hash_pandas_object(data).tolist(), repr(names), data.index.name, data.index.freq, data.attrs
