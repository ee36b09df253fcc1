"""The state of running breakers as plain data and back, and where each stands."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from riskresearch.breakers._kept_time import time_of, time_state
from riskresearch.breakers._types import BreakerMetrics, BreakerStatus
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._saved_state import check_seal, check_version, plain, revived, sealed
from riskresearch.kernels.compiled import _breaker as kernel

if TYPE_CHECKING:
    from riskresearch.breakers._breaker import Breaker, RunningBreakers

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
    """Return the state of `running` as strict JSON holds it."""
    held = snapshot(running)
    return sealed(
        {
            "version": STATE_VERSION, "breakers": _definitions(running), **held, "time": time_state(running.time),
            "machines": plain(held["machines"], name="machines"),
            "watches": plain(held["watches"], name="the state of a step"),
            "units": {name: state_of(unit) for name, unit in running.units.items()},
        }
    )  # fmt: skip


def restore(running: RunningBreakers, data: Mapping[str, Any]) -> None:
    """Put in what `state_of` returned for the same breakers; a state that is refused changes nothing."""
    states = list(_read(running, data))
    for part, held in states:
        put(part, held)


def snapshot(running: RunningBreakers) -> dict[str, Any]:
    """Return all that `running` carries from bar to bar but its units, as Python holds it."""
    return {
        "bar": running.bar, "time": running.time, "calendar": running.calendar and running.calendar.state(),
        "trips": list(running.trips), "decider": running.engine.decider, "exposure": running.engine.exposure,
        "machines": [_machine_state(machine) for machine in running.machines],
        "watches": [watch.state() for watch in running.watches],
    }  # fmt: skip


def put(running: RunningBreakers, held: Mapping[str, Any]) -> None:
    """Put in what `snapshot` returned."""
    running.bar, running.time, running.trips = float(held["bar"]), held["time"], list(held["trips"])
    if running.calendar is not None:
        running.calendar.restore(held["calendar"])
    for machine, state in zip(running.machines, held["machines"], strict=True):
        _restore_machine(machine, state)
    for watch, state in zip(running.watches, held["watches"], strict=True):
        watch.restore(state)
    running.engine.decider, running.engine.exposure = held["decider"], held["exposure"]
    running.settle()


def _definitions(running: RunningBreakers) -> list[Any]:
    return [plain(breaker.to_dict(), name=f"breaker {breaker.label()!r}") for breaker in running.breakers]


def _read(running: RunningBreakers, data: Any) -> Iterator[tuple[RunningBreakers, dict[str, Any]]]:
    """Return what to put where, of `running` and its units, once it is known to be whole and theirs."""
    check_version(data, version=STATE_VERSION)
    units = data.get("units")
    same = _canonical(data.get("breakers")) == _canonical(_definitions(running))
    if not same or not isinstance(units, Mapping) or set(units) != set(running.units):
        raise InvalidInputError(
            "data must be the state of the same breakers with the same parameters and units; start others anew."
        )
    check_seal(data)
    try:
        held = {name: data[name] for name in ("bar", "calendar", "trips", "decider", "exposure")}
        held |= {name: revived(data[name]) for name in ("machines", "watches")}
        held["time"] = time_of(data["time"])
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidInputError(f"data must be a state as to_dict returned it, got one without {error}.") from error
    yield running, held
    for name, unit in running.units.items():
        yield from _read(unit, units[name])


def _canonical(definitions: Any) -> Any:
    """Return definitions such that 1 and True, and text and numbers, differ."""
    return json.dumps(definitions, sort_keys=True, default=repr)


def _machine_state(machine: kernel.Machine) -> list[Any]:
    return [[getattr(machine, name) for name in NUMBERS], [_machine_state(part) for part in machine.parts]]


def _restore_machine(machine: kernel.Machine, state: list[Any]) -> None:
    for name, number in zip(NUMBERS, state[0], strict=True):
        setattr(machine, name, number)
    for part, own in zip(machine.parts, state[1], strict=True):
        _restore_machine(part, own)


def revived_from(
    kind: type[RunningBreakers],
    breakers: tuple[Breaker, ...],
    unit: str,
    units: Mapping[str, RunningBreakers],
    held: Mapping[str, Any],
) -> RunningBreakers:
    """Return running breakers that go on from a `snapshot` by themselves: shared units would be disturbed."""
    running = kind(breakers, unit=unit, units=deepcopy(dict(units)))
    put(running, held)
    return running
