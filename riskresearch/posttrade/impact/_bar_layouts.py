"""The layouts in which people have bars, each read as one frame an asset."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._checks import is_single, listed, shown
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._labels import is_instance_of
from riskresearch.core.frames._native import is_frame, native

if TYPE_CHECKING:
    import pandas as pd

FIELDS = ("open", "high", "low", "close")
ASSETS, TIMES = ("asset", "symbol"), ("time", "date")
LAYOUT = (
    "Bars are a frame with the columns open, high, low and close (any capitals), a mapping of assets to such frames or "
    "of fields to frames with a column an asset, a frame whose columns have levels of fields and assets, or a table "
    "with the columns asset and time beside the fields"
)

Named = tuple[str, str, Any]
"""An asset, the name of its bars for errors, and their frame."""


def bars_by_asset(bars: Any, fields: tuple[str, ...]) -> list[Named]:
    """Return the frame of the fields of each asset; with the close alone, columns without its name are assets."""
    if is_single(bars) and not hasattr(bars, "table"):
        native(bars, name="bars")
        raise InvalidInputError(f"bars must be a frame of prices, got {shown(bars)}. {LAYOUT}.")
    if hasattr(bars, "table") and hasattr(bars, "steps"):  # what `riskresearch.read` returns
        bars = bars.table
    if isinstance(bars, Mapping):
        return _from_mapping(bars, fields)
    data = _in_pandas(native(bars, name="bars"), "bars")
    if is_instance_of(data, "pandas", "DataFrame"):
        return _from_frame(data, fields)
    if len(fields) > 1:
        raise InvalidInputError(f"bars must have columns, got {shown(data)}. {LAYOUT}.")
    array = data if is_instance_of(data, "pandas", "Series") else np.asarray(data)
    if array.ndim == 2:
        return [(str(column), f"column {column} of bars", array[:, column]) for column in range(array.shape[1])]
    name = getattr(data, "name", None)
    return [("prices" if name is None else str(name), "bars", data)]


def _in_pandas(data: Any, name: str) -> Any:
    """Return a polars frame as pandas, with its only column of dates as the index if it has no column of assets."""
    if is_instance_of(data, "polars", "LazyFrame"):
        raise InvalidInputError(f"{name} must be computed, got a LazyFrame. Collect it: {name}.collect().")
    if not is_instance_of(data, "polars", "DataFrame"):
        return data
    import pandas as pd  # noqa: PLC0415 (arrays need none)

    return pd.DataFrame({column: data[column].to_numpy() for column in data.columns})


def _names(frame: Any) -> dict[str, Any]:
    """Return the columns by their plain names."""
    return {str(column).strip().casefold(): column for column in reversed(list(frame.columns))}


def _from_mapping(bars: Mapping[Any, Any], fields: tuple[str, ...]) -> list[Named]:
    """Return the bars of a mapping of assets to frames, or of fields to series or frames."""
    if not bars:
        raise InvalidInputError(f"bars must not be empty, got {bars!r}. {LAYOUT}.")
    plain = {str(key).strip().casefold(): key for key in bars}
    if not set(fields) <= set(plain):
        return [(str(key), f"bars[{key!r}]", _fields_of(each, fields, f"bars[{key!r}]")) for key, each in bars.items()]
    return _from_fields({field: (bars[plain[field]], f"bars[{plain[field]!r}]") for field in fields})


def _from_fields(given: dict[str, tuple[Any, str]]) -> list[Named]:
    """Return the bars of fields that are series of one asset, or frames with a column an asset."""
    import pandas as pd  # noqa: PLC0415 (arrays need none)

    parts = {field: _part(part, name) for field, (part, name) in given.items()}
    first, name_of_first = next(iter(parts.values())), next(iter(given.values()))[1]
    for field, part in parts.items():
        alike = part.shape == first.shape and hasattr(part, "index") == hasattr(first, "index")
        if alike and hasattr(part, "index"):
            alike = part.index.equals(first.index) and (part.ndim == 1 or part.columns.equals(first.columns))
        if not alike:
            raise InvalidInputError(
                f"{given[field][1]} must have the rows and columns of {name_of_first}; they differ. Align them first."
            )
    if first.ndim == 1:
        return [("bars", "bars", pd.DataFrame(parts))]
    frames = {field: pd.DataFrame(part) for field, part in parts.items()}
    assets = next(iter(frames.values())).columns
    of = [pd.DataFrame({field: frame[asset] for field, frame in frames.items()}) for asset in assets]
    return [(str(asset), f"bars of {asset!r}", frame) for asset, frame in zip(assets, of, strict=True)]


def _part(given: Any, name: str) -> Any:
    """Return one field as pandas or an array."""
    part = _in_pandas(native(given, name=name), name)
    if is_frame(part):
        return _indexed(part)
    return part if is_instance_of(part, "pandas", "Series") else np.asarray(part)


def _from_frame(data: pd.DataFrame, fields: tuple[str, ...]) -> list[Named]:
    """Return the bars of a frame of one asset, or one whose columns, rows or levels have several."""
    if data.columns.nlevels > 1:
        return _from_levels(data, fields)
    present = _names(data)
    if data.index.nlevels == 2 and fields[-1] in present:
        level = next((i for i in range(2) if data.index.get_level_values(i).dtype.kind != "M"), 0)
        return _from_long(data, data.index.get_level_values(level), data.index.get_level_values(1 - level), fields)
    asset = next((present[name] for name in ASSETS if name in present), None)
    if asset is not None and fields[-1] in present:
        time = next((present[name] for name in TIMES if name in present), None)
        if time is None and is_instance_of(data.index, "pandas", "RangeIndex"):
            raise InvalidInputError(
                f"bars must have a column 'time' or 'date' beside {asset!r}, got {listed([*map(str, data.columns)])}."
            )
        return _from_long(data, data[asset], data.index if time is None else data[time], fields)
    if len(fields) == 1 and fields[0] not in present:
        data = _indexed(data)
        return [(str(column), f"bars[{column!r}]", data[column]) for column in data.columns]
    return [("bars", "bars", _fields_of(data, fields, "bars"))]


def _indexed(frame: Any) -> Any:
    """Return a frame whose rows are numbered with its column of times, if it has one, as the index."""
    present = _names(frame)
    time = next((present[name] for name in TIMES if name in present), None)
    if time is None:
        dates = [column for column in frame.columns if frame[column].dtype.kind == "M"]
        time = dates[0] if len(dates) == 1 else None
    return frame.set_index(time) if time is not None and is_instance_of(frame.index, "pandas", "RangeIndex") else frame


def _fields_of(frame: Any, fields: tuple[str, ...], name: str) -> Any:
    """Return the columns of the fields of one asset in their order."""
    frame = native(frame, name=name) if not is_single(frame) else frame
    if len(fields) == 1 and not is_frame(frame) and not is_single(frame):
        return frame
    if not is_frame(frame) and not is_instance_of(frame, "polars", "LazyFrame"):
        raise InvalidInputError(f"{name} must have columns, got {shown(frame)}. {LAYOUT}.")
    frame = _indexed(_in_pandas(frame, name))
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
    _refuse_assets_below_each_other(frame, name)
    return frame[[found[field] for field in fields]]


def _refuse_assets_below_each_other(frame: Any, name: str) -> None:
    """Refuse a column of several texts beside rows that are numbered or whose times return: it may name assets."""
    if not is_instance_of(frame.index, "pandas", "RangeIndex") and frame.index.is_unique:
        return
    for column in frame.columns:
        several = frame[column].dtype.kind not in "biufcmM" and frame[column].nunique() > 1
        if several and not is_number_like(frame[column]):
            raise InvalidInputError(
                f"{name} must be of one asset, got {frame[column].nunique()} texts in column {column!r}. If they are "
                f'assets, name it so: {name}.rename(columns={{{column!r}: "asset"}}); if not, leave it out.'
            )


def is_number_like(column: Any) -> bool:
    """Return whether the first entry of a column is a number, as text, a Decimal or of a nullable type."""
    try:
        float(column.dropna().iloc[0])
    except (TypeError, ValueError, IndexError):
        return False
    return True


def _from_levels(data: pd.DataFrame, fields: tuple[str, ...]) -> list[Named]:
    """Return the bars of a frame whose columns have one level of fields and one of assets."""
    levels = [[str(name).strip().casefold() for name in data.columns.get_level_values(i)] for i in range(2)]
    place = next((i for i in range(2) if set(fields) <= set(levels[i])), None)
    if place is None or data.columns.nlevels > 2:
        raise InvalidInputError(
            f"bars must have the fields {', '.join(fields)} in one of two levels of columns, got "
            f"{data.columns.nlevels} levels that start with {data.columns[0]!r}. {LAYOUT}."
        )
    made = []
    for asset in dict.fromkeys(data.columns.get_level_values(1 - place)):
        name = f"bars[{asset!r}]"
        made.append((str(asset), name, _fields_of(data.xs(asset, axis=1, level=1 - place), fields, name)))
    return made


def _from_long(data: pd.DataFrame, assets: Any, times: Any, fields: tuple[str, ...]) -> list[Named]:
    """Return the bars of a table with a row for each asset and time, in the order in which assets first occur."""
    import pandas as pd  # noqa: PLC0415 (arrays need none)

    times, assets = pd.Index(times), pd.Index(assets)
    if times.dtype.kind not in "Mmiuf" and not is_instance_of(times, "pandas", "PeriodIndex"):
        raise InvalidInputError(
            f"bars must have dates in {times.name!r}, got {times.dtype} that starts with {times[0]!r}. Convert it with "
            f'bars["{times.name}"] = pd.to_datetime(bars["{times.name}"]).'
        )
    if assets.isna().any():
        row = int(np.flatnonzero(assets.isna())[0])
        raise InvalidInputError(
            f"bars must name the asset of each row, got a missing one in {assets.name!r} at row {row}."
        )
    made = []
    for each in assets.unique():
        own = np.asarray(assets == each)
        if not times[own].is_monotonic_increasing:
            raise InvalidInputError(
                f"bars must be in the order of {times.name!r} for each asset, got {each!r} in another one. Sort them: "
                f'bars.sort_values("{times.name}").'
            )
        rows = data[own].set_axis(times[own])
        name = f"bars of {each!r}"
        made.append((str(each), name, _fields_of(rows, fields, name)))
    return made
