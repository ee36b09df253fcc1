"""How far each limit is, how many units may be traded, and what orders would do to what the limits measure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from riskresearch.core._records import Order
from riskresearch.core.output._formats import count, percent_1
from riskresearch.core.output._tables import as_html, as_text, table
from riskresearch.kernels.inlined import _trade_rules as rules
from riskresearch.pretrade._codes import names_of
from riskresearch.pretrade.checker._standing import Standing
from riskresearch.pretrade.checker._verdict import shown_value
from riskresearch.pretrade.orders._orders import Orders

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from riskresearch.core.output._tables import Block
    from riskresearch.pretrade.checker._bench import Bench

MOST_UNITS = 2.0**50
COLUMNS = ("code", "name", "where", "value", "limit", "headroom", "used")
OF_ORDERS = frozenset({
    "PARTICIPATION", "MINIMUM_TRADE", "LOT_SIZE", "ORDER_UNITS", "ORDER_NOTIONAL", "PRICE_COLLAR", "TICK_SIZE",
    "DUPLICATE_ORDER", "SELF_TRADE", "RESTRICTED_LIST", "ALLOWED_LIST", "SESSION", "SHORT_SALE", "CUSTOM",
})  # fmt: skip
"""Codes of limits of single orders, which measure nothing of a book."""
WHAT_IF = ("code", "name", "where", "before", "after", "limit", "broken", "counted_in")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Headroom:
    """How far each limit is from the book as it stands, working orders in their worst case.

    Attributes
    ----------
    limits : DataFrame
        One row a rule: code, name, where it is nearest, value, limit, headroom (limit less value) and used (value over
        limit). A limit of single orders has no value.
    units : DataFrame
        One row an asset: the most that may be bought and sold, and the codes of what denies one step more.
    """

    limits: pd.DataFrame
    units: pd.DataFrame

    def to_frame(self) -> pd.DataFrame:
        """Return one row a rule: code, name, where it is nearest, value, limit, headroom and used."""
        return self.limits.copy()

    def summary(self) -> str:
        """Return limits and units as text."""
        return as_text(*self._blocks())

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw how much of each limit is used.

        Parameters
        ----------
        ax : Axes, optional
            Where to draw; a new figure if None.
        """
        from riskresearch.plots import plot_used  # noqa: PLC0415 (loads matplotlib)

        known = self.limits[self.limits["used"].notna()]
        names = [" ".join(filter(None, texts)) for texts in known[["code", "name", "where"]].itertuples(index=False)]
        return plot_used(known["used"].set_axis(names), title="How much of each limit is used", ax=ax)

    def _blocks(self) -> list[Block]:
        limits = [
            (
                str(row["code"]) + (f" ({row['name']})" if row["name"] else ""), str(row["where"]),
                _shown(row, "value"),
                shown_value(row["limit"], row["counted_in"]), percent_1(row["used"]),
            )
            for _, row in self.limits.iterrows()
        ]  # fmt: skip
        units = [
            (str(asset), count(row["buy"]), str(row["buy_limit"]), count(row["sell"]), str(row["sell_limit"]))
            for asset, row in self.units.iterrows()
        ]
        return [
            table(["Limit", "Nearest at", "Value", "Limit", "Used"], limits),
            table(["Asset", "May buy", "Up to", "May sell", "Up to"], units),
        ]

    def __str__(self) -> str:
        """Return the summary, which is what is printed."""
        return self.summary()

    def __repr__(self) -> str:
        return f"Headroom({len(self.limits)} rules, {len(self.units)} assets)"

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class WhatIf:
    """What each limit measures of the book before and after orders."""

    before: list[Standing]
    after: list[Standing]
    """One for each rule."""

    @property
    def limits(self) -> pd.DataFrame:
        """One row a rule: code, name, where it is nearest after the orders, before, after, limit, if it is broken."""
        import pandas as pd  # noqa: PLC0415 (only when a frame is wanted)

        rows = [
            (
                str(each.limit.code.name), f"{each.limit.name} {each.label}".strip(), then.where, each.value,
                then.value, then.bound, _is_broken(then), each.limit.counted_in,
            )
            for each, then in zip(self.before, self.after, strict=True)
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=list(WHAT_IF))

    def to_frame(self) -> pd.DataFrame:
        """Return one row a rule: code, name, where, before, after, limit and broken."""
        return self.limits

    def summary(self) -> str:
        """Return the table as text."""
        return as_text(*self._blocks())

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw how much of each limit is used after the orders.

        Parameters
        ----------
        ax : Axes, optional
            Where to draw; a new figure if None.
        """
        import pandas as pd  # noqa: PLC0415 (only when a frame is wanted)

        from riskresearch.plots import plot_used  # noqa: PLC0415 (loads matplotlib)

        known = [each for each in self.after if each.used == each.used]
        names = [f"{each.limit.label()} {each.label}".strip() for each in known]
        used = pd.Series([each.used for each in known], index=names, dtype=float)
        return plot_used(used, title="How much of each limit would be used", ax=ax)

    def _blocks(self) -> list[Block]:
        rows = [
            (
                str(row["code"]) + (f" ({row['name']})" if row["name"] else ""), str(row["where"]),
                *(_shown(row, name) for name in ("before", "after")), shown_value(row["limit"], row["counted_in"]),
                "broken" if row["broken"] else "",
            )
            for _, row in self.limits.iterrows()
        ]  # fmt: skip
        return [table(["Limit", "Nearest at", "Before", "After", "Limit", ""], rows)]

    def __repr__(self) -> str:
        return f"WhatIf({len(self.after)} rules)"

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())


def headroom_of(bench: Bench) -> Headroom:
    """Return the headroom of a book."""
    import pandas as pd  # noqa: PLC0415 (only when a frame is wanted)

    rows = [
        (
            str(each.limit.code.name), f"{each.limit.name} {each.label}".strip(), each.where, each.value, each.bound,
            each.bound - each.value, each.used, each.limit.counted_in,
        )
        for each in bench.standing()
    ]  # fmt: skip
    units = []
    for asset in bench.book.assets:
        found: list[Any] = []
        for side in (1.0, -1.0):
            most, binding = _most(bench, asset, side)
            found += [most, binding]
        units.append(found)
    return Headroom(
        pd.DataFrame(rows, columns=[*COLUMNS, "counted_in"]),
        pd.DataFrame(
            units, columns=["buy", "buy_limit", "sell", "sell_limit"], index=pd.Index(bench.book.assets, name="asset")
        ),
    )  # fmt: skip


def _most(bench: Bench, asset: str, side: float) -> tuple[float, str]:
    """Return the most units of an asset that pass on one side, and the codes of what denies one step more."""
    flow = bench.put(Order(asset, side * MOST_UNITS))
    engine, step = bench.plan.engine, float(flow.steps()[0])
    most = abs(engine.largest(0, step))
    if most + step > MOST_UNITS:
        return float("inf"), ""
    denied, _ = engine.ask(0, side * (most + step), False)
    return most, "+".join(names_of(denied))


def what_if_of(bench: Bench, orders: Orders) -> WhatIf:
    """Return what each rule measures before and after orders."""
    return WhatIf(bench.standing(), bench.standing_after(orders))


def _shown(row: Any, name: str) -> str:
    """Return what a rule measured of the book as text; a limit of single orders measures nothing."""
    value = row[name]
    return "–" if value != value and row["code"] in OF_ORDERS else shown_value(value, row["counted_in"])


def _is_broken(standing: Standing) -> bool:
    """Return whether the book itself is over a limit, or what it measures of it is not known."""
    if standing.value != standing.value:
        return standing.limit.on_missing == "deny" and standing.limit.code.name not in OF_ORDERS
    return rules.exceeds(standing.value, standing.bound, standing.limit.inclusive, standing.limit.counted_in == "units")
