"""Breakers as gates of a simulation, with a record of what they measured and decided on each bar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from riskresearch.backtest.breakers._bars import moment_or_none
from riskresearch.breakers._breaker import Breaker
from riskresearch.breakers._periods import warn_of_periods, with_periods
from riskresearch.breakers._set import BreakerSet
from riskresearch.breakers._types import BreakerEvent
from riskresearch.core._checks import can_be_called, shown
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._records import Bar, Decision, TradingState

if TYPE_CHECKING:
    from riskresearch.core._types import Labels


def read_gates(gates: Sequence[Any], labels: Labels) -> list[Any]:
    """Return gates whose breakers suit the dates of the bars; a breaker is a set of one."""
    read = []
    for gate in gates:
        if isinstance(gate, Breaker | BreakerSet):
            read.append(_suited(BreakerSet(gate), labels))
        elif not isinstance(gate, type) and can_be_called(getattr(gate, "start", None), labels.columns, capital=1.0):
            read.append(gate)
        else:
            is_limit = not isinstance(gate, type) and can_be_called(getattr(gate, "start", None), labels.columns)
            remedy = " What caps target weights is a limit: limits=[...]." if is_limit else ""
            raise InvalidInputError(
                "gates must be breakers, sets of breakers, or objects with a method start(columns, *, capital), got "
                f"{shown(gate)}.{remedy}"
            )
    return read


def _suited(breakers: BreakerSet, labels: Labels) -> BreakerSet:
    first = labels.row_names[0]
    if moment_or_none(first) is None and any(breaker.needs_dates() for breaker in breakers):
        raise InvalidInputError(
            f"prices must have dates for breakers that count in time or by the calendar, got {first!r}."
        )
    warn_of_periods(breakers, labels.dates)
    return BreakerSet(with_periods(breakers.breakers, labels.dates))


class RecordedBreakers:
    """The breakers of one account, and what they did on each bar."""

    def __init__(self, breakers: BreakerSet, columns: Sequence[str], *, account: str, capital: float) -> None:
        self.account = account
        self.running = breakers.start_on_account(columns, equity=capital)
        self.events: list[BreakerEvent] = []
        self.active: list[bool] = []
        """After each bar, whether anything but a warning is in force."""
        self.statuses: list[list[int]] = []
        self.numbers: list[list[float]] = []

    def update(self, bar: Bar, label: Any) -> Decision:
        """Process a bar, which events call by its `label`, and return what holds from the next one on."""
        decision = self.running.update(bar)
        events = decision.events
        self.events += [event._replace(time=label) for event in events] if bar.time is None else events
        machines = self.running.machines
        self.statuses.append([machine.status for machine in machines])
        self.numbers.append([machine.value for machine in machines])
        self.active.append(any(one.state != TradingState.ACTIVE for one in (decision, *decision.units.values())))
        return decision
