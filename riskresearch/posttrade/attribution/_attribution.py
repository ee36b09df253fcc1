"""The result of `brinson`: effects by period, group, asset and level, linked to the excess return of all rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

import numpy as np

from riskresearch.core._checks import check_choice
from riskresearch.core.output._formats import between, counted, p_value, percent, percent_of
from riskresearch.core.output._tables import Block, as_html, as_text, table
from riskresearch.kernels.attribution._linking import linked_effects
from riskresearch.kernels.attribution._zero_test import zero_test
from riskresearch.metrics.inference._bootstrap import Bootstrap, as_bootstrap
from riskresearch.posttrade.attribution._words import method_lines, verdict
from riskresearch.posttrade.attribution._zero_tests import FEWEST_ROWS, check_settings

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd
    from matplotlib.axes import Axes

    from riskresearch.core._types import FloatVector
    from riskresearch.posttrade.attribution._levels import LevelEffects

By: TypeAlias = Literal["group", "period", "period_and_group", "level"]
BYS = ("group", "period", "period_and_group", "level")
PLOTS = ("group", "period")
NOTHING = 1e-12  # of the largest effect: below it an effect is rounding, which is not tested


@dataclass(frozen=True, slots=True, eq=False)
class Attribution:
    """Allocation, selection and interaction of each row and node, which sum to the excess return: see `brinson`."""

    assets: tuple[str, ...]
    """Columns of the returns, and cash where weights leave a rest."""
    effects: tuple[str, ...]
    """Names of the effects."""
    levels: tuple[LevelEffects, ...]
    """The widest level of groups first, the assets last."""
    dates: Any
    """Names of the rows that are explained."""
    portfolio_returns: FloatVector
    """Of each row; sums of weighted logarithms with Karnosky and Singer."""
    benchmark_returns: FloatVector
    model: str
    interaction: str
    linking: str
    """"none" with Karnosky and Singer, whose logarithms add."""
    currency: str | None
    notes: tuple[str, ...]
    """What was decided about the inputs, a sentence each."""

    @property
    def portfolio_return(self) -> float:
        """Return of the portfolio over all rows."""
        return _whole(self.portfolio_returns, self.linking)

    @property
    def benchmark_return(self) -> float:
        """Return of the benchmark over all rows."""
        return _whole(self.benchmark_returns, self.linking)

    @property
    def excess_return(self) -> float:
        """What the effects explain: the difference of both returns, with "geometric" the ratio of growths less 1."""
        if self.linking == "geometric":
            return (1.0 + self.portfolio_return) / (1.0 + self.benchmark_return) - 1.0
        return self.portfolio_return - self.benchmark_return

    def totals(self) -> pd.Series:
        """Return the linked effects over all rows and groups, and their total."""
        import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

        sums = self._linked(self.levels[0]).sum(axis=(1, 2))
        return pd.Series([*sums.tolist(), float(sums.sum())], index=[*self.effects, "total"], name="linked")

    def to_frame(self, level: str | None = None, by: By = "group", *, linked: bool = True) -> pd.DataFrame:
        """Return the effects as a table.

        Parameters
        ----------
        level : str, optional
            Name of a level: that of a column of `groups`, "group", or "asset"; None takes the widest.
        by : {"group", "period", "period_and_group", "level"}
            A row for each group of the level with its mean weights, for each date, for both, or for what each level
            adds: the allocation among its groups within those above, and what is left to the assets.
        linked : bool
            Contributions to the excess return of all rows; False gives the effects of each row alone, or their plain
            sums.

        Returns
        -------
        DataFrame
        """
        check_choice(by, BYS, name="by")
        if by == "level":
            return self._by_level(linked=linked)
        own = self._level(level)
        effects = self._linked(own) if linked else own.effects
        if by == "period_and_group":
            return self._by_both(own, effects)
        return self._by_group(own, effects) if by == "group" else self._by_period(effects)

    def intervals(
        self, confidence: float | Bootstrap = 0.95, *, level: str | None = None, effect: str = "selection"
    ) -> pd.DataFrame:
        """Return the linked effects with their intervals and the p-value of a mean of zero.

        The rows of linked effects are drawn again in blocks by the stationary bootstrap, with the factors of linking as
        they are; the standard error has a Student-t quantile with a degree of freedom for each block but one.

        Parameters
        ----------
        confidence : float or Bootstrap
            Coverage probability in (0, 1), or settings; `method` is not used.
        level : str, optional
            Show one effect of each group of this level; None shows all effects over all groups.
        effect : str
            The effect that is shown by group, or "total".

        Returns
        -------
        DataFrame
            Intervals are nan below 20 rows, and where an effect is the same on each row.
        """
        settings = check_settings(as_bootstrap(confidence, name="confidence"))
        if level is None:
            own_effects = self._linked(self.levels[0])
            rows = own_effects.sum(axis=2)
            named = dict(zip((*self.effects, "total"), (*rows, rows.sum(axis=0)), strict=True))
        else:
            own = self._level(level)
            own_effects = self._linked(own)
            check_choice(effect, (*self.effects, "total"), name="effect")
            of_nodes = own_effects.sum(axis=0) if effect == "total" else own_effects[self.effects.index(effect)]
            named = dict(zip(own.nodes, of_nodes.T, strict=True))
        return _tested(named, settings, NOTHING * float(np.abs(own_effects).max()))

    def conventions(self) -> str:
        """Return what was computed and decided, as sentences."""
        names = tuple(level.name for level in self.levels)
        rows = len(self.portfolio_returns)
        lines = method_lines(self.model, self.interaction, self.linking, self.effects, names, rows)
        return "\n".join([*lines, *self.notes])

    def summary(self, confidence: float | Bootstrap | None = 0.95, *, level: str | None = None) -> str:
        """Return the effects by group, their intervals, and the conventions as text.

        Parameters
        ----------
        confidence : float or Bootstrap, optional
            Coverage probability of the intervals, or settings of the bootstrap; None leaves them out.
        level : str, optional
            The level that is shown; None takes the widest.

        Returns
        -------
        str
        """
        return as_text(*self._blocks(confidence, level))

    def _blocks(self, confidence: float | Bootstrap | None = 0.95, level: str | None = None) -> list[Block]:
        frame = self._by_group(self._level(level), self._linked(self._level(level)))
        sums = frame.sum().to_list()
        rows = [
            (str(node), *map(percent, row)) for node, row in zip(frame.index, frame.to_numpy().tolist(), strict=True)
        ]
        rows.append(("total", *map(percent, sums)))
        blocks: list[Block] = [table([self._level(level).name, *(str(each).replace("_", " ") for each in frame)], rows)]
        of = (self.portfolio_return, self.benchmark_return, self.excess_return)
        blocks.append("Portfolio {}, benchmark {}, excess {}.".format(*map(percent, of)))
        if confidence is not None:
            blocks += ["", *self._interval_blocks(check_settings(as_bootstrap(confidence, name="confidence")))]
        return [*blocks, "", self.conventions()]

    def _interval_blocks(self, settings: Bootstrap) -> list[Block]:
        count = len(self.portfolio_returns)
        if count < FEWEST_ROWS:
            return [
                f"Whether effects differ from zero: too few to say, {counted(count, 'row')} of {FEWEST_ROWS} needed."
            ]
        tested = self.intervals(settings)
        rows = [
            (name.replace("_", " "), percent(row[0]), between(percent, row[1], row[2]), p_value(row[4]))
            for name, row in zip(map(str, tested.index), tested.to_numpy().tolist(), strict=True)
        ]
        head = ["effect", "linked", f"{percent_of(settings.confidence)} interval", "p of zero"]
        return [table(head, rows), verdict(tested, settings, count)]

    def plot(
        self, by: Literal["group", "period"] = "group", *, level: str | None = None, ax: Axes | None = None
    ) -> Axes:
        """Draw the linked effects: bars of each group, or how they add up over time.

        Parameters
        ----------
        by : {"group", "period"}
            Bars for the total of each group and effect, or lines of the sums so far.
        level : str, optional
            The level of the bars; None takes the widest.
        ax : matplotlib.axes.Axes, optional
            Where to draw. By default a new pyplot figure.

        Returns
        -------
        matplotlib.axes.Axes
        """
        from riskresearch.plots import plot_bars, plot_rolling  # noqa: PLC0415 (matplotlib, only for a figure)

        check_choice(by, PLOTS, name="by")
        linking = {"none": "logarithms", "davies_laker": "Davies and Laker"}.get(
            self.linking, self.linking.capitalize()
        )
        if by == "group":
            own = self._level(level)
            totals = self._by_group(own, self._linked(own))["total"]
            title = f"What each {own.name} added to the benchmark ({linking})"
            return plot_bars(totals, label="Linked effect (%)", percent=True, title=title, ax=ax)
        frame = self._by_period(self._linked(self.levels[0]))[[*self.effects, "total"]].cumsum()
        shown = frame[["total", *self.effects]].rename(columns=lambda name: str(name).replace("_", " "))
        title = f"Linked effects so far, of all rows ({linking})"
        return plot_rolling(shown, label="Linked effect so far (%)", percent=True, title=title, ax=ax)

    def __repr__(self) -> str:
        return (
            f"Attribution({self.model}, {self.linking}, {counted(len(self.portfolio_returns), 'row')}, "
            f"{counted(len(self.assets), 'asset')}, excess_return={self.excess_return:.6g})"
        )

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())

    def _level(self, name: str | None) -> LevelEffects:
        if name is None:
            return self.levels[0]
        names = tuple(level.name for level in self.levels)
        return self.levels[names.index(check_choice(name, names, name="level"))]

    def _linked(self, level: LevelEffects) -> npt.NDArray[np.float64]:
        return linked_effects(
            level.effects, self.portfolio_returns, self.benchmark_returns, self.linking, self.interaction
        )

    def _by_group(self, level: LevelEffects, effects: npt.NDArray[np.float64]) -> pd.DataFrame:
        import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

        sums = effects.sum(axis=1)
        columns = {
            "weight": level.weights.mean(axis=0),
            "benchmark_weight": level.benchmark_weights.mean(axis=0),
            **dict(zip(self.effects, sums, strict=True)),
            "total": sums.sum(axis=0),
        }
        return pd.DataFrame(columns, index=pd.Index(level.nodes, name=level.name))

    def _by_period(self, effects: npt.NDArray[np.float64]) -> pd.DataFrame:
        import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

        sums = effects.sum(axis=2)
        columns = {
            "portfolio_return": self.portfolio_returns,
            "benchmark_return": self.benchmark_returns,
            **dict(zip(self.effects, sums, strict=True)),
            "total": sums.sum(axis=0),
        }
        return pd.DataFrame(columns, index=self.dates)

    def _by_both(self, level: LevelEffects, effects: npt.NDArray[np.float64]) -> pd.DataFrame:
        import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

        index = pd.MultiIndex.from_product([self.dates, level.nodes], names=["date", level.name])
        columns = {
            "weight": level.weights.ravel(),
            "benchmark_weight": level.benchmark_weights.ravel(),
            **{name: values.ravel() for name, values in zip(self.effects, effects, strict=True)},
            "total": effects.sum(axis=0).ravel(),
        }
        return pd.DataFrame(columns, index=index)

    def _by_level(self, *, linked: bool) -> pd.DataFrame:
        import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

        groups = self.levels[:-1] or self.levels
        rows, before = {}, 0.0
        for place, level in enumerate(groups):
            sums = (self._linked(level) if linked else level.effects).sum(axis=(1, 2))
            within = f" within {groups[place - 1].name}" if place else ""
            rows[f"allocation by {level.name}{within}"] = float(sums[0]) - before
            before = float(sums[0])
        rows |= {
            (f"selection within {groups[-1].name}" if name == "selection" else name.replace("_", " ")): float(value)
            for name, value in zip(self.effects[1:], sums[1:], strict=True)
        }
        return pd.DataFrame({"effect": [*rows.values(), sum(rows.values())]}, index=[*rows, "total"])


class _Row(NamedTuple):
    linked: float
    lower: float
    upper: float
    standard_error: float
    p_value: float


def _tested(named: dict[str, FloatVector], settings: Bootstrap, rounding: float) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

    seed, found = settings.seed(), []
    for rows in named.values():
        if rows.shape[0] < FEWEST_ROWS or float(np.abs(rows).max()) <= rounding:
            found.append(_Row(float(rows.sum()), *[np.nan] * 4))
            continue
        test = zero_test(
            rows, settings.confidence, settings.draws, settings.resampling or "stationary", settings.block_length, seed
        )
        found.append(_Row(*test[:5]))
    return pd.DataFrame(found, index=list(named), columns=list(_Row._fields))


def _whole(returns: FloatVector, linking: str) -> float:
    return float(returns.sum() if linking == "none" else np.prod(1.0 + returns) - 1.0)
