"""The state of running breakers as plain data and back, and where each stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from riskresearch.breakers._kept_time import time_of, time_state
from riskresearch.breakers._types import BreakerMetrics, BreakerStatus
from riskresearch.core._errors import InvalidInputError
from riskresearch.kernels import _breaker as kernel

if TYPE_CHECKING:
    from riskresearch.breakers._breaker import RunningBreakers

STATE_VERSION = 2
NUMBERS = ("status", "since", "value", "begun", "peak", "last", "shadow", "shadow_peak")


def metrics_of(running: RunningBreakers) -> tuple[BreakerMetrics, ...]:
    """Return where each breaker stands, those of units last."""
    own = tuple(
        BreakerMetrics(
            breaker.label(), breaker.code.value, BreakerStatus(machine.status), machine.value, breaker.limit,
            breaker.limit - machine.value, trips, machine.since,
        )
        for breaker, machine, trips in zip(running.breakers, running.machines, running.trips, strict=True)
    )  # fmt: skip
    return own + tuple(metric for unit in running.units.values() for metric in metrics_of(unit))


def state_of(running: RunningBreakers) -> dict[str, Any]:
    """Return the state of `running`."""
    return {
        "version": STATE_VERSION,
        "breakers": [breaker.to_dict() for breaker in running.breakers],
        "bar": running.bar, "time": time_state(running.time),
        "calendar": running.calendar and running.calendar.state(), "trips": list(running.trips),
        "decider": running.engine.decider, "exposure": running.engine.exposure,
        "machines": [_machine_state(machine) for machine in running.machines],
        "watches": [watch.state() for watch in running.watches],
        "units": {name: state_of(unit) for name, unit in running.units.items()},
    }  # fmt: skip


def restore(running: RunningBreakers, data: Mapping[str, Any]) -> None:
    """Put what `state_of` returned into a freshly started `running`."""
    if data.get("version") != STATE_VERSION:
        raise InvalidInputError(f"version must be {STATE_VERSION}, got {data.get('version')!r}.")
    same = data["breakers"] == [breaker.to_dict() for breaker in running.breakers]
    if not same or set(data["units"]) != set(running.units):
        raise InvalidInputError(
            "data must be the state of the same breakers with the same parameters and units; start others anew."
        )
    running.bar, running.time, running.trips = data["bar"], time_of(data["time"]), list(data["trips"])
    if running.calendar is not None:
        running.calendar.restore(data["calendar"])
    for machine, state in zip(running.machines, data["machines"], strict=True):
        _restore_machine(machine, state)
    for watch, state in zip(running.watches, data["watches"], strict=True):
        watch.restore(state)
    running.engine.decider, running.engine.exposure = data["decider"], data["exposure"]
    running.settle()
    for name, unit in running.units.items():
        restore(unit, data["units"][name])


def _machine_state(machine: kernel.Machine) -> list[Any]:
    return [[getattr(machine, name) for name in NUMBERS], [_machine_state(part) for part in machine.parts]]


def _restore_machine(machine: kernel.Machine, state: list[Any]) -> None:
    for name, number in zip(NUMBERS, state[0], strict=True):
        setattr(machine, name, number)
    for part, own in zip(machine.parts, state[1], strict=True):
        _restore_machine(part, own)
