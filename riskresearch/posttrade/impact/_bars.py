"""Bars of one or several assets, checked for what cannot be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._errors import InvalidInputError
from riskresearch.core._panel import Panel, as_panel
from riskresearch.core._plausibility import warn_user
from riskresearch.core.output._formats import counted
from riskresearch.posttrade.impact._bar_layouts import bars_by_asset

if TYPE_CHECKING:
    from riskresearch.core._types import FloatMatrix, NanPolicy

OUTSIDE_BY_ROUNDING = 1e-9
LARGEST_GAP = 1.5
"""Ratio of an open to the close before, or the reverse, from which on a split is likely."""


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
    for asset, name, frame in bars_by_asset(bars, fields):
        panel = as_panel(frame, name=name, holds="prices", nan_policy=nan_policy, min_rows=min_rows)
        _check_positive(panel)
        if len(fields) > 1:
            _check_ranges(panel)
        _check_gaps(panel)
        made.append(Bars(asset, panel))
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


def _check_gaps(panel: Panel) -> None:
    """Warn of opens, or closes where there are no others, so far from the close before that they may be of a split."""
    with np.errstate(over="ignore"):
        ratio = panel.values[1:, 0] / panel.values[:-1, -1]
    far = (ratio > LARGEST_GAP) | (ratio < 1.0 / LARGEST_GAP)
    if far.any():
        row = int(np.flatnonzero(far)[0])
        warn_user(
            f"{panel.name} has {counted(int(far.sum()), 'gap')} of more than half the price between bars, the first at "
            f"{panel.labels.place(row + 1, 0)}: a ratio of {ratio[row]:.4g}. If they are splits, adjust all fields of "
            "the bars for them first; the estimate is biased otherwise."
        )
