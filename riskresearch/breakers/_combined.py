"""Combined breakers (any of, all of, ladders) and breakers with a user's step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from riskresearch.breakers._breaker import Breaker, Reentry
from riskresearch.breakers._limits import OTHER_NAMES, Cooldown
from riskresearch.breakers._step import StepObserver
from riskresearch.breakers._types import STAGES, BreakerPriority, Observer, Stage
from riskresearch.core._checks import check_count
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._records import Bar


@answers_other_names(OTHER_NAMES, second="cooldown")
@dataclass(frozen=True, slots=True)
class CustomBreaker(Breaker):
    """A breaker whose number a step in plain Python makes.

    Parameters
    ----------
    limit : float
        The number that trips.
    step : callable
        (state, bar) -> (state, number). Called once a bar, in order; nan means that the number is not known.
    initial : object
        The state before the first bar. States should be of what JSON can hold, if they are to be stored.

    Examples
    --------
    >>> from riskresearch.breakers import CustomBreaker
    >>> from riskresearch.core import Bar
    >>> def range_of_bar(state, bar):
    ...     return state, (bar.high - bar.low) / bar.price
    >>> running = CustomBreaker(0.05, step=range_of_bar, name="RANGE").start()
    >>> running.update(Bar(high=103.0, low=97.0, price=100.0)).deciding_breaker
    'RANGE'
    """

    step: Callable[[Any, Bar], tuple[Any, float]] = field(kw_only=True)
    initial: Any = field(default=None, kw_only=True)

    code = "CUSTOM"

    def __post_init__(self) -> None:
        """Check what was given."""
        if not callable(self.step):
            raise InvalidInputError(f"step must be a function of state and bar, got {self.step!r}.")
        Breaker.__post_init__(self)

    def observer(self) -> Observer:
        """Return a fresh observer of bars."""
        return StepObserver(self.step, self.initial)

    def to_dict(self) -> dict[str, Any]:
        """Return the class and the parameters; the step by its name."""
        values = Breaker.to_dict(self)
        return {**values, "step": getattr(self.step, "__qualname__", type(self.step).__name__)}


@answers_other_names(OTHER_NAMES, second="cooldown")
@dataclass(frozen=True, slots=True)
class CombinedBreaker(Breaker):
    """Trips when enough of its parts are at their limits on the same bar: see `any_of` and `all_of`.

    Parts give their limits, `inclusive` and `missing`; what follows is the combined breaker's. Its number is how many
    parts are at their limits, and its limit how many it takes; not known where parts that are not known could decide.

    Parameters
    ----------
    limit : float
        How many parts.
    parts : tuple of Breaker
        What is combined; parts may be combined themselves.
    """

    parts: tuple[Breaker, ...] = field(kw_only=True)

    code = "COMBINED"

    def __post_init__(self) -> None:
        """Check what was given."""
        object.__setattr__(self, "parts", tuple(self.parts))
        if not self.parts or not all(isinstance(part, Breaker) for part in self.parts):
            raise InvalidInputError(f"parts must be breakers, at least one, got {self.parts!r}.")
        if check_count(self.limit, name="limit", minimum=1) > len(self.parts) or not self.inclusive:
            raise InvalidInputError(
                f"limit must be a number of parts, inclusive, got {self.limit!r} of {len(self.parts)}."
            )
        Breaker.__post_init__(self)

    def watches_account(self) -> bool:
        """Return whether the number of a part comes from the account's equity."""
        return any(part.watches_account() for part in self.parts)

    def members(self) -> tuple[Breaker, ...]:
        """Return the parts."""
        return self.parts

    def to_dict(self) -> dict[str, Any]:
        """Return the class and the parameters, the parts likewise."""
        return {**Breaker.to_dict(self), "parts": [part.to_dict() for part in self.parts]}


def any_of(
    *parts: Breaker,
    cooldown: Cooldown = 20,
    reentry: Reentry = "timer",
    stage: Stage = "liquidate",
    fraction: float = 0.5,
    priority: int = BreakerPriority.NORMAL,
    name: str = "",
) -> CombinedBreaker:
    """Return a breaker that trips when any of its parts is at its limit.

    Parameters
    ----------
    *parts : Breaker
        What is combined.
    cooldown : int, timedelta, or {"day", "week", "month"}
        As in `Breaker`.
    reentry : {"timer", "peak_reset", "shadow", "manual"}
        As in `Breaker`; "peak_reset" if a part watches the account.
    stage : {"warn", "reduce", "halt", "liquidate", "freeze"}
        As in `Breaker`.
    fraction : float
        As in `Breaker`.
    priority : int
        As in `Breaker`.
    name : str
        As in `Breaker`.

    Returns
    -------
    CombinedBreaker
        With one status and one cool-down for all.

    Raises
    ------
    InvalidInputError
        If there are no parts, or an argument breaks its rule.

    Examples
    --------
    >>> from riskresearch.breakers import DrawdownBreaker, LossStreakBreaker, any_of
    >>> any_of(DrawdownBreaker(0.1), LossStreakBreaker(5)).limit
    1
    """
    return CombinedBreaker(
        1, parts=parts, cooldown=cooldown, reentry=reentry, stage=stage, fraction=fraction, priority=priority, name=name
    )


