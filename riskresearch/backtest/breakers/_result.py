"""The result of a breaker backtest, which begins with its significance."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.backtest.breakers._paths import net_returns
from riskresearch.backtest.breakers._significance import HaltSignificance, runs_of
from riskresearch.breakers._set import BreakerSet
from riskresearch.breakers._types import BreakerEvent, BreakerStatus, events_frame
from riskresearch.core._labels import ArrayLabels
from riskresearch.core.output._formats import Formatter, counted, percent, percent_1, ratio_3
from riskresearch.core.output._tables import Block, as_html, as_text, table
from riskresearch.kernels.compiled._drawdown import drawdown_path
from riskresearch.metrics._tail_risk import conditional_value_at_risk

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from riskresearch.core._types import FloatMatrix, FloatVector, Labels

TAIL_LEVEL = 0.95
FEWEST_FOR_TAIL = 20


@dataclass(frozen=True, slots=True, eq=False)
class AccountPath:
    """The numbers of an account under breakers, one a bar."""

    returns: FloatVector
    exposure: FloatVector
    net_returns: FloatVector
    equity_path: FloatVector
    equity_unhalted: FloatVector
    cost_paid: FloatVector


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class BreakerBacktest:
    """A strategy under breakers, bar by bar: see `backtest_breakers`. Series come back labelled like the input."""

    breakers: BreakerSet
    labels: Labels
    """The labels of the input."""
    path: AccountPath
    """The numbers of each bar, as arrays."""
    statuses: FloatMatrix
    """Status of each breaker after each bar, shape (breakers, rows)."""
    numbers: FloatMatrix
    """What each breaker measured, shape (breakers, rows)."""
    events: tuple[BreakerEvent, ...]
    conventions: str
    significance: HaltSignificance

    @property
    def times(self) -> Any:
        """What a bar is called, by row."""
        return self.labels.row_names

    @property
    def returns(self) -> Any:
        """Returns of the strategy as if never halted."""
        return self._labelled("returns", self.path.returns)

    @property
    def exposure(self) -> Any:
        """Share of the strategy held on each bar."""
        return self._labelled("exposure", self.path.exposure)

    @property
    def net_returns(self) -> Any:
        """Returns of the account, after costs."""
        return self._labelled("net_returns", self.path.net_returns)

    @property
    def equity_path(self) -> Any:
        """Equity of the account after each bar, 1 at the start."""
        return self._labelled("equity", self.path.equity_path)

    @property
    def equity_unhalted(self) -> Any:
        """Equity of the strategy as if never halted, 1 at the start."""
        return self._labelled("equity_unhalted", self.path.equity_unhalted)

    @property
    def cost_paid(self) -> Any:
        """What leaving and re-entering cost on each bar, a fraction of the equity before it."""
        return self._labelled("cost", self.path.cost_paid)

    @property
    def equity(self) -> Any:
        """Equity after each bar, with breakers and without."""
        both = np.column_stack([self.path.equity_path, self.path.equity_unhalted])
        return self.labels.frame(both, ("with", "without"))

    def _labelled(self, name: str, values: FloatVector) -> Any:
        """Return numbers of each bar in the kind of the input: an array stays one."""
        return values if type(self.labels) is ArrayLabels else self.labels.series(name, values)

    def event_frame(self) -> pd.DataFrame:
        """Return one row per event: time, breaker, event, code, value, limit, stage."""
        return events_frame(self.events)

    def states(self) -> pd.DataFrame:
        """Return one row per interval in which a breaker was not armed: from the trip to the bar of the re-entry."""
        import pandas as pd  # noqa: PLC0415 (only when a frame is wanted)

        rows: list[dict[str, Any]] = []
        last = len(self.path.returns) - 1
        for breaker, status in zip(self.breakers, self.statuses, strict=True):
            for first, end in runs_of(np.where(status == BreakerStatus.ARMED, 1.0, 0.0)):
                rows.append(
                    {
                        "breaker": breaker.label(), "stage": breaker.stage, "from": self.times[first],
                        "to": self.times[min(end, last)], "bars": end - first, "over": end <= last,
                        "cooling_down": int((status[first:end] == BreakerStatus.COOLING_DOWN).sum()),
                    }
                )  # fmt: skip
        return pd.DataFrame(rows, columns=["breaker", "stage", "from", "to", "bars", "over", "cooling_down"])

    def halts(self) -> pd.DataFrame:
        """Return one row per run of bars with less than the whole strategy held, and what that saved or cost.

        `strategy` is what the strategy made meanwhile, `account` what the account did before costs; their difference is
        `missed`, and a halt is `false` where it is not negative. `cost` is that of leaving and re-entering.
        """
        import pandas as pd  # noqa: PLC0415 (only when a frame is wanted)

        columns = ["from", "to", "bars", "strategy", "account", "missed", "cost", "false"]
        rows = []
        for first, end in runs_of(self.path.exposure):
            strategy = float(np.prod(1.0 + self.path.returns[first:end])) - 1.0
            account = float(np.prod(1.0 + (self.path.net_returns + self.path.cost_paid)[first:end])) - 1.0
            missed, cost = strategy - account, float(self.path.cost_paid[first : end + 1].sum())
            span = [self.times[first], self.times[end - 1], end - first]
            rows.append([*span, strategy, account, missed, cost, missed >= 0.0])
        return pd.DataFrame(rows, columns=columns)

    def statistics(self) -> dict[str, float]:
        """Return trips, halts, false halts, avoided loss, missed gain, time out, costs, and what changed."""
        halts = self.halts()
        missed, false = halts["missed"].to_numpy(dtype=float), halts["false"].to_numpy(dtype=bool)
        cost = halts["cost"].to_numpy(dtype=float)
        drawdowns = [_worst(self.path.equity_path), _worst(self.path.equity_unhalted)]
        tails = [
            conditional_value_at_risk(values, level=TAIL_LEVEL) if len(values) >= FEWEST_FOR_TAIL else math.nan
            for values in (self.path.net_returns, self.path.returns)
        ]
        return {
            "trips": float(sum(event.event == "trip" for event in self.events)),
            "halts": float(len(halts)), "false_halts": float(false.sum()),
            "avoided_loss": float(-missed[~false].sum()), "missed_gain": float(missed[false].sum()),
            "time_halted": float((self.path.exposure != 1.0).mean()), "cost": float(self.path.cost_paid.sum()),
            "whipsaw_cost": float((missed + cost)[false].sum()),
            "final_equity": float(self.path.equity_path[-1]),
            "final_equity_unhalted": float(self.path.equity_unhalted[-1]),
            "max_drawdown": drawdowns[0], "max_drawdown_unhalted": drawdowns[1],
            "cvar_95": tails[0], "cvar_95_unhalted": tails[1],
        }  # fmt: skip

    def to_frame(self) -> pd.DataFrame:
        """Return one row per bar: return of the strategy, exposure, net return, cost, equity with and without."""
        import pandas as pd  # noqa: PLC0415 (only when a frame is wanted)

        return pd.DataFrame(
            {
                "returns": self.path.returns, "exposure": self.path.exposure, "net_returns": self.path.net_returns,
                "cost": self.path.cost_paid, "equity": self.path.equity_path,
                "equity_unhalted": self.path.equity_unhalted,
            },
            index=pd.Index(self.times),
        )  # fmt: skip

    def summary(self) -> str:
        """Return the verdict against chance, then the numbers with and without breakers, then the conventions."""
        after = [f"{name} {one} with, {other} without" for name, one, other in self._compared()]
        return as_text(self.significance.summary(), *self._effects(), "; ".join(after), self.conventions)

    def _effects(self) -> list[str]:
        """Return what the halts were, and what they saved and cost, a line each."""
        numbers = self.statistics()
        saved, missed, cost, whipsaw = (
            percent(numbers[name]) for name in ("avoided_loss", "missed_gain", "cost", "whipsaw_cost")
        )
        return [
            f"{counted(numbers['trips'], 'trip')}, {counted(numbers['halts'], 'halt')}, "
            f"{numbers['false_halts']:.0f} false; out or reduced {percent_1(numbers['time_halted'])} of the time",
            f"avoided loss {saved}, missed gain {missed} (sums over halts); cost {cost}, whipsaw cost {whipsaw}",
        ]

    def _compared(self) -> list[tuple[str, str, str]]:
        """Return a measure of the account and of the strategy as if never halted, a row each."""
        numbers, few = self.statistics(), f"not known from fewer than {FEWEST_FOR_TAIL} bars"
        enough = len(self.path.returns) >= FEWEST_FOR_TAIL
        rows: list[tuple[str, str, Formatter]] = [
            ("final equity", "final_equity", ratio_3), ("worst drawdown", "max_drawdown", percent_1),
            ("CVaR 95 % per bar", "cvar_95", percent if enough else lambda value: few),
        ]  # fmt: skip
        return [(name, write(numbers[key]), write(numbers[f"{key}_unhalted"])) for name, key, write in rows]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw equity with breakers and without."""
        from riskresearch.plots import plot_growth  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        lost = (self.path.equity_path <= 0.0).any() or (self.path.equity_unhalted <= 0.0).any()
        frame = self.to_frame()[["equity", "equity_unhalted"]].set_axis(["with", "without"], axis=1)
        return plot_growth(frame, scale="linear" if lost else "auto", title="Equity with circuit breakers", ax=ax)

    def __repr__(self) -> str:
        trips = sum(event.event == "trip" for event in self.events)
        last = self.path.equity_path[-1]
        return f"BreakerBacktest({len(self.path.returns)} bars, {counted(trips, 'trip')}, final equity {last:.4g})"

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())

    def _blocks(self) -> list[Block]:
        """Return the verdict and the p-values, then the numbers with and without breakers, then the conventions."""
        compared = table(["", "with", "without"], self._compared())
        return [*self.significance._blocks(), *self._effects(), compared, self.conventions]


def _worst(equity: FloatVector) -> float:
    """Return the worst drawdown of an equity path that starts at 1 before the first row."""
    return float(drawdown_path(net_returns(equity)[:, None]).max())
