"""The loop over bars where gates or limits stand between a target and its order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.backtest._gates import Bar, Gate, GateDecision, RunningGate, WeightLimit
from riskresearch.core._errors import InvalidInputError

if TYPE_CHECKING:
    import numpy.typing as npt

    BoolVector = npt.NDArray[np.bool_]
    from riskresearch.accounts._book import Record, Settings
    from riskresearch.accounts._inputs import Layout
    from riskresearch.core._types import FloatMatrix, FloatVector
    from riskresearch.kernels.compiled._accounts import AccountBook


class Watch:
    """One account, its running gates and its limits."""

    def __init__(
        self, layout: Layout, account: int, gates: Sequence[Gate], limits: Sequence[WeightLimit], settings: Settings
    ) -> None:
        self.account = account
        self.name = layout.accounts[account]
        self.columns = slice(int(layout.starts[account]), int(layout.starts[account + 1]))
        names = layout.account_columns[self.columns]
        self.gates: list[RunningGate] = [gate.start(names) for gate in gates]
        self.limits = limits
        self.peak = self.equity = settings.capital
        self.max_leverage = settings.max_leverage
        self.fraction: float | FloatVector = 1.0
        self.reduce_only: BoolVector = np.zeros(len(names), dtype=bool)
        self.frozen: BoolVector = np.zeros(len(names), dtype=bool)
        self.changed = False

    def target(self, wanted: FloatVector, state: dict[str, Any]) -> FloatVector:
        """Return the target weights that the gates' last word and the limits leave."""
        target = np.asarray(wanted * self.fraction, dtype=np.float64)
        held = self.weights(state)
        for limit in self.limits:
            target = np.asarray(limit.apply(target, held, float(state["worth"][self.account])), dtype=np.float64)
            if target.shape != held.shape:
                raise InvalidInputError(
                    f"{type(limit).__name__}.apply must return one weight a column, shape {held.shape}, got shape "
                    f"{target.shape}."
                )
        target = np.where(self.frozen, np.nan, target)  # a missing target keeps what is held
        if np.isinf(target).any():
            raise InvalidInputError(f"target weights must be finite after gates and limits, got {target}.")
        gross = float(np.nansum(np.abs(target)))
        if self.max_leverage is not None and gross > self.max_leverage * (1.0 + 1e-12):
            raise InvalidInputError(
                f"weights must not exceed max_leverage={self.max_leverage:g}, got {gross:.6g} after gates and limits "
                f"in account {self.name!r}."
            )
        return target

    def weights(self, state: dict[str, Any]) -> FloatVector:
        """Return what is held as fractions of equity."""
        equity = float(state["worth"][self.account])
        held = state["held"][self.columns]
        values = np.where(held == 0.0, 0.0, held * state["marks"][self.columns])
        return values / equity if equity > 0.0 else np.zeros(held.shape)

    def observe(self, row: int, time: Any, state: dict[str, Any]) -> None:
        """Tell the gates how the account stands after bar `row`, and keep what they answer."""
        equity, before = float(state["worth"][self.account]), self.equity
        self.peak, self.equity = max(self.peak, equity), equity
        bar = Bar(
            row=row,
            time=time,
            equity=equity,
            peak=self.peak,
            cash=float(state["cash"][self.account]),
            prices=state["marks"][self.columns].copy(),
            weights=self.weights(state),
            turnover=float(state["traded"][self.account]) / before,
            priced=~np.isnan(state["price"][self.columns]),
        )
        fraction: float | FloatVector = 1.0
        reduce_only, frozen = np.zeros((2, *self.frozen.shape), dtype=bool)
        for gate in self.gates:
            decision = gate.update(bar)
            if not isinstance(decision, GateDecision):
                raise InvalidInputError(f"{type(gate).__name__}.update must return a GateDecision, got {decision!r}.")
            fraction = fraction * self._checked(gate, decision)
            reduce_only |= self._flags(gate, decision.reduce_only, "reduce_only")
            frozen |= self._flags(gate, decision.frozen, "frozen")
        self.changed = (
            not np.array_equal(self.fraction, fraction)
            or not np.array_equal(self.reduce_only, reduce_only)
            or not np.array_equal(self.frozen, frozen)
        )
        self.fraction, self.reduce_only, self.frozen = fraction, reduce_only, frozen

    def _flags(self, gate: RunningGate, given: Any, name: str) -> BoolVector:
        flags = np.asarray(given, dtype=bool)
        if flags.shape not in ((), self.frozen.shape):
            raise InvalidInputError(
                f"{type(gate).__name__}.update must return {name} as True or False, or one a column, got {given!r}."
            )
        return flags

    def _checked(self, gate: RunningGate, decision: GateDecision) -> float | FloatVector:
        fraction = np.asarray(decision.fraction, dtype=np.float64)
        width = self.columns.stop - self.columns.start
        if fraction.shape not in ((), (width,)) or not (fraction >= 0.0).all() or np.isinf(fraction).any():
            raise InvalidInputError(
                f"{type(gate).__name__}.update must return a fraction of at least 0, or one a column, got "
                f"{decision.fraction!r}."
            )
        return fraction


def run_gated(
    kernel: AccountBook,
    weights: FloatMatrix,
    buffer: FloatMatrix,
    watches: Sequence[Watch],
    *,
    lag: int,
    times: Any,
    record: Record,
    state: dict[str, Any],
) -> None:
    """Go bar by bar: targets of row t - lag through gates and limits into `buffer`, one step, then the gates."""
    for row in range(record.units.shape[0]):
        if row >= lag:
            for watch in watches:
                if state["stopped"][watch.account] < 0:
                    buffer[0, watch.columns] = watch.target(weights[row - lag, watch.columns], state)
                    state["reduce_only"][watch.columns] = watch.reduce_only
                    state["called"][watch.account] = watch.changed  # a gate does not wait for the end of a period
        kernel.run(row, row + 1)
        if state["fault"][0] != 0:
            return
        for watch in watches:
            if state["stopped"][watch.account] in (-1, row):  # of its bankruptcy they hear too, and then no more
                watch.observe(row, times[row], state)
