"""Types of circuit breakers: statuses, stages, priorities, events, metrics and observers."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from enum import IntEnum
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from riskresearch.core._records import Bar, TradingState as TradingState

if TYPE_CHECKING:
    import pandas as pd

    from riskresearch.core._types import FloatVector


class BreakerStatus(IntEnum):
    """Where a breaker stands. TRIPPED waits for something to happen, COOLING_DOWN only for time to pass."""

    ARMED = 0
    TRIPPED = 1
    COOLING_DOWN = 2


class BreakerStage(IntEnum):
    """What a tripped breaker does, the strictest last."""

    NONE = 0
    WARN = 1
    """Records an event and nothing else."""
    REDUCE = 2
    """Targets are multiplied by the breaker's fraction."""
    HALT = 3
    """No new exposure; orders that only reduce pass."""
    LIQUIDATE = 4
    """Everything is sold; orders that only reduce pass."""
    FREEZE = 5
    """Nothing trades, not even what would reduce."""


STAGES = {stage.name.lower(): stage for stage in BreakerStage if stage}
Stage: TypeAlias = Literal["warn", "reduce", "halt", "liquidate", "freeze"]
Scope: TypeAlias = Literal["portfolio", "strategy", "asset", "side"]


class BreakerPriority(IntEnum):
    """Who decides when breakers are tripped together: the highest; among equals the strictest. Any number will do."""

    LOW = 0
    NORMAL = 50
    HIGH = 100
    REGULATORY = 200
    EXCHANGE = 300


class BreakerEvent(NamedTuple):
    """One change of one breaker, with both numbers."""

    time: Any
    """The bar's time, or its number where bars have none."""
    breaker: str
    event: str
    """"trip", "re-arm" or "release" (by hand)."""
    code: str
    value: float
    limit: float
    stage: str
    scope: str = "portfolio"
    unit: str = ""
    """Which asset, strategy or side; empty for the portfolio."""

    def __str__(self) -> str:
        """Return `CODE: value=..., limit=...` with time and name."""
        return f"{self.time} {self.breaker} {self.event} {self.code}: value={self.value:.6g}, limit={self.limit:.6g}"


class BreakerMetrics(NamedTuple):
    """Where one breaker stands, for a monitor."""

    breaker: str
    code: str
    status: BreakerStatus
    value: float
    """The number of the last bar; nan if it was not known."""
    limit: float
    headroom: float
    """Limit less value."""
    trips: int
    since: float
    """The moment the status is counted from, on the breaker's clock."""


class Observer:
    """Reads the fields of a bar that a breaker uses, and passes them through its trigger.

    `prepare`, where there is one, is called with the same bar before `observe`; it may refuse it, and changes no state.
    `opening`, where there is one, is observed next, and is what the number may do: see the kernel.
    """

    __slots__ = ("fields", "observe", "trigger")
    prepare: Callable[[Bar], None] | None = None
    opening: Observer | None = None

    def __init__(self, names: tuple[str, ...], trigger: Any = None) -> None:
        self.fields, self.trigger = names, trigger
        get: Callable[[Bar], Any] = attrgetter(*names)
        self.observe: Callable[[Bar], float] = get
        if trigger is not None and len(names) == 2:
            self.observe = lambda bar: trigger.step(*get(bar))
        elif trigger is not None:
            self.observe = lambda bar: trigger.step(get(bar), get(bar))

    def fill(self, columns: Mapping[str, FloatVector], numbers: FloatVector) -> None:
        """Fill `numbers` with what `observe` returns for each bar of `columns`, both of shape (rows,)."""
        if self.trigger is None:
            numbers[:] = columns[self.fields[0]]
        else:
            self.trigger.run(columns[self.fields[0]], columns[self.fields[-1]], numbers)

    def state(self) -> Any:
        """Return the memory as plain numbers and lists."""
        trigger = self.trigger
        return trigger and [trigger.filled, trigger.last, trigger.count, list(trigger.memory)]

    def restore(self, state: Any) -> None:
        """Set the memory that `state` returned."""
        if self.trigger is not None:
            self.trigger.filled, self.trigger.last, self.trigger.count = state[:3]
            self.trigger.memory[:] = array("d", state[3])


def events_frame(events: Sequence[BreakerEvent]) -> pd.DataFrame:
    """Return a table of events, one row each.

    Parameters
    ----------
    events : sequence of BreakerEvent
        In any order, which is kept.

    Returns
    -------
    DataFrame
        With the fields of `BreakerEvent` as columns.

    Raises
    ------
    ImportError
        If pandas is missing.

    Examples
    --------
    >>> from riskresearch.breakers import BreakerEvent, events_frame
    >>> events_frame([BreakerEvent(7, "stop", "trip", "DRAWDOWN", 0.12, 0.1, "liquidate")]).loc[0, "value"].item()
    0.12
    """
    import pandas as pd  # noqa: PLC0415 (a monitor may never need it)

    return pd.DataFrame(list(events), columns=list(BreakerEvent._fields))
