"""Bars of one or several assets, in the layouts in which people have them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._checks import listed, shown
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._labels import is_instance_of
from riskresearch.core._panel import Panel, as_panel
from riskresearch.core._plausibility import warn_user
from riskresearch.core.frames._native import is_frame, native

if TYPE_CHECKING:
    from riskresearch.core._types import FloatMatrix, NanPolicy

FIELDS = ("open", "high", "low", "close")
ASSETS, TIMES = ("asset", "symbol"), ("time", "date")
OUTSIDE_BY_ROUNDING = 1e-9
LAYOUT = (
    "Bars are a frame with the columns open, high, low and close (any capitals), a mapping of assets to such frames, a "
    "frame whose columns have levels of fields and assets, or a table with the columns asset and time beside the fields"
)


@dataclass(frozen=True, slots=True)
class Bars:
    """The bars of one asset; `values` of the panel have open, high, low and close, or the close alone."""

    asset: str
    panel: Panel

    @property
    def values(self) -> FloatMatrix:
        """The prices, shape (bars, fields)."""
        return self.panel.values


def read_bars(bars: Any, *, fields: tuple[str, ...], nan_policy: NanPolicy, min_rows: int) -> list[Bars]:
    """Return the bars of each asset; where the close alone is needed, columns without its name are assets."""
    made = []
    for asset, name, frame in _by_asset(bars, fields):
        panel = as_panel(frame, name=name, holds="prices", nan_policy=nan_policy, min_rows=min_rows)
        _check_positive(panel)
        if len(fields) > 1:
            _check_ranges(panel)
        made.append(Bars(asset, panel))
    return made


def _by_asset(bars: Any, fields: tuple[str, ...]) -> list[tuple[str, str, Any]]:
    """Return the name of each asset, the name of its bars for errors, and its frame of the fields."""
    if hasattr(bars, "table") and hasattr(bars, "shape") and hasattr(bars, "steps"):  # what `riskresearch.read` returns
        bars = bars.table
    if isinstance(bars, Mapping):
        if not bars:
            raise InvalidInputError(f"bars must not be empty, got {bars!r}.")
        names = {asset: f"bars[{asset!r}]" for asset in bars}
        return [(str(asset), names[asset], _fields_of(bars[asset], fields, names[asset])) for asset in bars]
    data = _in_pandas(native(bars, name="bars"))
    if is_instance_of(data, "pandas", "DataFrame"):
        if data.columns.nlevels > 1:
            return _from_levels(data, fields)
        present = {str(column).strip().casefold(): column for column in reversed(list(data.columns))}
        asset = next((present[name] for name in ASSETS if name in present), None)
        if asset is not None and fields[-1] in present:
            return _from_long(data, asset, present, fields)
        if len(fields) == 1 and fields[0] not in present:
            return [(str(column), f"bars[{column!r}]", data[column]) for column in data.columns]
    elif len(fields) == 1:
        array = data if is_instance_of(data, "pandas", "Series") else np.asarray(data)
        if array.ndim == 2:
            return [(str(column), f"column {column} of bars", array[:, column]) for column in range(array.shape[1])]
        name = getattr(data, "name", None)
        return [("prices" if name is None else str(name), "bars", data)]
    return [("bars", "bars", _fields_of(data, fields, "bars"))]


def _in_pandas(data: Any) -> Any:
    """Return a polars frame as pandas, with its only column of dates as the index if it has no column of assets."""
    if not is_instance_of(data, "polars", "DataFrame"):
        return data
    import pandas as pd  # noqa: PLC0415 (arrays need none)

    frame = pd.DataFrame({name: data[name].to_numpy() for name in data.columns})
    dates = [name for name in frame.columns if frame[name].dtype.kind == "M"]
    long = any(str(name).casefold() in ASSETS for name in frame.columns)
    return frame.set_index(dates[0]) if len(dates) == 1 and not long else frame


def _fields_of(frame: Any, fields: tuple[str, ...], name: str) -> Any:
    """Return the columns of the fields of one asset in their order."""
    frame = _in_pandas(native(frame, name=name))
    if len(fields) == 1 and not is_frame(frame):
        return frame
    if not is_frame(frame):
        raise InvalidInputError(f"{name} must have columns, got {shown(frame)}. {LAYOUT}.")
    found: dict[str, Any] = {}
    for column in frame.columns:
        field = str(column).strip().casefold()
        if field in fields and field in found:
            raise InvalidInputError(f"{name} must have one column {field!r}, got {found[field]!r} and {column!r}.")
        found[field] = column
    missing = [field for field in fields if field not in found]
    if missing:
        names = [str(column) for column in frame.columns]
        raise InvalidInputError(
            f"{name} must have a column {missing[0]!r}, got {listed(names)}. {LAYOUT}; others are renamed with "
            f'{name}.rename(columns={{"{names[0]}": "{missing[0]}"}}).'
        )
    return frame[[found[field] for field in fields]]


def _from_levels(data: Any, fields: tuple[str, ...]) -> list[tuple[str, str, Any]]:
    """Return the bars of a frame whose columns have one level of fields and one of assets."""
    levels = [[str(name).strip().casefold() for name in data.columns.get_level_values(i)] for i in range(2)]
    place = next((i for i in range(2) if set(fields) <= set(levels[i])), None)
    if place is None or data.columns.nlevels > 2:
        raise InvalidInputError(
            f"bars must have the fields {', '.join(fields)} in one of two levels of columns, got "
            f"{data.columns.nlevels} levels that start with {data.columns[0]!r}. {LAYOUT}."
        )
    assets = list(dict.fromkeys(data.columns.get_level_values(1 - place)))
    made = []
    for asset in assets:
        name = f"bars[{asset!r}]"
        made.append((str(asset), name, _fields_of(data.xs(asset, axis=1, level=1 - place), fields, name)))
    return made


def _from_long(data: Any, asset: Any, present: Any, fields: tuple[str, ...]) -> list[tuple[str, str, Any]]:
    """Return the bars of a table with a row for each asset and time, in the order in which assets first occur."""
    time = next((present[name] for name in TIMES if name in present), None)
    if time is not None:
        data = data.set_index(time)
    elif is_instance_of(data.index, "pandas", "RangeIndex"):
        raise InvalidInputError(
            f"bars must have a column 'time' or 'date' beside {asset!r}, got {listed(list(map(str, data.columns)))}."
        )
    made = []
    for each, rows in data.groupby(asset, sort=False):
        name = f"bars of {each!r}"
        made.append((str(each), name, _fields_of(rows, fields, name)))
    return made


def _check_positive(panel: Panel) -> None:
    wrong = panel.values <= 0.0
    if wrong.any():
        row, column = map(int, np.argwhere(wrong)[0])
        raise InvalidInputError(
            f"{panel.name} must be positive, got {panel.values[row, column]:g} at {panel.labels.place(row, column)}. "
            "A price that is not known is nan."
        )


def _check_ranges(panel: Panel) -> None:
    """Refuse a high below its low, and warn of opens and closes outside the range, as of prices that were adjusted."""
    opened, high, low, close = panel.values.T
    crossed = np.flatnonzero(high < low * (1.0 - OUTSIDE_BY_ROUNDING))
    if crossed.size:
        row = int(crossed[0])
        raise InvalidInputError(
            f"{panel.name} must have no high below its low, got high={high[row]:g} and low={low[row]:g} at "
            f'{panel.labels.place(row, 1)}. Correct the bar, or make it missing and pass nan_policy="omit".'
        )
    top, bottom = high * (1.0 + OUTSIDE_BY_ROUNDING), low * (1.0 - OUTSIDE_BY_ROUNDING)
    outside = (opened > top) | (opened < bottom) | (close > top) | (close < bottom)
    if outside.any():
        row = int(np.flatnonzero(outside)[0])
        warn_user(
            f"{panel.name} has {int(outside.sum())} of {len(outside)} bars whose open or close is outside its range, "
            f"the first at {panel.labels.place(row, 0)}. Prices adjusted one by one bias the estimate."
        )
