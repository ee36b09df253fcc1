"""Any data that is read as pandas data with dates, for pages and figures that come back as no data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from riskresearch.core._errors import InvalidInputError
from riskresearch.core._labels import dated_index, is_instance_of
from riskresearch.core.frames._foreign import shown_class
from riskresearch.core.frames._native import native

if TYPE_CHECKING:
    import pandas as pd


def as_pandas(data: Any, *, name: str) -> Any:
    """Return polars, Arrow and xarray data as pandas, with their column of dates as the index; others unchanged."""
    made = native(data, name=name)
    if not is_instance_of(made, "polars", "Series", "DataFrame", "LazyFrame"):
        return made
    import pandas as pd  # noqa: PLC0415 (polars users may never need it)

    from riskresearch.core.frames._polars import read_polars  # noqa: PLC0415 (narwhals: 50 ms for polars alone)

    values, labels = read_polars(made, name=name)
    if values.ndim == 1:
        return pd.Series(values, name=labels.columns[0])
    index = None if labels.dates is None else pd.DatetimeIndex(labels.row_names)  # with their zone
    return pd.DataFrame(values, index=index, columns=list(labels.columns))


def as_dated_pandas(data: Any, *, name: str) -> pd.Series | pd.DataFrame:
    """Return data as pandas with a DatetimeIndex or PeriodIndex.

    Where a clock was put back, two rows show the same time: such data get the clock of UTC.
    """
    made = as_pandas(data, name=name)
    if not is_instance_of(made, "pandas", "Series", "DataFrame"):
        raise InvalidInputError(f"{name} must be a Series or a DataFrame with dates, got {shown_class(data)}.")
    times = dated_index(made.index)
    if times is None:
        from riskresearch.core.frames._pandas import read_pandas  # noqa: PLC0415 (only for pandas data)

        read_pandas(made, name=name)  # says how text, numbers and columns become dates
        raise InvalidInputError(
            f"{name} must be indexed by dates, got an index of {made.index.dtype} that numbers the rows. Give them "
            f"their dates with {name}.index = pd.to_datetime(dates)."
        )
    if times.tz is not None and _is_put_back(times):
        times = times.tz_convert("UTC")
    same = times is made.index or is_instance_of(made.index, "pandas", "PeriodIndex")
    dated: pd.Series | pd.DataFrame = made if same else made.set_axis(times, axis=0)
    return dated


def _is_put_back(times: Any) -> bool:
    """Return whether times are in order, but not on the clock that they show."""
    instants, local = times.tz_convert(None).to_numpy(), times.tz_localize(None).to_numpy()
    return bool((instants[1:] > instants[:-1]).all() and not (local[1:] > local[:-1]).all())