def all_of(
    *parts: Breaker,
    cooldown: Cooldown = 20,
    reentry: Reentry = "timer",
    stage: Stage = "liquidate",
    fraction: float = 0.5,
    priority: int = BreakerPriority.NORMAL,
    name: str = "",
) -> CombinedBreaker:
    """Return a breaker that trips when all of its parts are at their limits on the same bar.

    Parameters
    ----------
    *parts : Breaker
        What is combined.
    cooldown : int, timedelta, or {"day", "week", "month"}
        As in `Breaker`.
    reentry : {"timer", "peak_reset", "shadow", "manual"}
        As in `Breaker`; "peak_reset" if a part watches the account.
    stage : {"warn", "reduce", "halt", "liquidate", "freeze"}
        As in `Breaker`.
    fraction : float
        As in `Breaker`.
    priority : int
        As in `Breaker`.
    name : str
        As in `Breaker`.

    Returns
    -------
    CombinedBreaker
        With one status and one cool-down for all.

    Raises
    ------
    InvalidInputError
        If there are no parts, or an argument breaks its rule.

    Examples
    --------
    >>> from riskresearch.breakers import DrawdownBreaker, LossStreakBreaker, all_of
    >>> all_of(DrawdownBreaker(0.1), LossStreakBreaker(5)).limit
    2
    """
    return CombinedBreaker(
        len(parts), parts=parts, cooldown=cooldown, reentry=reentry, stage=stage, fraction=fraction, priority=priority,
        name=name,
    )  # fmt: skip


def ladder(
    breaker: Breaker, *, rungs: Sequence[tuple[float, Stage] | tuple[float, Stage, float]], gap: float = 0.0
) -> tuple[Breaker, ...]:
    """Return one breaker for each rung: the higher the number, the stricter the stage.

    Every rung has its own cool-down and re-entry, so that a number that hovers about a limit does not open and close it
    at every bar; with "shadow" it must also come back inside the limit less `gap` of it.

    Parameters
    ----------
    breaker : Breaker
        What all rungs have in common; its limit, stage, fraction, rearm and name are replaced.
    rungs : sequence of (limit, stage) or (limit, "reduce", fraction)
        From the lowest limit to the highest, each stricter than the one before it.
    gap : float
        Hysteresis, a fraction of each limit in [0, 1), for `reentry="shadow"`.

    Returns
    -------
    tuple of Breaker
        To be put into a `BreakerSet`, where the strictest that is tripped decides.

    Raises
    ------
    InvalidInputError
        If the rungs do not rise, or a gap is given without "shadow".

    Examples
    --------
    >>> from riskresearch.breakers import DrawdownBreaker, ladder
    >>> rungs = ladder(DrawdownBreaker(1.0), rungs=[(0.05, "warn"), (0.1, "reduce", 0.5), (0.15, "liquidate")])
    >>> [rung.name for rung in rungs]
    ['DRAWDOWN 0.05', 'DRAWDOWN 0.1', 'DRAWDOWN 0.15']
    """
    if not 0.0 <= gap < 1.0 or (gap > 0.0 and breaker.reentry != "shadow"):
        raise InvalidInputError(f'gap must be in [0, 1), and 0 unless reentry="shadow", got {gap!r}.')
    made: list[Breaker] = []
    for rung in rungs:
        limit, stage, fraction = (*rung, 0.5)[:3]
        rearm = limit - gap * abs(limit) if gap else None
        made.append(
            replace(
                breaker, limit=limit, stage=stage, fraction=fraction, rearm=rearm, name=f"{breaker.label()} {limit:g}"
            )
        )
    ranks = [(rung.limit, STAGES[rung.stage], -rung.fraction if rung.stage == "reduce" else 0.0) for rung in made]
    if not made or any(not (a[0] < b[0] and a[1:] < b[1:]) for a, b in pairwise(ranks)):
        raise InvalidInputError(f"rungs must rise in limit and in strictness, got {list(rungs)!r}.")
    return tuple(made)
