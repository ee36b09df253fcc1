"""The base of breakers and their running form, which equals history and sweeps bit for bit."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeAlias

from riskresearch.breakers._limits import BARS, Cooldown, at_least, cooldown_clock
from riskresearch.breakers._types import BreakerEvent, BreakerMetrics, BreakerPriority, BreakerStage, Observer
from riskresearch.core._bar_checks import check_bar
from riskresearch.core._checks import check_choice, check_number, check_positive
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._records import NAN, Bar, Decision
from riskresearch.kernels.compiled import _breaker as kernel

if TYPE_CHECKING:
    from riskresearch.breakers._calendar import Calendar

Reentry: TypeAlias = Literal["timer", "peak_reset", "shadow", "manual"]
Stage: TypeAlias = Literal["warn", "reduce", "halt", "liquidate", "freeze"]
Scope: TypeAlias = Literal["portfolio", "strategy", "asset"]

REENTRIES = ("timer", "peak_reset", "shadow", "manual")
STAGES = {stage.name.lower(): stage for stage in BreakerStage if stage}
SCOPES = ("portfolio", "strategy", "asset")
OBSERVED, EQUITY, COMBINED = 0, 1, 2
NOTHING_SHOWN = Bar()
Prepared: TypeAlias = "tuple[Bar, Calendar | None, tuple[float, ...], Iterable[Any]]"


@dataclass(frozen=True, slots=True)
class Breaker:
    """What all breakers have: a limit, and what follows when it is reached.

    Parameters
    ----------
    limit : float
        The number that trips.
    inclusive : bool
        Whether the limit itself trips, or only what is beyond. Within 1e-12 of it, relative, a number is at the limit.
    cooldown : int, timedelta, or {"day", "week", "month"}
        Bars or time from the trip to the first decision to re-arm, at least one bar; or until the first bar of the next
        calendar day, week (from Monday) or month.
    reentry : {"timer", "peak_reset", "shadow", "manual"}
        After the cool-down: at once; at once, and drawdowns are counted from there; when the number is back inside
        `rearm`, the account's judged on what would have been earned; never, but for `release`.
    rearm : float, optional
        The level to come back inside of with "shadow", at most `limit`, which it is by default.
    stage : {"warn", "reduce", "halt", "liquidate", "freeze"}
        See `BreakerStage`.
    fraction : float
        What "reduce" multiplies targets by, in [0, 1).
    scope : {"portfolio", "strategy", "asset"}
        Whose bars are observed and whose orders are restricted.
    priority : int
        Who decides among tripped breakers: see `BreakerPriority`.
    missing : {"hold", "trip"}
        What a number that is not known does to an armed breaker. It never re-arms a tripped one.
    name : str
        What events call it; by default its code.
    """

    limit: float
    inclusive: bool = field(default=True, kw_only=True)
    cooldown: Cooldown = field(default=20, kw_only=True)
    reentry: Reentry = field(default="timer", kw_only=True)
    rearm: float | None = field(default=None, kw_only=True)
    stage: Stage = field(default="liquidate", kw_only=True)
    fraction: float = field(default=0.5, kw_only=True)
    scope: Scope = field(default="portfolio", kw_only=True)
    priority: int = field(default=BreakerPriority.NORMAL, kw_only=True)
    missing: Literal["hold", "trip"] = field(default="hold", kw_only=True)
    name: str = field(default="", kw_only=True)

    code: ClassVar[str]
    on_account: ClassVar[bool] = False

    def __post_init__(self) -> None:
        """Check what was given."""
        check_number(self.limit, name="limit")
        check_choice(self.reentry, REENTRIES, name="reentry")
        check_choice(self.stage, tuple(STAGES), name="stage")
        check_choice(self.scope, SCOPES, name="scope")
        check_choice(self.missing, ("hold", "trip"), name="missing")
        check_number(self.priority, name="priority")
        if not isinstance(self.name, str):
            raise InvalidInputError(f"name must be text, got {self.name!r}.")
        if not 0.0 <= check_number(self.fraction, name="fraction") < 1.0:
            raise InvalidInputError(f"fraction must be in [0, 1), got {self.fraction!r}: it multiplies the targets.")
        if not isinstance(self.inclusive, bool):
            raise InvalidInputError(f"inclusive must be True or False, got {self.inclusive!r}.")
        if self.rearm is not None and not check_number(self.rearm, name="rearm") <= self.limit:
            raise InvalidInputError(f"rearm must be at most limit {self.limit!r}, got {self.rearm!r}.")
        if self.rearm is not None and self.reentry != "shadow":
            raise InvalidInputError(f'rearm is for reentry="shadow", got reentry={self.reentry!r}.')
        if self.reentry == "peak_reset" and not self.watches_account():
            raise InvalidInputError(
                f'reentry must be "timer", "shadow" or "manual" for {type(self).__name__}, got "peak_reset": '
                "it has no peak."
            )
        self.clock()

    def watches_account(self) -> bool:
        """Return whether the number, or that of a part, comes from the account's equity."""
        return self.on_account

    def clock(self) -> tuple[int, float]:
        """Return which clock counts the cool-down, and how much of it."""
        return cooldown_clock(self.cooldown)

    def thresholds(self) -> tuple[float, float]:
        """Return limit and rearm with their room for rounding."""
        rearm = self.limit if self.rearm is None else self.rearm
        return at_least(self.limit, inclusive=self.inclusive), at_least(rearm, inclusive=self.inclusive)

    def label(self) -> str:
        """Return the name, or the code of a breaker without one."""
        return self.name or self.code

    def restart_clock(self) -> int:
        """Return the clock that restarts the peak, -1 for none."""
        return -1

    def trails(self) -> bool:
        """Return whether the peak follows the account up."""
        return self.on_account and self.code == "DRAWDOWN"

    def observer(self) -> Observer | None:
        """Return a fresh observer of bars; None for breakers that watch the account."""

    def machine(self, observers: list[Observer], equity: float) -> kernel.Machine:
        """Return a fresh running state for an account of this `equity`, nan for the first bar's; add its observers."""
        observer = self.observer()
        parts = [part.machine(observers, equity) for part in self.members()]
        kind = COMBINED if parts else OBSERVED if observer else EQUITY
        observers.extend([observer] if observer else [])
        clock, wait = self.clock()
        limit, rearm = self.thresholds()
        return kernel.Machine(
            kind, max(len(observers) - 1, 0), limit, rearm, wait,
            REENTRIES.index(self.reentry), int(self.inclusive), int(self.missing == "trip"), clock,
            self.restart_clock(), int(self.trails()), int(self.limit) if parts else 0, self.stale_from(), parts, equity,
        )  # fmt: skip

    def members(self) -> tuple[Breaker, ...]:
        """Return the parts of a combined breaker."""
        return ()

    def stale_from(self) -> float:
        """Return the number from which on data count as missing, so that it does not re-arm; nan for none."""
        return NAN

    def needs_dates(self) -> bool:
        """Return whether it counts in time or by the calendar."""
        return (
            self.clock()[0] != BARS or self.restart_clock() > BARS or any(part.needs_dates() for part in self.members())
        )

    def lacks_periods(self) -> bool:
        """Return whether it counts per year without knowing the periods of a year."""
        return any(part.lacks_periods() for part in self.members())

    def start(self, *, equity: float = NAN) -> RunningBreakers:
        """Return this breaker running by itself, armed.

        Parameters
        ----------
        equity : float
            The account's before the first bar, so that a loss on the first bar counts; nan uses that of the first bar.
        """
        return RunningBreakers((self,), definition=self, started={}, equity=equity)

    restart = start

    def resume(self, state: Mapping[str, Any]) -> RunningBreakers:
        """Return this breaker running from where `RunningBreakers.to_dict` stored it.

        Parameters
        ----------
        state : mapping
            The state of the same breaker with the same parameters; any other is refused.
        """
        running: RunningBreakers = _state().resumed(self, state)
        return running

    def to_dict(self) -> dict[str, Any]:
        """Return the class and the parameters as plain numbers and text."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        wait = self.cooldown
        values["cooldown"] = {"seconds": wait.total_seconds()} if isinstance(wait, timedelta) else wait
        return {"class": type(self).__name__, **values, "priority": int(self.priority)}


def make_engine(
    breakers: Iterable[Breaker], equity: float
) -> tuple[kernel.Engine, list[kernel.Machine], list[Observer]]:
    """Return a fresh engine of these breakers, its machines and its observers."""
    observers: list[Observer] = []
    machines = [breaker.machine(observers, equity) for breaker in breakers]
    rules = array("d")
    for breaker in breakers:
        rules.extend((STAGES[breaker.stage], breaker.fraction, breaker.priority))
    bar = kernel.Observation(array("d", [NAN] * len(observers)), array("d", [NAN] * 5))
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
        "engine", "machines", "observers", "started", "time", "trips", "unit", "units",
    )  # fmt: skip

    def __init__(
        self,
        breakers: tuple[Breaker, ...],
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
        self._careful = [observer.prepare for observer in self.observers if observer.prepare is not None]
        self.calendar: Calendar | None = None
        if any(breaker.needs_dates() for breaker in breakers):
            from riskresearch.breakers._calendar import Calendar  # noqa: PLC0415 (who counts bars needs none)

            self.calendar = Calendar()
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
            shown = bar.units.get(name, NOTHING_SHOWN)
            shown = shown if shown.time is not None else shown._replace(time=bar.time)
            units.append((name, unit, unit._prepare(shown)))
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
                clock = own.clock()[0]
                self.machines[number].release(self.clocks(self.time)[clock])
                self.engine.resolve()
                self.settle()
                return self._quiet._replace(events=(self._event(number, "release"),))
        raise InvalidInputError(f"breaker must be one of {[own.label() for own in self.breakers]}, got {breaker!r}.")

    def status(self) -> tuple[BreakerMetrics, ...]:
        """Return where each breaker stands, those of units last."""
        return tuple(_state().status_of(self))

    def to_dict(self) -> dict[str, Any]:
        """Return the state as strict JSON holds it, with a version and a checksum; JSON keeps every bit."""
        return dict(_state().state_of(self))

    def settle(self) -> None:
        """Read statuses and decision off the machines, whose state was set from outside."""
        self._statuses = [machine.status for machine in self.machines]
        self._quiet = self._decide()

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how pickle and deepcopy make a copy that continues from here."""
        own = (self.definition, self.started, self.unit, _state().snapshot(self))
        return _state().revived_from, own

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


def _rank(breaker: Breaker) -> tuple[float, int, str]:  # of events on one bar: not the order of the list
    return -breaker.priority, -STAGES[breaker.stage], breaker.label()


def _state() -> Any:
    from riskresearch.breakers import _state  # noqa: PLC0415 (a running breaker may never need it)

    return _state
