"""The loop over bars with gates or limits between a target and its order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.backtest._limits import AccountLimit
from riskresearch.backtest._round_trips import OpenTrades
from riskresearch.backtest.breakers._bars import moment_or_none
from riskresearch.backtest.breakers._recorded import RecordedBreakers
from riskresearch.breakers._set import BreakerSet
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._records import SIDES, Account, Bar, Decision

if TYPE_CHECKING:
    import numpy.typing as npt

    BoolVector = npt.NDArray[np.bool_]
    from riskresearch.accounts._book import Market, Record, Settings
    from riskresearch.accounts._inputs import Layout
    from riskresearch.backtest._gates import Limit, RunningGate
    from riskresearch.core._types import FloatMatrix, FloatVector
    from riskresearch.kernels.compiled._accounts import AccountBook

GIVEN_BY_THE_ACCOUNT = ("turnover", "gross_exposure", "net_exposure")


class GatedAccount:
    """One account, its running gates and its limits; `fields` are the columns of `Bar` that the user gives."""

    def __init__(
        self,
        layout: Layout,
        account: int,
        gates: Sequence[Any],
        limits: Sequence[Limit],
        settings: Settings,
        fields: Mapping[str, Any],
        market: Market,
    ) -> None:
        self.account = account
        self.name = layout.accounts[account]
        self.columns = slice(int(layout.starts[account]), int(layout.starts[account + 1]))
        self.names = layout.account_columns[self.columns]
        self.gates: list[RunningGate | RecordedBreakers] = [
            RecordedBreakers(gate, self.names, account=self.name, capital=settings.capital)
            if isinstance(gate, BreakerSet) else gate.start(self.names, capital=settings.capital)
            for gate in gates
        ]  # fmt: skip
        self.shows_units = any(gate.running.units for gate in self.gates if isinstance(gate, RecordedBreakers))
        self.limits, self.fields = [AccountLimit(limit, self.names) for limit in limits], fields
        self.peak = self.equity = settings.capital
        self.max_leverage = settings.max_leverage
        self.prices = np.full(len(self.names), np.nan)
        self.multiplier: float | FloatVector = 1.0
        self.reduce_only: BoolVector = np.zeros(len(self.names), dtype=bool)
        self.frozen: BoolVector = np.zeros(len(self.names), dtype=bool)
        self.restricted: BoolVector = np.zeros(len(self.names), dtype=bool)
        """Which columns may only be reduced on this bar, also because their target's side is halted."""
        self.sides = dict.fromkeys(SIDES, Decision())
        """What holds for the long and for the short positions of the account."""
        self.bar = self._untouched()
        """The last bar that the gates saw, with what they decided; limits are shown it."""
        self.changed = False
        self.schedule = market.schedule[:, account] if len(market.schedule) else None
        self.trades = OpenTrades(self.names, self.columns, market, settings)
        self.shows_trades = any(map(_may_read_trades, self.gates))

    def may_trade(self, row: int) -> bool:
        """Return whether the account may trade on a bar; limits judge no order between the dates of a calendar."""
        return not self.limits or self.schedule is None or self.changed or bool(self.schedule[row])

    def target(self, wanted: FloatVector, state: dict[str, Any]) -> FloatVector:
        """Return the target weights that the last decision of the gates and the limits leave."""
        target = np.asarray(wanted * self.multiplier, dtype=np.float64)
        for sign, side in zip((1.0, -1.0), self.sides.values(), strict=True):
            target = np.where(target * sign > 0.0, target * side.multiplier, target)
        held = self.weights(state)
        for limit in self.limits:
            target = limit.apply(target, self.bar)
        target = self._within_sides(target, held)
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

    def _within_sides(self, target: FloatVector, held: FloatVector) -> FloatVector:
        """Return the target that a halted or frozen side leaves, and let the columns that it halts only be reduced."""
        self.restricted = self.reduce_only.copy()
        for sign, side in zip((1.0, -1.0), self.sides.values(), strict=True):
            wanted = target * sign > 0.0
            if side.reduce_only:
                self.restricted |= wanted
            if side.frozen:
                target = np.where(held * sign > 0.0, np.nan, np.where(wanted, 0.0, target))
        return target

    def weights(self, state: dict[str, Any]) -> FloatVector:
        """Return what is held as fractions of equity."""
        equity = float(state["worth"][self.account])
        held = state["held"][self.columns]
        values = np.where(held == 0.0, 0.0, held * state["marks"][self.columns])
        return values / equity if equity > 0.0 else np.zeros(held.shape)

    def observe(self, row: int, label: Any, state: dict[str, Any]) -> None:
        """Show the account after bar `row` to the gates, and keep what they decide."""
        bar = self._bar(row, label, state)
        multiplier: float | FloatVector = 1.0
        reduce_only, frozen = np.zeros((2, *self.frozen.shape), dtype=bool)
        sides = dict.fromkeys(SIDES, Decision())
        reasons: tuple[str, ...] = ()
        for gate in self.gates:
            decision = gate.update(bar, label) if isinstance(gate, RecordedBreakers) else gate.update(bar)
            if not isinstance(decision, Decision):
                raise InvalidInputError(f"{type(gate).__name__}.update must return a Decision, got {decision!r}.")
            for side, before in sides.items():
                if side in decision.units and side not in self.names:
                    sides[side] = _both(before, decision.units[side])
            decision = self._by_column(gate, decision)
            reasons += decision.reasons
            multiplier = multiplier * self._checked(gate, decision)
            reduce_only |= self._flags(gate, decision.reduce_only, "reduce_only")
            frozen |= self._flags(gate, decision.frozen, "frozen")
        self.changed = (
            not np.array_equal(self.multiplier, multiplier)
            or not np.array_equal(self.reduce_only, reduce_only)
            or not np.array_equal(self.frozen, frozen)
            or self.sides != sides
        )
        self.sides = sides
        self.multiplier, self.reduce_only, self.frozen = multiplier, reduce_only, frozen
        if self.limits:
            decided = Decision(multiplier, reduce_only, frozen, reasons, units=sides) if self.gates else None
            self.bar = bar._replace(decision=decided)

    def _untouched(self) -> Bar:
        """Return what stands for the last bar before there is one: the capital, and nothing held or known."""
        width = len(self.names)
        none, unknown = np.zeros(width), np.full(width, np.nan)
        account = Account(
            self.name, self.names, self.equity, self.peak, self.equity, unknown, none, np.zeros(width, dtype=bool)
        )
        return Bar(
            equity=self.equity, gross_exposure=0.0, net_exposure=0.0, turnover=0.0, account=account,
            decision=Decision() if self.gates else None,
        )  # fmt: skip

    def _bar(self, row: int, label: Any, state: dict[str, Any]) -> Bar:
        equity, before = float(state["worth"][self.account]), self.equity
        self.peak, self.equity = max(self.peak, equity), equity
        priced: BoolVector = ~np.isnan(state["price"][self.columns])
        marks, weights = state["marks"][self.columns].copy(), self.weights(state)
        prices = np.where(priced, marks, np.nan)
        moves, self.prices = prices / self.prices - 1.0, marks
        time = moment_or_none(label)
        fields = {name: _of_row(name, values, row) for name, values in self.fields.items()}
        if len(self.names) == 1:
            fields.setdefault("price", float(prices[0]))
        else:
            fields["asset_returns"] = tuple(moves.tolist())
        units = {
            name: Bar(
                time=time, equity=price, price=price, strategy_return=move, gross_exposure=abs(weight),
                net_exposure=weight,
            )
            for name, price, move, weight in zip(
                self.names, prices.tolist(), moves.tolist(), weights.tolist(), strict=True
            )
        } if self.shows_units else {}  # fmt: skip
        cash = float(state["cash"][self.account])
        closed = self.trades.close(row, state, before) if self.shows_trades else None
        return Bar(
            time=time, equity=equity if priced.any() or equity <= 0.0 else np.nan,
            turnover=float(state["traded"][self.account]) / before, gross_exposure=float(np.abs(weights).sum()),
            net_exposure=float(weights.sum()), closed_trades=closed, units=units, row=row,
            account=Account(self.name, self.names, equity, self.peak, cash, marks, weights, priced), **fields,
        )  # fmt: skip

    def _by_column(self, gate: Any, decision: Decision) -> Decision:
        """Return a decision on each column where there is one on units: each trades within its own and the whole's."""
        if not decision.units:
            return decision
        unknown = sorted(set(decision.units).difference(self.names, SIDES))
        if unknown:
            raise InvalidInputError(
                f"{type(gate).__name__}.update must return units among the columns {list(self.names)}, got "
                f"{unknown[0]!r}."
            )
        own = [decision.units.get(name, Decision()) for name in self.names]
        return decision._replace(
            multiplier=np.minimum(self._checked(gate, decision), [float(self._checked(gate, one)) for one in own]),
            reduce_only=self._flags(gate, decision.reduce_only, "reduce_only") | [bool(one.reduce_only) for one in own],
            frozen=self._flags(gate, decision.frozen, "frozen") | [bool(one.frozen) for one in own],
        )

    def _flags(self, gate: Any, given: Any, name: str) -> BoolVector:
        flags = np.asarray(given, dtype=bool)
        if flags.shape not in ((), self.frozen.shape):
            raise InvalidInputError(
                f"{type(gate).__name__}.update must return {name} as True or False, or one a column, got {given!r}."
            )
        return flags

    def _checked(self, gate: Any, decision: Decision) -> FloatVector:
        multiplier = np.asarray(decision.multiplier, dtype=np.float64)
        width = self.columns.stop - self.columns.start
        if multiplier.shape not in ((), (width,)) or not (multiplier >= 0.0).all() or np.isinf(multiplier).any():
            raise InvalidInputError(
                f"{type(gate).__name__}.update must return a multiplier of at least 0, or one a column, got "
                f"{decision.multiplier!r}."
            )
        return multiplier


