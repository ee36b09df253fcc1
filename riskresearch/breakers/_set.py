"""Sets of breakers, also from plain data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from riskresearch import breakers as public
from riskresearch.breakers._breaker import Breaker
from riskresearch.breakers._limits import cooldown_of, cooldown_text
from riskresearch.breakers._running import RunningBreakers
from riskresearch.breakers._state import resumed
from riskresearch.core._checks import shown
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._records import NAN, SIDES
from riskresearch.core._saved_state import check_version, plain, revived
from riskresearch.core.output._tables import Table, as_html, as_text, table

if TYPE_CHECKING:
    import pandas as pd

VERSION = 1


def _flat(items: Iterable[object]) -> Iterator[Breaker]:
    for item in items:
        if isinstance(item, Breaker):
            yield item
        elif isinstance(item, list | tuple | BreakerSet):
            yield from _flat(item)
        else:
            remedy = (
                f"Give it its parameters: {item.__name__}(...)." if isinstance(item, type) and issubclass(item, Breaker)
                else "A stop at 10 % for 20 bars is DrawdownBreaker(0.10, cooldown=20)."
            )  # fmt: skip
            raise InvalidInputError(f"breakers must be breakers, or sequences of them, got {shown(item)}. {remedy}")


@dataclass(frozen=True, slots=True, repr=False)
class BreakerSet:
    """Breakers that act together; a plain list of them, checked.

    Among tripped breakers of one scope the highest priority decides, among equals the strictest stage, then the least
    fraction: never the order in the list. Those that only warn decide nothing. Scopes act one after another: a unit
    trades within what its own breakers and the portfolio's allow.

    Parameters
    ----------
    breakers : Breaker, BreakerSet or sequence of them
        Sequences in it, such as a `ladder`, are unpacked. Names must differ; by default they are the codes.

    Examples
    --------
    >>> from riskresearch.breakers import BreakerSet, DrawdownBreaker, LossStreakBreaker
    >>> from riskresearch.core import Bar
    >>> breakers = BreakerSet([DrawdownBreaker(0.1, stage="halt"), LossStreakBreaker(2, stage="reduce")])
    >>> running = breakers.start(equity=100.0)
    >>> running.update(Bar(equity=89.0, strategy_return=-0.11)).deciding_breaker
    'DRAWDOWN'
    """

    breakers: tuple[Breaker, ...]

    def __init__(self, breakers: Sequence[Breaker | Iterable[Breaker]] | Breaker | BreakerSet) -> None:
        items = tuple(_flat((breakers,)))
        labels = [item.label() for item in items]
        twice = next((label for label in labels if labels.count(label) > 1), None)
        if twice is not None:
            raise InvalidInputError(
                f"breakers must have names that differ, but two are called {twice!r}: give a name=."
            )
        object.__setattr__(self, "breakers", items)

    def of_scope(self, scope: str) -> tuple[Breaker, ...]:
        """Return the breakers of "portfolio", "strategy", "asset" or "side" scope."""
        return tuple(item for item in self.breakers if item.scope == scope)

    def start(
        self, *, equity: float = NAN, assets: Sequence[str] = (), strategies: Sequence[str] = ()
    ) -> RunningBreakers:
        """Return the set running, armed.

        Parameters
        ----------
        equity : float
            The account's before the first bar, so that a loss on the first bar counts; nan uses that of the first bar.
        assets, strategies : sequence of str
            Names of the units of breakers of these scopes, as in `Bar.units`.
        """
        started = {"assets": [*map(str, assets)], "strategies": [*map(str, strategies)]}
        units: dict[str, RunningBreakers] = {}
        for scope, names in (("asset", assets), ("strategy", strategies), ("side", SIDES)):
            own = self.of_scope(scope)
            if own and not names:
                given = "assets" if scope == "asset" else "strategies"
                raise InvalidInputError(
                    f"{given} must name the units of {own[0].label()!r}, which has scope {scope!r}."
                )
            for name in map(str, names if own else ()):
                if name in units:
                    raise InvalidInputError(
                        "assets and strategies must differ as text, and from 'long' and 'short' where a breaker has "
                        f"scope 'side', got {name!r} twice."
                    )
                units[name] = RunningBreakers(own, definition=self, started=started, unit=name)
        return RunningBreakers(self.of_scope("portfolio"), definition=self, started=started, equity=equity, units=units)

    def start_on_account(self, columns: Sequence[str], *, equity: float) -> RunningBreakers:
        """Return the set running for one account, armed; breakers of strategy scope watch it as the portfolio's do.

        Parameters
        ----------
        columns : sequence of str
            Names of the account's columns, which breakers of asset scope watch.
        equity : float
            The account's before the first bar.
        """
        own, sides, started = self.of_scope("asset"), self.of_scope("side"), {"columns": [*map(str, columns)]}
        of_unit = {
            **dict.fromkeys(map(str, columns if own else ()), own),
            **dict.fromkeys(SIDES if sides else (), sides),
        }
        taken = sorted(set(SIDES).intersection(map(str, columns))) if sides else []
        if taken:
            raise InvalidInputError(
                f"columns must not be called 'long' or 'short' for breakers of scope 'side', got {taken[0]!r}."
            )
        units = {
            name: RunningBreakers(ones, definition=self, started=started, unit=name) for name, ones in of_unit.items()
        }
        on_account = (*self.of_scope("portfolio"), *self.of_scope("strategy"))
        return RunningBreakers(on_account, definition=self, started=started, equity=equity, units=units)

    def restart(self, **started: Any) -> RunningBreakers:
        """Return the set running, armed, with the arguments of `start` or of `start_on_account`."""
        return self.start_on_account(**started) if "columns" in started else self.start(**started)

    def resume(self, state: Mapping[str, Any]) -> RunningBreakers:
        """Return the set running from where `RunningBreakers.to_dict` stored it.

        Parameters
        ----------
        state : mapping
            The state of the same breakers with the same parameters; any other is refused.
        """
        running: RunningBreakers = resumed(self, state)
        return running

    def to_dict(self) -> dict[str, Any]:
        """Return the definitions as strict JSON holds them, with a version."""
        definitions = [plain(item.to_dict(), name=f"breaker {item.label()!r}") for item in self.breakers]
        return {"version": VERSION, "breakers": definitions}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], *, steps: Mapping[str, Callable[..., Any]] | None = None) -> BreakerSet:
        """Return the set that `to_dict` described.

        Parameters
        ----------
        data : mapping
            What `to_dict` returned.
        steps : mapping of str to callable, optional
            The steps of custom breakers by the name that `to_dict` gave them.
        """
        check_version(data, version=VERSION)
        if not isinstance(data.get("breakers"), list | tuple):
            raise InvalidInputError(f"data must have a list of breakers, got {data.get('breakers')!r}.")
        return cls([_made(item, steps or {}) for item in data["breakers"]])

    def to_frame(self) -> pd.DataFrame:
        """Return one row per breaker: name, code, limit and what follows."""
        import pandas as pd  # noqa: PLC0415 (a monitor may never need it)

        names = (
            "limit",
            "inclusive",
            "cooldown",
            "reentry",
            "rearm",
            "stage",
            "fraction",
            "scope",
            "priority",
            "missing",
        )
        rows = [{"code": item.code, **{name: getattr(item, name) for name in names}} for item in self.breakers]
        return pd.DataFrame(rows, index=pd.Index([item.label() for item in self.breakers], name="breaker"))

    def summary(self) -> str:
        """Return one line per breaker."""
        return as_text(self._table())

    def _table(self) -> Table:
        rows = [
            (
                item.label(),
                item.code,
                f"{'at' if item.inclusive else 'beyond'} {item.limit:g}",
                str(item.stage),
                cooldown_text(item.cooldown),
                item.reentry,
                str(item.scope),
                str(int(item.priority)),
            )
            for item in self.breakers
        ]
        return table(["breaker", "code", "limit", "stage", "cool-down", "re-entry", "scope", "priority"], rows)

    def __repr__(self) -> str:
        return f"BreakerSet({', '.join(item.label() for item in self.breakers)})"

    def _repr_html_(self) -> str:
        return as_html(self._table())

    def __len__(self) -> int:
        return len(self.breakers)

    def __iter__(self) -> Iterator[Breaker]:
        return iter(self.breakers)


def _made(data: Any, steps: Mapping[str, Callable[..., Any]]) -> Breaker:
    if not isinstance(data, Mapping):
        raise InvalidInputError(f"breakers must be mappings as to_dict returned them, got {data!r}.")
    values = dict(data)
    name = values.pop("class", None)
    kind = getattr(public, name, None) if isinstance(name, str) else None
    if not (isinstance(kind, type) and issubclass(kind, Breaker) and kind is not Breaker):
        raise InvalidInputError(f"class must be the name of a public breaker, such as DrawdownBreaker, got {name!r}.")
    known = {item.name for item in fields(kind)}
    unknown = sorted(str(given) for given in set(values) - known)
    if unknown:
        raise InvalidInputError(f"data must hold parameters of {name}, got {unknown[0]!r}.")
    missing = sorted(known - set(values))
    if missing:
        raise InvalidInputError(f"data must hold all parameters of {name}, and lacks {missing[0]!r}.")
    try:
        return kind(**_parameters(values, steps))
    except (TypeError, AttributeError, KeyError, ValueError) as error:
        if isinstance(error, InvalidInputError):
            raise
        raise InvalidInputError(f"data must hold parameters of {name} as to_dict returned them: {error}.") from error


def _parameters(values: dict[str, Any], steps: Mapping[str, Callable[..., Any]]) -> dict[str, Any]:
    """Return parameters in the form of the constructor."""
    values["cooldown"] = cooldown_of(values["cooldown"])
    if isinstance(values.get("window"), Mapping):
        values["window"] = timedelta(seconds=values["window"]["seconds"])
    if "parts" in values:
        values["parts"] = tuple(_made(part, steps) for part in values["parts"])
    if "initial" in values:
        values["initial"] = revived(values["initial"])
    if "step" in values:
        if values["step"] not in steps:
            raise InvalidInputError(f"steps must have the step {values['step']!r} of a custom breaker.")
        values["step"] = steps[values["step"]]
    return values
