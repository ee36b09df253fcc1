"""Breaches of limits in tables: by episode, by limit, and what could not be judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from riskresearch.core.output._formats import cell, counted, significant
from riskresearch.core.output._tables import Block, as_html, as_text, frame_table

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from riskresearch.posttrade.wash._wash_sales_result import WashSales

SHOWN_BREACHES = 20
ACTIVE, PASSIVE = "active", "passive"


@dataclass(frozen=True, slots=True, eq=False)
class Compliance:
    """Limits judged over the history of a ledger: `compliance` makes it."""

    breaches: pd.DataFrame
    """One row a breach, in the order of time: `code`, `limit` (the code with its name), `account`, `subject` (the
    asset, group or issuer; empty for the whole book), `first` and `last` bar over the limit, `bars` over it, `worst`
    value and its bar `worst_on`, the `threshold`, `cause`, "active" or "passive", `lasting`, whether no bar within the
    limit followed, and `check`, the number of its row in `checks`."""
    checks: pd.DataFrame
    """One row a rule of a limit, in each account: `code`, `limit`, `account`, `threshold` (nan where it differs),
    `judged` ("holdings" or "fills"), the numbers of bars `checked`, `in_breach`, `warned` and `not_judged`, the first
    of those, `first_not_judged`, and its `reason`."""
    wash_sales: WashSales | None
    notes: tuple[str, ...]
    """What was decided, in sentences."""

    @property
    def compliant(self) -> bool:
        """Whether everything could be judged, and no limit was breached."""
        return not len(self.breaches) and not self.checks["not_judged"].any()

    def to_frame(self) -> pd.DataFrame:
        """Return the breaches."""
        return self.breaches.copy()

    def verdict(self) -> str:
        """Return in a few words how many breaches there are, and what could not be judged."""
        active = int((self.breaches["cause"] == ACTIVE).sum())
        found = f"{_breaches(len(self.breaches))}, {active:,} active" if len(self.breaches) else "No breach"
        blind = self.checks[self.checks["not_judged"] > 0]
        if not len(blind):
            return f"{found}; every bar could be judged."
        columns = ("limit", "account", "not_judged", "first_not_judged", "reason")
        places = [
            f"{limit}{f' of {account}' if account else ''} on {counted(bars, 'bar')} from {cell(first)} ({reason})"
            for limit, account, bars, first, reason in zip(*(blind[each].tolist() for each in columns), strict=True)
        ]
        return f"{found}; not judged for missing numbers: {', '.join(places)}."

    def conventions(self) -> str:
        """Return what is judged when, and what makes a breach active, in sentences."""
        return " ".join((
            "Limits of positions and of the book are judged on what is held after each bar, limits of orders on each "
            "fill as if it were an order.",
            "A breach is active if fills of its first bar made or worsened it at their own prices and the last prices "
            "before them, else passive: prices, flows or corporate actions did.",
            "A bar that could not be judged ends no breach.",
            *self.notes,
        ))  # fmt: skip

    def summary(self) -> str:
        """Return the verdict, what became of each limit, the breaches and the conventions as text."""
        return as_text(*self._blocks())

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the number of bars in breach of each limit."""
        from riskresearch.plots import plot_bars  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        each = zip(self.checks["limit"], self.checks["account"], self.checks["threshold"], strict=True)
        names = [f"{limit} {account} {significant(bound)}".replace("  ", " ") for limit, account, bound in each]
        bars = self.checks["in_breach"].set_axis(names)
        return plot_bars(bars, label="Bars in breach", title="Breaches by limit", ax=ax)

    def __repr__(self) -> str:
        blind = int(self.checks["not_judged"].sum())
        missing = f", {counted(blind, 'bar')} not judged" if blind else ""
        return f"Compliance({counted(len(self.checks), 'check')}, {_breaches(len(self.breaches))}{missing})"

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())

    def _blocks(self) -> list[Block]:
        blocks: list[Block] = [self.verdict()]
        if len(self.checks):
            blocks += ["", frame_table(self._limits(), name="limit")]
        if len(self.breaches):
            blocks += ["", frame_table(self._shown(), {"worst": significant, "threshold": significant}, name="limit")]
        more = len(self.breaches) - SHOWN_BREACHES
        if more > 0:
            blocks.append(f"The first {SHOWN_BREACHES} of {len(self.breaches):,} breaches are shown.")
        blocks += ["", self.conventions()]
        return blocks if self.wash_sales is None else [*blocks, "", "Wash sales", *self.wash_sales._blocks()]

    def _limits(self) -> pd.DataFrame:
        """Return what became of each limit, for readers."""
        shown = self.checks.copy()
        for cause in (ACTIVE, PASSIVE):
            own = self.breaches.loc[self.breaches["cause"] == cause, "check"]
            shown[cause] = own.value_counts().reindex(shown.index, fill_value=0)
        columns = ["threshold", "judged", "checked", "in_breach", "warned", "not_judged", ACTIVE, PASSIVE]
        return shown.set_index("limit")[[*_accounts(shown), *columns]]

    def _shown(self) -> pd.DataFrame:
        shown = self.breaches.head(SHOWN_BREACHES).set_index("limit")
        columns = ["subject", "first", "last", "bars", "worst", "worst_on", "threshold", "cause"]
        shown["subject"] = shown["subject"].replace("", "book")
        return shown[[*_accounts(shown), *columns]]


def _breaches(number: int) -> str:
    return f"{number:,} {'breach' if number == 1 else 'breaches'}"


def _accounts(table: pd.DataFrame) -> list[str]:
    """Return the column of accounts where it is of use."""
    return ["account"] if table["account"].any() else []
