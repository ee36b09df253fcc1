"""What a limit asks of the kernel: a rule, the tables that it reads and the sum that it judges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from riskresearch.kernels.inlined import _trade_rules as rules

OTHERS = "*"
"""In a mapping by asset, the number of those that it does not name."""
SCOPES = {"account": rules.ACCOUNT, "strategy": rules.STRATEGY, "asset": rules.ASSET}


class ByName(Mapping[str, Any]):
    """A mapping that is hashed by value and does not change.

    Parameters
    ----------
    values : mapping
        What it holds; keys become text.
    """

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[Any, Any]) -> None:
        self._values = {str(key): value for key, value in values.items()}

    def __getitem__(self, key: str) -> Any:
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return hash(frozenset(self._values.items()))

    def __repr__(self) -> str:
        return repr(self._values)

    def __reduce__(self) -> tuple[Any, ...]:
        return ByName, (self._values,)


Threshold: TypeAlias = "float | Mapping[str, float]"


@dataclass(frozen=True, slots=True)
class Table:
    """Numbers by asset: of the book, given by the limit, or flags of those that a limit names."""

    source: str
    """"book", "given", "listed", "allowed", "state", "session", "group"."""
    key: Any = None
    """Name in the book, or what was given."""


@dataclass(frozen=True, slots=True)
class Total:
    """A sum over positions: "gross", "net", "beta", "factor", "group", "margin" or "shock"."""

    kind: str
    key: Any = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the kernel; see `kernels.inlined._trade_rules` for its numbers."""

    kind: int
    needs: tuple[str, ...] = ()
    """Arguments of the book that it reads, for messages."""
    label: str = ""
    """What tells it from the other rules of its limit."""
    deny: Any = 0.0
    warn: Any = None
    counted: bool = False
    """Whether the value is a number of units or a count, and no money or ratio."""
    exempt: bool = True
    """Whether what only reduces passes."""
    unit: int = rules.UNITS
    per: int = rules.NOTHING
    given: float = 1.0
    table: Table | None = None
    second: Table | None = None
    total: Total | None = None
    window: float = 0.0
    """Seconds."""
    option: int = 0

    @property
    def is_flagged(self) -> bool:
        """Whether the rule has a number for each order, and none by asset."""
        return self.table is not None and self.table.source in ("session", "strategy state")


def threshold_for(threshold: Any, asset: str) -> float:
    """Return the threshold of an asset, nan where a mapping names neither it nor the others."""
    if isinstance(threshold, Mapping):
        return float(threshold.get(asset, threshold.get(OTHERS, float("nan"))))
    return float(threshold)