def _may_read_trades(gate: RunningGate | RecordedBreakers) -> bool:
    """Return whether a gate may read the closed trades of a bar: breakers that do, and steps and gates of a user."""
    if not isinstance(gate, RecordedBreakers):
        return True
    running = (gate.running, *gate.running.units.values())
    return any(not each.fields or "closed_trades" in each.fields for one in running for each in one.observers)


def _both(one: Decision, other: Decision) -> Decision:
    """Return what two decisions on one side leave."""
    return Decision(one.multiplier * other.multiplier, one.reduce_only or other.reduce_only, one.frozen or other.frozen)


def _of_row(name: str, values: Any, row: int) -> Any:
    return tuple(values[row].tolist()) if name == "asset_returns" else float(values[row])


def run_gated(
    kernel: AccountBook,
    weights: FloatMatrix,
    buffer: FloatMatrix,
    accounts: Sequence[GatedAccount],
    *,
    lag: int,
    labels: Any,
    record: Record,
    state: dict[str, Any],
) -> None:
    """Go bar by bar: targets of row t - lag through gates and limits into `buffer`, one step, then the gates."""
    for row in range(record.units.shape[0]):
        if row >= lag:
            for account in accounts:
                if state["stopped"][account.account] < 0:
                    state["called"][account.account] = account.changed  # a gate does not wait for the end of a period
                    if account.may_trade(row):
                        buffer[0, account.columns] = account.target(weights[row - lag, account.columns], state)
                        state["reduce_only"][account.columns] = account.restricted
        kernel.run(row, row + 1)
        if state["fault"][0] != 0:
            return
        for account in accounts:
            if state["stopped"][account.account] in (-1, row):  # its bankruptcy is the last that they observe
                account.observe(row, labels[row], state)
