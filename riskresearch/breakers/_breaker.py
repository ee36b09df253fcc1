"""The base of breakers: the parameters that all of them have, and how they are started."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, Literal, TypeAlias

from riskresearch.breakers._limits import BARS, Cooldown, at_least, cooldown_clock, cooldown_state, time_of_day
from riskresearch.breakers._running import RunningBreakers, running_state
from riskresearch.breakers._types import STAGES, BreakerPriority, Observer, Scope, Stage
from riskresearch.core._checks import check_choice, check_number
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._records import NAN
from riskresearch.kernels.compiled import _breaker as kernel

Reentry: TypeAlias = Literal["timer", "peak_reset", "shadow", "manual"]

REENTRIES = ("timer", "peak_reset", "shadow", "manual")
SCOPES = ("portfolio", "strategy", "asset", "side")
OBSERVED, EQUITY, COMBINED = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Breaker:
    """What all breakers have: a limit, and what follows when it is reached.

    Parameters
    ----------
    limit : float
        The number that trips.
    inclusive : bool
        Whether the limit itself trips, or only what is beyond. Within 1e-12 of it, relative, a number is at the limit.
    cooldown : int, timedelta, time, or {"day", "week", "month"}
        Bars or time from the trip to the first decision to re-arm, at least one bar; or until the first bar at or after
        this time of day, by the clock that the bars show; or of the next calendar day, week (from Monday) or month.
    reentry : {"timer", "peak_reset", "shadow", "manual"}
        After the cool-down: at once; at once, and drawdowns are counted from there; when the number is back inside
        `rearm`, the account's judged on what would have been earned; never, but for `release`.
    rearm : float, optional
        The level to come back inside of with "shadow", at most `limit`, which it is by default.
    stage : {"warn", "reduce", "halt", "liquidate", "freeze"}
        See `BreakerStage`.
    fraction : float
        What "reduce" multiplies targets by, in [0, 1).
    scope : {"portfolio", "strategy", "asset", "side"}
        Whose bars are observed and whose orders are restricted; of "side" those of long and of short positions.
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

    def clock(self, times: tuple[float, ...] = ()) -> tuple[int, float]:
        """Return which clock counts the cool-down, and how much of it; `times` of day are counted last."""
        return cooldown_clock(self.cooldown, times)

    def times_of_day(self) -> tuple[float, ...]:
        """Return the time of day at which the cool-down ends, in seconds, if it does."""
        return time_of_day(self.cooldown)

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

    def machine(self, observers: list[Observer], equity: float, times: tuple[float, ...]) -> kernel.Machine:
        """Return a fresh running state for an account of this `equity`, nan for the first bar's; add its observers.

        `times` are the times of day that the engine's clocks count.
        """
        observer = self.observer()
        parts = [part.machine(observers, equity, times) for part in self.members()]
        kind = COMBINED if parts else OBSERVED if observer else EQUITY
        slot, opening = len(observers), -1
        if observer is not None:
            observers.append(observer)
            if observer.opening is not None:
                opening = len(observers)
                observers.append(observer.opening)
        clock, wait = self.clock(times)
        limit, rearm = self.thresholds()
        return kernel.Machine(
            kind, slot, opening, limit, rearm, wait,
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
        running: RunningBreakers = running_state().resumed(self, state)
        return running

    def to_dict(self) -> dict[str, Any]:
        """Return the class and the parameters as plain numbers and text."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        values["cooldown"] = cooldown_state(self.cooldown)
        return {"class": type(self).__name__, **values, "priority": int(self.priority)}
