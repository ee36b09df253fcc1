"""The same fraction of net asset value in each asset."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from riskresearch.core._checks import check_number
from riskresearch.core._errors import InvalidInputError
from riskresearch.sizing._protocol import Extras, State, StepSizer

if TYPE_CHECKING:
    from riskresearch.core._types import Data, FloatVector, NanPolicy, OverTime

MAX_PLAUSIBLE_FRACTION = 5.0


@dataclass(frozen=True, slots=True)
class FixedFractionSizer(StepSizer):
    """Hold a fixed fraction of net asset value in each asset, long or short as signals say.

    A weight is decided after row t and in force from row t + 1 on. There is no start-up: the first row decides.

    Parameters
    ----------
    fraction : float
        Weight of each asset at a signal of 1, a fraction of net asset value: 0.02 is 2 %.
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
    nan_policy: NanPolicy = "raise"

    def __post_init__(self) -> None:
        """Check the parameters."""
        fraction = check_number(self.fraction, name="fraction")
        if not 0.0 < fraction <= MAX_PLAUSIBLE_FRACTION:
            raise InvalidInputError(
                f"fraction must be in (0, {MAX_PLAUSIBLE_FRACTION:g}], got {self.fraction!r}. It is a fraction of net "
                "asset value: 10 % is 0.1. Short positions are signals of -1."
            )

    def weights(self, returns: Data, *, signals: Data | None = None) -> OverTime:
        """Return the weights decided after each row, in force from the next row on.

        Parameters
        ----------
        returns : Series, DataFrame or array
            Simple returns per period, one column per asset.
        signals : same shape as `returns`, optional
            From -1 (short) to 1 (long), known after each row; None is long everywhere.

        Returns
        -------
        same type as `returns`
            Fractions of net asset value, never nan.
        """
        return self._weights_of(returns, {"signals": signals})

    def _start(self, columns: int, periods: float) -> FixedFractionRun:
        return FixedFractionRun(self.fraction, columns)


class FixedFractionRun:
    """The step of `FixedFractionSizer`."""

    def __init__(self, fraction: float, columns: int) -> None:
        self._fraction, self._held = fraction, np.zeros(columns)

    @property
    def state(self) -> State:
        """The weights held."""
        return {"held": self._held}

    def step(self, row: FloatVector, extras: Extras) -> FloatVector:
        """Return the weights decided after `row`."""
        signals = extras.get("signals")
        target = np.full(row.shape, self._fraction) if signals is None else signals * self._fraction
        self._held[...] = np.where(np.isnan(row), self._held, target)
        return self._held
