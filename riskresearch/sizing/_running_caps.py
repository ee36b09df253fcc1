"""Caps on the target weights of one account in a simulation, by the kernel of a history of one row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._checks import shown
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._records import Bar
from riskresearch.kernels.compiled._caps import CapRows
from riskresearch.sizing._cap_verdicts import CapVerdicts

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._records import Account
    from riskresearch.core._types import FloatVector
    from riskresearch.core.dates._bound_rows import BoundRows


class RunningCaps:
    """Caps that run for one account: each decision trades from what is held, after drift, at the last known prices.

    Parameters
    ----------
    columns : tuple of str
        Names of the account's columns.
    numbers : dict
        The arguments `groups`, `group_limits`, `limits` and `limit_exits` of the kernel.
    volumes : BoundRows, optional
        Average daily volume, for participation.
    """

    def __init__(self, columns: tuple[str, ...], numbers: dict[str, Any], volumes: BoundRows | None) -> None:
        self._columns, self._volumes = columns, volumes
        shape = (1, len(columns))
        self._target, self._weights = np.zeros(shape), np.zeros(shape)
        self._prices, self._volume = np.full(shape, np.nan), np.full(shape, np.nan)
        self._held, self._capital = np.zeros(len(columns)), np.full(1, np.nan)
        self._reasons: npt.NDArray[np.longlong] = np.zeros(shape, dtype=np.longlong)
        self._kernel = CapRows(  # type: ignore[no-untyped-call]
            targets=self._target, prices=self._prices, volumes=self._volume, capital=self._capital, held=self._held,
            weights=self._weights, reasons=self._reasons, **numbers,
        )  # fmt: skip
        self._verdicts = CapVerdicts(columns)

    def apply(self, target: FloatVector, bar: Bar) -> FloatVector:
        """Return the capped weights of one row.

        Parameters
        ----------
        target : array of shape (columns,)
            Weights wanted; nan keeps what is held, of which the caps leave no more than of any other target.
        bar : Bar
            The last bar: what its account holds, at the last known prices, and its equity.

        Returns
        -------
        array of shape (columns,)
            Of which nan keeps what is held.
        """
        account = self._account(bar)
        wanted, held = self._target[0], self._held
        try:
            wanted[...], held[...] = target, account.weights
        except (TypeError, ValueError):
            raise InvalidInputError(
                f"target must be one weight for each of the columns {list(self._columns)}, got {shown(target)}."
            ) from None
        gross = float(np.add.reduce(wanted))
        kept = None
        if gross - gross != 0.0:  # a number is missing or infinite
            kept = np.isnan(wanted)
            if np.isinf(wanted).any():
                raise InvalidInputError(
                    f"target must be finite, or nan to keep what is held, got {shown(wanted.tolist())}."
                )
            wanted[kept] = held[kept]
        self._prices[0], self._capital[0] = account.prices, account.equity
        if self._volumes is not None:
            self._volume[0] = self._volumes.at(bar)
        before = held.copy()
        self._kernel.run(0, 1)
        capped: FloatVector = self._weights[0].copy()
        reasons = self._reasons[0]
        if reasons.any():
            equity = float(account.equity)
            self._verdicts.note(bar.row, equity, reasons, wanted, capped, before, self._prices[0])
        if kept is not None:
            capped[kept & (reasons == 0)] = np.nan
        return capped

    def _account(self, bar: Any) -> Account:
        account = bar.account if isinstance(bar, Bar) else None
        if account is None or account.columns != self._columns:
            raise InvalidInputError(
                f"bar must be a Bar with an account that holds the columns {list(self._columns)}, got {shown(bar)}."
            )
        found: Account = account
        return found

    def verdicts(self) -> CapVerdicts:
        """Return what the caps have changed: see `Backtest.limit_verdicts`.

        The value is the size of the weight that was wanted, the limit that of the weight which the caps left.
        """
        return self._verdicts
