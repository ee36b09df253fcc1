"""Sizing to a fixed fraction of net asset value."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING

import numpy as np

from riskresearch.core._checks import check_number
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.sizing._arguments import check_leverage, check_rebalance
from riskresearch.sizing._cap_reasons import CapReason
from riskresearch.sizing._protocol import SignalSizer
from riskresearch.sizing._run import Notes, new_notes

if TYPE_CHECKING:
    from riskresearch.core._calendar_periods import Period
    from riskresearch.core._types import FloatVector, NanPolicy, State
    from riskresearch.sizing._run import Extras

MAX_PLAUSIBLE_FRACTION = 5.0


@answers_other_names()
@dataclass(frozen=True, slots=True)
class FixedFractionSizer(SignalSizer):
    """Hold a fixed fraction of net asset value in each asset, long or short as signals say.

    A weight is decided after row t and in force from row t + 1 on. There is no start-up: the first row decides.

    Parameters
    ----------
    fraction : float
        Weight of each asset at a signal of 1, a fraction of net asset value: 0.02 is 2 %; at most `max_leverage`.
    max_leverage : float, optional
        Largest sum of sizes; all are scaled down to it. 1 never borrows, None is no limit.
    rebalance : {"week", "month", "quarter", "year"}, optional
        Hold the weights decided on the last row of each period through the next one; None decides on each row.
    nan_policy : {"raise", "omit"}
        Whether missing returns are an error or keep the weight that the asset had.

    Examples
    --------
    >>> import riskresearch
    >>> sizer = riskresearch.sizing.FixedFractionSizer(fraction=0.25)
    >>> sizer.weights([[0.01, -0.02], [0.03, 0.01]], signals=[[1.0, 0.0], [1.0, -1.0]])
    array([[ 0.25,  0.  ],
           [ 0.25, -0.25]])
    """

    fraction: float = 0.1
    _: KW_ONLY
    max_leverage: float | None = 1.0
    rebalance: Period | None = None
    nan_policy: NanPolicy = "raise"

    def __post_init__(self) -> None:
        """Check the parameters."""
        fraction = check_number(self.fraction, name="fraction")
        if not 0.0 < fraction <= MAX_PLAUSIBLE_FRACTION:
            raise InvalidInputError(
                f"fraction must be in (0, {MAX_PLAUSIBLE_FRACTION:g}], got {self.fraction!r}. It is a fraction of net "
                "asset value: 10 % is 0.1. Short positions are signals of -1."
            )
        check_leverage(self.max_leverage)
        check_rebalance(self.rebalance)
        if self.max_leverage is not None and fraction > self.max_leverage:
            raise InvalidInputError(
                f"fraction must be at most max_leverage={self.max_leverage:g}, got {self.fraction!r}. Pass "
                f"max_leverage={fraction:g} as well to hold more than the equity."
            )

    def _start(self, columns: int, periods: float) -> FixedFractionRun:
        return FixedFractionRun(self.fraction, self.max_leverage, columns)


class FixedFractionRun:
    """The step of `FixedFractionSizer`."""

    def __init__(self, fraction: float, max_leverage: float | None, columns: int) -> None:
        self._fraction, self._held = fraction, np.zeros(columns)
        self._leverage, self._notes = np.inf if max_leverage is None else max_leverage, new_notes(columns)

    @property
    def state(self) -> State:
        """The weights held."""
        return {"held": self._held}

    @property
    def notes(self) -> Notes:
        """What the last step noted of caps."""
        return self._notes

    def step(self, row: FloatVector, extras: Extras) -> FloatVector:
        """Return the weights decided after `row`."""
        signals = extras.get("signals")
        target = np.full(row.shape, self._fraction) if signals is None else signals * self._fraction
        self._held[...] = np.where(np.isnan(row), self._held, target)
        self._notes.wanted[...], self._notes.reasons[...] = self._held, 0
        gross = float(np.abs(self._held).sum())
        if gross > self._leverage:
            self._notes.reasons[self._held != 0.0] = CapReason.LEVERAGE
            self._held *= self._leverage / gross
        return self._held
