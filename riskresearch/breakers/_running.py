"""The running form of breakers, which equals history and sweeps bit for bit."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from riskresearch.breakers._types import STAGES, BreakerEvent, BreakerMetrics, BreakerStage, Observer
from riskresearch.core._bar_checks import check_bar
from riskresearch.core._checks import check_positive
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._records import NAN, Bar, Decision
from riskresearch.kernels.compiled import _breaker as kernel

if TYPE_CHECKING:
    from riskresearch.core.dates._moments import Calendar

Rule: TypeAlias = Any
"""A `Breaker`, whose file imports this one."""
Prepared: TypeAlias = "tuple[Bar, Calendar | None, tuple[float, ...], Iterable[Any]]"
NOTHING_SHOWN = Bar()
CALENDAR_CLOCKS = 5
"""Bars, seconds, day, week and month; those of times of day come after them."""


def times_of_day(breakers: Iterable[Rule]) -> tuple[float, ...]:
    """Return the times of day, in seconds, at which cool-downs of these breakers end."""
    return tuple(sorted({at for breaker in breakers for at in breaker.times_of_day()}))


def make_engine(
    breakers: tuple[Rule, ...], equity: float
) -> tuple[kernel.Engine, list[kernel.Machine], list[Observer]]:
    """Return a fresh engine of these breakers, its machines and its observers."""
    observers: list[Observer] = []
    times = times_of_day(breakers)
    machines = [breaker.machine(observers, equity, times) for breaker in breakers]
    rules = array("d")
    for breaker in breakers:
        rules.extend((STAGES[breaker.stage], breaker.fraction, breaker.priority))
    bar = kernel.Observation(array("d", [NAN] * len(observers)), array("d", [NAN] * (CALENDAR_CLOCKS + len(times))))
    return kernel.Engine(machines, rules, bar), machines, observers


class RunningBreakers:
    """Breakers that run: each bar that they process decides what holds from the next bar on.

    `BreakerSet.start` and `Breaker.start` make it.

    Parameters
    ----------
    breakers : tuple of Breaker
        All of the portfolio's scope, or all of one unit's.
    definition, started : Breaker or BreakerSet, mapping
        What was started, and with which arguments beside the equity.
    equity : float
        The account's before the first bar; nan uses that of the first bar.
    unit, units : str, mapping of str to RunningBreakers
        Which asset or strategy, empty for the portfolio; and those of each asset or strategy.
    """

    __slots__ = (
        "_careful", "_given", "_lacking", "_order", "_quiet", "_statuses", "bar", "breakers", "calendar", "definition",
        "engine", "machines", "observers", "observes_trades", "started", "time", "trips", "unit", "units",
    )  # fmt: skip

    def __init__(
        self,
        breakers: tuple[Rule, ...],
        *,
        definition: Any,
        started: Mapping[str, Any],
        equity: float = NAN,
        unit: str = "",
        units: Mapping[str, RunningBreakers] | None = None,
    ) -> None:
        if equity == equity:
            equity = check_positive(equity, name="equity")
        self.definition, self.started = definition, {**started, "equity": equity}
        self.breakers, self.unit, self.units = breakers, unit, dict(units or {})
        self._given: tuple[int, ...] = ()
        self.engine, self.machines, self.observers = make_engine(breakers, equity)
        self.observes_trades = any("closed_trades" in observer.fields for observer in self.observers)
        self._careful = [observer.prepare for observer in self.observers if observer.prepare is not None]
        self.calendar: Calendar | None = None
        if any(breaker.needs_dates() for breaker in breakers):
            from riskresearch.core.dates._moments import Calendar  # noqa: PLC0415 (who counts bars needs none)

            self.calendar = Calendar(times_of_day(breakers))
        self._lacking = next((breaker.label() for breaker in breakers if breaker.lacks_periods()), None)
        self._order = sorted(range(len(breakers)), key=lambda i: _rank(breakers[i]))
        self._statuses, self.trips, self.bar, self.time = [0] * len(breakers), [0] * len(breakers), 0.0, None
        self._quiet = self._decide()

    def update(self, bar: Bar) -> Decision:
        """Process one bar and return what holds from the next one on; a bar that is refused changes nothing.

        Parameters
        ----------
        bar : Bar
            What is known after the bar. What is not given is not known: it trips nothing and re-arms nothing.
        """
        self._given = check_bar(bar, "", self._given)
        if self._careful or self.units or self.calendar is not None or bar.time is not None:
            return self._commit(self._prepare(bar))
        return self._commit((bar, None, (self.bar,), ()))

    def _prepare(self, bar: Bar) -> Prepared:
        """Do all of a bar that may refuse it, here and for each unit, and change nothing."""
        if bar.time != bar.time:
            bar = bar._replace(time=None)
        if self._lacking is not None and bar.time is not None:
            raise InvalidInputError(
                f"periods_per_year must be given for {self._lacking!r} on bars with times, which cannot show a stream "
                "the dates to come, got None. Daily bars of weekdays: periods_per_year=252."
            )
        for prepare in self._careful:
            prepare(bar)
        calendar, clocks = self.calendar, tuple([self.bar])
        if calendar is not None:
            calendar = calendar.copied()
            clocks = calendar.clocks(self.bar, bar.time)
        units = []
        for name, unit in self.units.items():
            units.append((name, unit, unit._prepare(_shown_to(unit, bar))))
        return bar, calendar, clocks, units

    def _commit(self, prepared: Prepared) -> Decision:
        """Process a bar that nothing refused."""
        bar, self.calendar, clocks, units = prepared
        observed, self.time = [observer.observe(bar) for observer in self.observers], bar.time
        changes = self.engine.step(observed, clocks, bar.equity, bar.strategy_return)
        self.bar += 1.0
        if not changes and not units:
            return self._quiet
        events = self._changed() if changes else ()
        if changes:
            self._quiet = self._decide()
        decisions = {}
        for name, unit, own in units:
            decisions[name] = unit._commit(own)
            events += decisions[name].events
        return self._quiet._replace(events=events, units=decisions)

    def release(self, breaker: str, *, unit: str = "") -> Decision:
        """Re-arm a breaker by hand; a drawdown is counted from where the account stands.

        Parameters
        ----------
        breaker : str
            Its name.
        unit : str
            Which asset's or strategy's; empty for the portfolio's.
        """
        if unit != self.unit:
            if unit not in self.units:
                raise InvalidInputError(f"unit must be one of {sorted(self.units)}, got {unit!r}.")
            return self.units[unit].release(breaker, unit=unit)
        for number, own in enumerate(self.breakers):
            if own.label() == breaker:
                clock = own.clock(times_of_day(self.breakers))[0]
                self.machines[number].release(self.clocks(self.time)[clock])
                self.engine.resolve()
                self.settle()
                return self._quiet._replace(events=(self._event(number, "release"),))
        raise InvalidInputError(f"breaker must be one of {[own.label() for own in self.breakers]}, got {breaker!r}.")

    def status(self) -> tuple[BreakerMetrics, ...]:
        """Return where each breaker stands, those of units last."""
        return tuple(running_state().status_of(self))

    def to_dict(self) -> dict[str, Any]:
        """Return the state as strict JSON holds it, with a version and a checksum; JSON keeps every bit."""
        return dict(running_state().state_of(self))

    def settle(self) -> None:
        """Read statuses and decision off the machines, whose state was set from outside."""
        self._statuses = [machine.status for machine in self.machines]
        self._quiet = self._decide()

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how pickle and deepcopy make a copy that continues from here."""
        own = (self.definition, self.started, self.unit, running_state().snapshot(self))
        return running_state().revived_from, own

    def __repr__(self) -> str:
        tripped = len(self.breakers) - self._statuses.count(0)
        return f"RunningBreakers({len(self.breakers)} breakers, {tripped} tripped, {int(self.bar)} bars)"

    def clocks(self, time: Any) -> tuple[float, ...]:
        """Return bars, seconds, day, week and month at `time`, or bars alone if no breaker asks for more."""
        return (self.bar,) if self.calendar is None else self.calendar.clocks(self.bar, time)

    def _changed(self) -> tuple[BreakerEvent, ...]:
        events = []
        for number in self._order:
            machine = self.machines[number]
            before, self._statuses[number] = self._statuses[number], machine.status
            if (before == 0) != (machine.status == 0):
                self.trips[number] += before == 0
                events.append(self._event(number, "trip" if before == 0 else "re-arm"))
        return tuple(events)

    def _event(self, number: int, event: str) -> BreakerEvent:
        breaker, value = self.breakers[number], self.machines[number].value
        time = self.bar if self.time is None else self.time
        return BreakerEvent(
            time, breaker.label(), event, breaker.code, value, breaker.limit, breaker.stage, breaker.scope,
            self.unit,
        )  # fmt: skip

    def _decide(self) -> Decision:
        number = self.engine.decider
        if number < 0:
            return Decision()
        breaker = self.breakers[number]
        stage = STAGES[breaker.stage]
        multiplier = {BreakerStage.REDUCE: breaker.fraction, BreakerStage.LIQUIDATE: 0.0}.get(stage, 1.0)
        others = (self.breakers[i] for i in self._order if self._statuses[i] and i != number)
        binding = (breaker, *(other for other in others if STAGES[other.stage] > BreakerStage.WARN))
        return Decision(
            multiplier, stage >= BreakerStage.HALT, stage == BreakerStage.FREEZE,
            tuple(dict.fromkeys(one.code for one in binding)), breaker.label(),
        )  # fmt: skip


def _shown_to(unit: RunningBreakers, bar: Bar) -> Bar:
    """Return the bar of a unit, with the time of the whole and with the closed trades of the unit's asset or side."""
    shown = bar.units.get(unit.unit, NOTHING_SHOWN)
    if shown.time is None:
        shown = shown._replace(time=bar.time)
    what = unit.breakers[0].scope
    if what == "strategy" or shown.closed_trades is not None or bar.closed_trades is None:
        return shown
    if any(getattr(trade, what) == "" for trade in bar.closed_trades) and unit.observes_trades:
        raise InvalidInputError(
            f"closed_trades must name the {what} of each trade for breakers of scope {what!r}, got "
            f"{next(trade for trade in bar.closed_trades if getattr(trade, what) == '')!r}."
        )
    own = tuple(trade for trade in bar.closed_trades if getattr(trade, what) == unit.unit)
    return shown._replace(closed_trades=own)


def _rank(breaker: Rule) -> tuple[float, int, str]:  # of events on one bar: not the order of the list
    return -breaker.priority, -STAGES[breaker.stage], breaker.label()


def running_state() -> Any:
    from riskresearch.breakers import _state  # noqa: PLC0415 (a running breaker may never need it)

    return _state
