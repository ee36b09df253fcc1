"""The rules that judge what is held, and not the order that leads there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from riskresearch.kernels.inlined import _trade_rules as rules
from riskresearch.pretrade.limits._risk_limits import ConditionalValueAtRisk, ValueAtRisk

if TYPE_CHECKING:
    from riskresearch.pretrade.limits._limit import Limit
    from riskresearch.pretrade.limits._rule import Rule

OF_HOLDINGS = (rules.POSITION, rules.SUM, rules.LARGE_GROUPS, rules.COUNT)
OF_STRATEGY = "strategy"


@dataclass(frozen=True, slots=True, eq=False)
class HeldRule:
    """One rule that judges what is held: a rule of the kernel, or a limit that is judged on scenarios."""

    place: int
    """Place of its limit."""
    limit: Any
    rule: Rule | None

    @property
    def counted(self) -> bool:
        return self.rule is not None and self.rule.counted

    @property
    def name(self) -> str:
        """The code of its limit, with its name and what tells it from other rules of the limit."""
        more = [self.limit.name, "" if self.rule is None else self.rule.label]
        return f"{self.limit.code.name} ({', '.join(filter(None, more))})" if any(more) else str(self.limit.code.name)


def judges_holdings(limit: Limit) -> bool:
    """Return whether a limit judges what is held, and not an order."""
    if isinstance(limit, ValueAtRisk | ConditionalValueAtRisk):
        return not limit.increase
    return any(rule.kind in OF_HOLDINGS for rule in limit.rules())


def held_rules(limits: Sequence[Limit]) -> list[HeldRule]:
    """Return the rules of limits that judge what is held."""
    return [HeldRule(place, limit, rule) for place, limit in enumerate(limits) for rule in limit.rules() or (None,)]
