"""Loading of data files as typed frames."""

import gzip
import hashlib
import io
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from riskresearch.core import DataIntegrityError
from riskresearch.core.frames._exact_numbers import exact_numbers
from riskresearch.datasets._info import DatasetInfo
from riskresearch.datasets._manifest import data_folder, describe, entries, known, names

CACHED_FRAMES = 8
NUMBERS = ("float64", "int64")


def load(name: str) -> pd.DataFrame:
    """
    Read a bundled data set after checking its checksum.

    Parameters
    ----------
    name : str
        One of `names()`. `describe(name)` lists the known issues of the data; read it once.

    Returns
    -------
    pandas.DataFrame
        A copy. Series of one instrument or of several side by side have a sorted, unique `DatetimeIndex`
        named "date" ("ts" for minutes); long tables keep plain columns and are sorted by their key. Columns are
        float64, int64, bool, str, datetime64[ns] or datetime64[ns, UTC]; a missing number is NaN.

    Raises
    ------
    InvalidInputError
        If there is no data set of that name; the message lists the known ones.
    DataIntegrityError
        If the file is missing, or its sha256 differs from the manifest.

    Examples
    --------
    >>> from riskresearch.datasets import load
    >>> float(load("index_sp500").loc["1987-10-19", "close"])
    224.84
    """
    return _frame(known(name)).copy()


def catalog() -> pd.DataFrame:
    """
    Tabulate the bundled data sets.

    Returns
    -------
    pandas.DataFrame
        One row for each data set, indexed by name: title, rows, columns (index not counted), start and end
        (datetime64[ns], NaT without dates), known_issues (a count) and licence of the source packages.

    Examples
    --------
    >>> from riskresearch.datasets import catalog
    >>> int(catalog().loc["ff3_monthly", "rows"])
    1109
    """
    infos = [describe(name) for name in names()]
    columns = {
        "title": pd.Series([info.title for info in infos], dtype="str"),
        "rows": pd.Series([info.rows for info in infos], dtype="int64"),
        "columns": pd.Series([len(info.columns) - (info.index is not None) for info in infos], dtype="int64"),
        "start": pd.Series([info.start for info in infos], dtype="datetime64[ns]"),
        "end": pd.Series([info.end for info in infos], dtype="datetime64[ns]"),
        "known_issues": pd.Series([len(info.known_issues) for info in infos], dtype="int64"),
        "licence": pd.Series([info.licence for info in infos], dtype="str"),
    }
    return pd.DataFrame(columns).set_axis(pd.Index(names(), name="name"), axis=0)


def clear_cache() -> None:
    """
    Forget the frames and the manifest kept in memory; the next call reads and checks the files again.

    At most eight frames are kept, the most recently used ones.

    Examples
    --------
    >>> from riskresearch.datasets import clear_cache
    >>> clear_cache()
    """
    _frame.cache_clear()
    entries.cache_clear()


@lru_cache(maxsize=CACHED_FRAMES)
def _frame(name: str) -> pd.DataFrame:
    info = describe(name)
    dtypes = dict(zip(info.columns, info.dtypes, strict=True))
    table = pd.read_csv(
        io.BytesIO(gzip.decompress(_verified(info))),
        dtype={column: dtype if dtype in NUMBERS else "str" for column, dtype in dtypes.items()},
        **exact_numbers(pd.__version__),
        keep_default_na=False,
        na_values={column: [""] for column, dtype in dtypes.items() if dtype == "float64"},
    )
    columns = {str(column): _typed(table[column], dtypes[str(column)]) for column in table}
    if info.index is None:
        return pd.DataFrame(columns)
    index = pd.DatetimeIndex(columns.pop(info.index), name=info.index)
    return pd.DataFrame({column: values.set_axis(index) for column, values in columns.items()}, index=index)


def _verified(info: DatasetInfo) -> bytes:
    """Return the bytes of the file after comparing their sha256 with the manifest."""
    path = data_folder() / info.file
    remedy = f"Install riskresearch again, or restore data/{info.file} in the checkout (git checkout -- data)."
    if not path.is_file():
        raise DataIntegrityError(
            f"data file {info.file} must have sha256 {info.sha256[:12]}, got no file in {path.parent}. {remedy}"
        )
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if digest != info.sha256:
        raise DataIntegrityError(
            f"data file {info.file} must have sha256 {info.sha256[:12]}, got {digest[:12]}. {remedy}"
        )
    return content


def _typed(column: "pd.Series[Any]", dtype: str) -> "pd.Series[Any]":
    """Convert a column that is text but for its numbers, to nanoseconds under every pandas."""
    if dtype in NUMBERS or dtype == "str":
        return column
    cells = column.tolist()
    if dtype == "datetime64[ns, UTC]":
        stamps: npt.NDArray[np.datetime64] = np.array([cell.removesuffix("Z") for cell in cells], "datetime64[ns]")
        return pd.Series(pd.DatetimeIndex(stamps).tz_localize("UTC"))
    if dtype == "bool":
        return column == "true"
    return pd.Series(np.array(cells, "datetime64[ns]"))
