"""Horizons of markouts: seconds, lengths of time, or bars; and the prices that the market showed at each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from riskresearch.core._checks import check_choice, check_sequence, shown
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.core.output._formats import counted
from riskresearch.files.tables._columns import NANOSECONDS, Instants
from riskresearch.posttrade.costs._market import Market

Unit = Literal["seconds", "bars"]
UNITS = (("d", 86_400.0), ("h", 3_600.0), ("min", 60.0), ("s", 1.0))


@dataclass(frozen=True, slots=True, eq=False)
class Horizons:
    """Horizons in their order."""

    values: FloatVector
    """Seconds, or bars."""
    unit: Unit
    names: tuple[str, ...]


def read_horizons(given: Sequence[Any], unit: Unit) -> Horizons:
    """Return positive horizons in rising order."""
    check_choice(unit, ("seconds", "bars"), name="unit")
    each = check_sequence(_as_list(given), name="horizons")
    values = np.array([_length(one, unit) for one in each], dtype=np.float64)
    if not values.size or not (values > 0.0).all() or not (np.diff(values) > 0.0).all():
        raise InvalidInputError(f"horizons must be positive and rising, got {shown(list(each))}.")
    if unit == "bars" and (values != np.round(values)).any():
        raise InvalidInputError(f"horizons must be whole numbers of bars, got {shown(list(each))}.")
    return Horizons(values, unit, tuple(_name(value, unit) for value in values))


def _as_list(given: Any) -> Any:
    return given.tolist() if isinstance(given, np.ndarray | pd.Index) else given


def _length(given: Any, unit: Unit) -> float:
    if isinstance(given, int | float | np.number) and not isinstance(given, bool | np.timedelta64):
        return float(given) if np.isfinite(given) else 0.0
    try:
        length = float(pd.Timedelta(given).total_seconds())
    except (ValueError, TypeError) as error:
        raise InvalidInputError(
            f"horizons must be numbers of {unit} or lengths of time such as '5min', got {shown(given)}."
        ) from error
    if unit == "bars":
        raise InvalidInputError(f'horizons must be numbers with unit="bars", got {shown(given)}.')
    return length if np.isfinite(length) else 0.0


def _name(value: float, unit: Unit) -> str:
    """Return a horizon in words: 30s, 5min, 2h, 3 bars."""
    if unit == "bars":
        return counted(float(value), "bar")
    name, length = next((each for each in UNITS if value >= each[1] and value % each[1] == 0.0), UNITS[-1])
    return f"{value / length:g}{name}"


def prices_after(
    market: Market, asset: npt.NDArray[np.int32], moment: Instants, horizons: Horizons
) -> tuple[FloatVector, FloatMatrix]:
    """Return the price at each moment, and after each horizon, shape (horizons, moments).

    It is nan where the market ends before the horizon does.
    """
    if horizons.unit == "bars":
        return _after_bars(market, asset, moment, horizons.values.astype(np.intp))
    offsets = np.append(0, np.round(horizons.values * NANOSECONDS).astype(np.int64))
    found = market.prices(asset, moment, offsets)
    end = int(market.known[-1]) if market.known.size else 0
    for row, offset in zip(found[1:], offsets[1:], strict=True):
        late = moment > end - offset
        if late.any():
            row[late] = np.nan
    return found[0], found[1:]


def _after_bars(
    market: Market, asset: npt.NDArray[np.int32], moment: Instants, steps: npt.NDArray[np.intp]
) -> tuple[FloatVector, FloatMatrix]:
    """Return the closes of the last bar at each moment and of those so many bars of the asset later."""
    found = np.full((steps.size + 1, moment.size), np.nan)
    order = np.argsort(market.asset, kind="stable")
    bounds = np.searchsorted(market.asset[order], np.arange(len(market.assets) + 1))
    for code in np.unique(asset[asset < len(market.assets)]):
        rows = order[bounds[code] : bounds[code + 1]]
        mine = np.flatnonzero(asset == code)
        side: Literal["left", "right"] = "left" if market.strict else "right"
        here = np.searchsorted(market.known[rows], moment[mine], side=side) - 1
        for place, step in enumerate([0, *steps.tolist()]):
            there = (here >= 0) & (here + step < rows.size)
            found[place, mine[there]] = market.bid[rows[here[there] + step]]
    return found[0], found[1:]


def time_buckets(market: Market, moment: Instants, horizons: Horizons, place: int) -> npt.NDArray[np.intp]:
    """Return a number for each moment, equal in one stretch as long as a horizon."""
    value = horizons.values[place]
    if horizons.unit == "bars":
        bars = np.searchsorted(np.unique(market.known), moment, side="right")
        return np.asarray(bars // int(value), dtype=np.intp)
    return np.asarray(moment // max(1, round(value * NANOSECONDS)), dtype=np.intp)
