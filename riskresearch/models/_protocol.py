"""The protocols of risk models, including those of users."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from riskresearch.core._types import FloatVector


class RunningForecast(Protocol):
    """A forecast between two rows; `pickle` and `copy.deepcopy` must work on it."""

    def update(self, row: FloatVector, /) -> FloatVector:
        """Return the risk per period forecast for the next row.

        Parameters
        ----------
        row : array of shape (columns,)
            Simple returns; nan is missing.
        """

    def to_dict(self) -> dict[str, Any]:
        """Return the state as strict JSON, from which `resume` of the model continues with the same bits."""


class RiskForecaster(Protocol):
    """Any model of volatility, VaR or CVaR that goes from row to row: what `model` of a sizer may be."""

    def start(self, columns: int) -> RunningForecast:
        """Return a forecast that has seen no row.

        Parameters
        ----------
        columns : int
            How many assets.
        """

    def resume(self, state: Mapping[str, Any], /) -> RunningForecast:
        """Return the forecast that `to_dict` saved.

        Parameters
        ----------
        state : mapping
            What `to_dict` returned, also after JSON.
        """
