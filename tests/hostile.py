"""What users pass by mistake, and what other packages have: objects that are no returns, or hardly."""

import datetime
import decimal
import io
import pathlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
from scipy import sparse

DAYS = pd.bdate_range("2024-01-01", periods=6, name="date")
VALUES = np.array([[0.01, -0.02], [0.02, 0.01], [-0.03, 0.0], [0.01, 0.012], [0.004, -0.003], [0.02, 0.01]])
FRAME = pd.DataFrame(VALUES, index=DAYS, columns=["A", "B"])
SERIES = FRAME["A"]
TABLE = pa.table({"date": DAYS.to_numpy(), "A": VALUES[:, 0], "B": VALUES[:, 1]})


class Stubborn:
    """Fails whatever is asked of it, as objects far away do."""

    columns = index = shape = property(lambda self: self._fail())

    def _fail(self, *_: object, **__: object) -> Any:
        raise RuntimeError("a raw error of another package")

    __array__ = __len__ = __iter__ = __getitem__ = __bool__ = __float__ = to_numpy = to_pandas = _fail


class LazyTable(Stubborn):
    """A table of a package that computes on demand."""

    __module__ = "dask.dataframe.core"


class DeviceArray(Stubborn):
    """An array in the memory of another device."""

    __module__ = "cupy"
    ndim = 1


class Relation(Stubborn):
    """The answer of a data base."""

    __module__ = "_duckdb"


class LikeFrame(pd.DataFrame):
    """A user's frame, without a constructor of its own."""


def indexed(index: Any) -> pd.DataFrame:
    """Return numbers with another index."""
    return FRAME.set_axis(index if isinstance(index, pd.Index) else pd.Index(index), axis=0)


def beside(values: Any) -> pd.DataFrame:
    """Return numbers with another column beside them."""
    return FRAME.assign(note=values)


MAKERS: dict[str, Callable[[], Any]] = {
    "stubborn": Stubborn,
    "lazy table": LazyTable,
    "device array": DeviceArray,
    "relation": Relation,
    "subclass": lambda: LikeFrame(FRAME),
    "arrow table": lambda: TABLE,
    "arrow text": lambda: TABLE.append_column("note", [["x"] * 6]),
    "arrow column": lambda: TABLE["A"],
    "arrow records": lambda: pa.array([{"a": 1.0}]),
    "lazy polars": lambda: pl.LazyFrame({"a": [0.1]}),
    "polars": lambda: pl.DataFrame({"date": DAYS.to_numpy(), "A": VALUES[:, 0]}),
    "polars text": lambda: pl.DataFrame({"date": ["2024-01-01", "2024-01-02"], "A": [0.1, 0.2]}),
    "polars expression": lambda: pl.col("a"),
    "sparse": lambda: sparse.csr_array(VALUES),
    "groups": lambda: FRAME.groupby("A"),
    "groups of a series": lambda: SERIES.groupby(SERIES),
    "windows": lambda: FRAME.rolling(2),
    "resampler": lambda: FRAME.resample("W"),
    "generator": lambda: (x for x in (0.1, 0.2)),
    "map": lambda: map(float, (1, 2)),
    "mapping of columns": lambda: {"A": [0.1, 0.2], "B": [0.1, 0.2]},
    "mapping of series": lambda: {"A": SERIES, "B": SERIES},
    "rows with names": lambda: [{"A": 0.1}, {"A": 0.2}],
    "list of series": lambda: [SERIES, SERIES],
    "ragged": lambda: [[0.1], [0.1, 0.2]],
    "dated rows": lambda: [(datetime.date(2024, 1, 1), 0.1), (datetime.date(2024, 1, 2), 0.1)],
    "text": lambda: "prices.csv",
    "path": lambda: pathlib.PurePosixPath("prices.csv"),
    "bytes": lambda: b"date,a",
    "file": lambda: io.StringIO("date,a"),
    "set": lambda: {0.1, 0.2},
    "records": lambda: FRAME.to_records(),
    "objects": lambda: VALUES.astype(object),
    "decimals": lambda: pd.Series([decimal.Decimal("0.01")] * 6, index=DAYS),
    "complex": lambda: FRAME * (1 + 1j),
    "complex column": lambda: beside(1j),
    "dates as values": lambda: pd.Series(DAYS, index=DAYS),
    "durations": lambda: beside(DAYS - DAYS[0]),
    "truth": lambda: FRAME > 0.0,
    "words": lambda: beside(["x"] * 6),
    "numbers as text": lambda: FRAME.astype(str),
    "categories": lambda: beside(pd.Categorical(["a"] * 6)),
    "intervals": lambda: beside(pd.interval_range(0, 6)),
    "missing objects": lambda: beside([None] * 6),
    "missing nullable": lambda: beside(pd.array([None] * 6, dtype="boolean")),
    "halves": lambda: FRAME.astype("float16"),
    "huge integers": lambda: [10**400, 1],
    "infinite": lambda: FRAME * np.inf,
    "subnormal": lambda: FRAME * 1e-310,
    "two columns of one name": lambda: FRAME.set_axis(["A", "A"], axis=1),
    "a column without a name": lambda: FRAME.set_axis([None, "B"], axis=1),
    "levels of rows": lambda: indexed(pd.MultiIndex.from_product([DAYS[:3], ["x", "y"]])),
    "levels of columns": lambda: FRAME.set_axis(pd.MultiIndex.from_tuples([("A", "x"), ("B", "y")]), axis=1),
    "text dates": lambda: indexed(DAYS.strftime("%Y-%m-%d")),
    "months as numbers": lambda: indexed([202401 + row for row in range(6)]),
    "rows without a number": lambda: indexed([0.0, 1.0, np.nan, 3.0, 4.0, 5.0]),
    "durations as index": lambda: indexed(DAYS - DAYS[0]),
    "newest first": lambda: FRAME[::-1],
    "missing date": lambda: indexed([*DAYS[:3], pd.NaT, *DAYS[4:]]),
    "dates in a column": lambda: FRAME.reset_index(),
    "turned": lambda: FRAME.T,
    "class": lambda: pd.DataFrame,
    "function": lambda: FRAME.pct_change,
    "module": lambda: np,
    "nothing": lambda: None,
    "not a number": lambda: float("nan"),
    "scalar": lambda: np.array(0.1),
    "cube": lambda: np.zeros((2, 2, 2)),
    "masked words": lambda: np.ma.array(["a", "b"]),
    "bits": lambda: np.zeros(6, dtype="V8"),
    "dates": lambda: DAYS.to_numpy(),
}
