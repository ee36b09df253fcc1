"""The verdict on one order, and how reasons are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import floor, log10
from typing import TYPE_CHECKING, Any, NamedTuple

from riskresearch.core.output._tables import as_html
from riskresearch.kernels.inlined import _trade_rules as rules
from riskresearch.pretrade._codes import LimitCode, Outcome
from riskresearch.pretrade.limits._limit import check_denominator
from riskresearch.pretrade.limits._position_limits import NEEDS
from riskresearch.pretrade.orders._orders import number_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from riskresearch.core._records import Order

AT_LEAST = ("DUPLICATE_ORDER", "MINIMUM_TRADE")
"""Codes of limits that are broken below."""
DIGITS = 6
MOST_DIGITS = 18
FLAG_NAMES = ("allowed", "not allowed")
STATE_NAMES = ("ACTIVE", "REDUCING", "HALTED", "FROZEN")
NO_LIMIT = ('a limit for it, or "*" for all that are not named',)
FAULTS = {
    LimitCode.INVALID_ORDER: "units must be finite and not zero, and a limit price finite and positive",
    LimitCode.UNKNOWN_ASSET: "the book does not name the asset",
    LimitCode.UNKNOWN_ACCOUNT: "the book is that of another account",
    LimitCode.BATCH: "another order of the batch is denied",
}


class Reason(NamedTuple):
    """What one rule measured of one order."""

    code: str
    name: str
    """Name of the limit, or what tells its rules apart; may be empty."""
    outcome: Outcome
    value: float
    limit: float
    counted_in: str = "number"
    needs: tuple[str, ...] = ()
    """Arguments of the book that the rule reads."""
    warn: float | None = None
    """Above it the limit warns; None where it does not, or by asset or group."""

    def __str__(self) -> str:
        """Return `CODE: value=..., limit=...`, what is missing where a number is not known, and a warning as such."""
        label = f"{self.code} ({self.name})" if self.name else self.code
        value, limit = shown_pair(self.value, self.limit, self.counted_in)
        text = f"{label}: value={value}, limit={'at least ' if self.code in AT_LEAST else ''}{limit}"
        if self.value != self.value or self.limit != self.limit:
            text += f" (needs {', '.join(self.needs)})" if self.needs else " (not known)"
        if self.outcome == Outcome.WARN:
            text += " (warning)" if self.warn is None else f" (warning above {shown_value(self.warn, self.counted_in)})"
        return text


class Text(NamedTuple):
    """What is written of a rule, whatever it measures."""

    row: int
    """Among the rules of the kernel, then those outside."""
    code: str
    name: str
    counted_in: str
    needs: tuple[str, ...]
    warn: float | None
    by_name: bool = False
    """Whether its limits are by asset or group, so that one may have none."""


class Measured(NamedTuple):
    """Numbers, limits and grades of the rules for one order."""

    texts: tuple[Text, ...]
    values: list[float]
    bounds: list[float]
    grades: list[int]

    def reasons(self, least: Outcome = Outcome.PASS) -> tuple[Reason, ...]:
        """Return what each rule measured, in the order of the checker; of those that did at least this."""
        return tuple(
            Reason(
                text.code, text.name, Outcome(int(self.grades[text.row])), self.values[text.row],
                1.0 if text.counted_in == "state" else self.bounds[text.row], text.counted_in,
                self._needs(text), text.warn,
            )
            for text in self.texts if self.grades[text.row] >= least
        )  # fmt: skip

    def _needs(self, text: Text) -> tuple[str, ...]:
        """Return what a rule reads; where it measured a value and has no limit for it, the limit."""
        value, bound = self.values[text.row], self.bounds[text.row]
        return NO_LIMIT if text.by_name and value == value and bound != bound else text.needs


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Verdict:
    """What becomes of one order, and why.

    Attributes
    ----------
    outcome : Outcome
        PASS, WARN, CLIP or DENY.
    units : float
        Signed units that may be sent; 0 if it is denied.
    denied, warned : LimitCode
        What denies the order, or cuts it, and what warns of it.
    order : Order
        The order.
    """

    outcome: Outcome
    units: float
    denied: LimitCode
    warned: LimitCode
    order: Order
    _measured: Measured | tuple[Reason, ...] = ()

    @property
    def measured(self) -> tuple[Reason, ...]:
        """What each rule measured, whether it passes or not."""
        found = self._measured
        if isinstance(found, Measured):
            found = found.reasons()
            object.__setattr__(self, "_measured", found)
        return found

    @property
    def passes(self) -> bool:
        """Whether the whole order may be sent."""
        return self.outcome <= Outcome.WARN

    @property
    def codes(self) -> tuple[str, ...]:
        """Names of what denies the order, or cuts it."""
        return tuple(code.name or "" for code in LimitCode if self.denied & code)

    @property
    def reasons(self) -> tuple[str, ...]:
        """A line for each rule that denies, cuts or warns, with both numbers."""
        faults = [f"{code.name}: {text}" for code, text in FAULTS.items() if self.denied & code]
        return (*faults, *(str(each) for each in self.measured if each.outcome != Outcome.PASS))

    def explain(self) -> str:
        """Return the outcome and the reasons as text."""
        order, units = self.order, f"{number_of(self.order.units, 'units'):+,.10g}"
        first = f"{self.outcome.name} {units} {order.asset}"
        if self.outcome == Outcome.CLIP:
            first += f", {self.units:+,.10g} may be sent"
        return "\n".join([first, *(f"  {reason}" for reason in self.reasons)])

    def summary(self) -> str:
        """Return the outcome and the reasons as text."""
        return self.explain()

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each rule: code, name, outcome, value and limit."""
        import pandas as pd  # noqa: PLC0415 (a monitor may never need it)

        rows = [(each.code, each.name, each.outcome.name, each.value, each.limit) for each in self.measured]
        return pd.DataFrame(rows, columns=["code", "name", "outcome", "value", "limit"])

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw how much of each limit is used after the order.

        Parameters
        ----------
        ax : Axes, optional
            Where to draw; a new figure if None.
        """
        import pandas as pd  # noqa: PLC0415 (a monitor may never need it)

        from riskresearch.plots import plot_used  # noqa: PLC0415 (loads matplotlib)

        known = [each for each in self.measured if each.value == each.value and each.limit > 0.0]
        used = pd.Series([each.value / each.limit for each in known], index=[each.code for each in known], dtype=float)
        return plot_used(used, title=f"{self.outcome.name}: how much of each limit is used", ax=ax)

    def _repr_html_(self) -> str:
        return as_html(self.explain())

    def __repr__(self) -> str:
        wanted = number_of(self.order.units, "units")
        return f"Verdict({self.outcome.name}, {self.units:+,.10g} of {wanted:+,.10g} {self.order.asset})"


def shown_value(value: float, counted_in: str, digits: int = DIGITS) -> str:
    """Return a value or a limit as text, with at least so many significant digits where it has them."""
    if value != value:
        return "unknown"
    if counted_in == "state" and value == int(value) and 0 <= value < len(STATE_NAMES):
        return STATE_NAMES[int(value)]
    if counted_in == "flag":
        return FLAG_NAMES[value > 0.0]
    size = abs(value)
    if size != 0.0 and not 1e-4 <= size < 1e15:
        return f"{value:.{digits}g}"
    decimals = max(0, digits - 1 - floor(log10(size))) if size else 0
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def shown_pair(value: float, limit: float, counted_in: str) -> tuple[str, str]:
    """Return a value and its limit as text, with as many digits as tell them apart."""
    for digits in range(DIGITS, MOST_DIGITS):
        shown = shown_value(value, counted_in, digits), shown_value(limit, counted_in, digits)
        if shown[0] != shown[1] or value == limit:
            break
    return shown


def texts_of(plan: Any) -> tuple[Text, ...]:
    """Return what is written of each rule of a plan, in the order of the checker."""
    found: list[tuple[int, Text]] = []
    for row, (place, rule) in enumerate(plan.rules):
        limit = plan.limits[place]
        name = limit.name if not rule.label else f"{limit.name} {rule.label}".strip()
        needs = tuple(dict.fromkeys(rule.needs))
        if limit.scope == "strategy" and rules.POSITION <= rule.kind < rules.TURNOVER:
            needs = (*needs, "strategy_units")
        by_name = rule.kind not in (rules.BUYING_POWER, rules.SHORT_SALE) and any(
            isinstance(each, Mapping) or getattr(each, "source", "") in ("given", "group")
            for each in (rule.deny, rule.table)
        )
        found.append((place, Text(row, limit.code.name, name, limit.counted_in, needs, _warning(limit), by_name)))
    for row, (place, limit) in enumerate(plan.other.limits if plan.other is not None else (), len(plan.rules)):
        custom = limit.code == LimitCode.CUSTOM
        needs = () if custom else ("scenarios", *NEEDS[check_denominator(limit.denominator)[0]])
        found.append((place, Text(row, limit.code.name, limit.name, limit.counted_in, needs, _warning(limit))))
    found.sort(key=lambda each: each[0])
    return tuple(text for _, text in found)


def _warning(limit: Any) -> float | None:
    return float(limit.warn) if isinstance(limit.warn, int | float) else None


def measured_of(plan: Any, arrays: Mapping[str, Any], row: int) -> Measured:
    """Return what each rule of a plan measured, of the order in one row of the arrays."""
    names, other = ("values", "bounds", "grades"), plan.other
    numbers = [arrays[name][row].tolist() for name in names]
    if other is not None:
        numbers = [own + getattr(other, name)[row].tolist() for name, own in zip(names, numbers, strict=True)]
    return Measured(plan.texts, *numbers)
