"""Estimated spreads with what was done to get them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._plausibility import warn_user
from riskresearch.core.output._formats import count, counted, number, percent_of
from riskresearch.core.output._tables import Block, as_html, as_text, frame_table

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from riskresearch.core._types import FloatVector, Labels
    from riskresearch.metrics.inference._bootstrap import Bootstrap

METHODS = {
    "edge": "EDGE of Ardia, Guidotti and Kroencke (2024)",
    "roll": "Roll (1984), autocovariance of logarithmic changes of the close",
    "corwin_schultz": "Corwin and Schultz (2012), mean over pairs of bars",
    "abdi_ranaldo": "Abdi and Ranaldo (2017), root of the mean product",
}
HANDLING = {"keep": "are kept", "zero": "are set to zero", "omit": "are left out"}
BASIS_POINTS = 1e4


@dataclass(frozen=True, slots=True)
class AssetSpread:
    """The estimates of one asset: one number, or one after each bar."""

    asset: str
    spread: FloatVector
    lower: float
    upper: float
    estimates: int
    negative: int
    bars: int
    missing: int
    labels: Labels


@dataclass(frozen=True, slots=True, eq=False)
class SpreadEstimate:
    """Bid-ask spreads as fractions of the price, estimated from bars: `estimated_spread` makes it. One entry per asset.

    They are estimates of a model and no measurement: no quote was seen.
    """

    assets: tuple[str, ...]
    spread: tuple[float, ...]
    """The whole spread, from bid to ask; half of it is what one side pays. With a window, that of the last one."""
    lower: tuple[float, ...]
    """nan without `confidence`, as is `upper`. The interval is of the signed estimate."""
    upper: tuple[float, ...]
    estimates: tuple[int, ...]
    """How many estimates were made: one, or one a window; with "corwin_schultz" one for each pair of bars."""
    negative: tuple[int, ...]
    """How many of the estimates were below zero."""
    bars: tuple[int, ...]
    missing: tuple[int, ...]
    """How many bars lack a price."""
    method: str
    negative_policy: str
    """What was done with negative estimates: "keep", "zero" or "omit"."""
    overnight: bool
    """Whether ranges were moved to the close before, where they lie beyond it."""
    window: int | None
    confidence: float | None
    interval: str
    """How the interval was made; empty without one."""
    seed: int | None
    history: pd.DataFrame | None
    """With a window, the spread after each bar, bars x assets; nan until the window is full."""

    def to_frame(self) -> pd.DataFrame:
        """Return one row per asset; with a window the spreads after each bar, one column per asset."""
        import pandas as pd  # noqa: PLC0415 (what arrays give need not load it)

        if self.history is not None:
            return self.history.copy()
        columns: dict[str, Any] = {"spread": self.spread}
        if self.confidence is not None:
            columns |= {"lower": self.lower, "upper": self.upper}
        columns |= {"estimates": self.estimates, "negative": self.negative, "bars": self.bars, "missing": self.missing}
        return pd.DataFrame(columns, index=pd.Index(self.assets, name="asset"))

    def conventions(self) -> str:
        """Return what the numbers are, in a few sentences."""
        night = ", ranges beyond the close before moved to it" if self.overnight else ""
        of = "pairs of bars" if self.method == "corwin_schultz" else "estimates"
        below = (
            f"negative: {sum(self.negative):,} of {sum(self.estimates):,} {of}, which {HANDLING[self.negative_policy]}"
        )
        windows = "" if self.window is None else f" Windows of {self.window} bars; the last one is shown."
        interval = ""
        if self.confidence is not None:
            interval = f" Interval of {percent_of(self.confidence)}: {self.interval}; seed {self.seed}."
        return (
            f"Model estimate, no quotes: {METHODS[self.method]}{night}. Whole spread in basis points of the price; "
            f"{below}.{windows}{interval}"
        )

    def summary(self) -> str:
        """Return the table and the conventions as text."""
        return as_text(*self._blocks())

    def _blocks(self) -> list[Block]:
        import pandas as pd  # noqa: PLC0415 (what arrays give need not load it)

        columns: dict[str, Any] = {"spread_bp": self.spread}
        if self.confidence is not None:
            columns |= {"lower_bp": self.lower, "upper_bp": self.upper}
        columns |= {"estimates": self.estimates, "negative": self.negative, "bars": self.bars, "missing": self.missing}
        frame = pd.DataFrame(columns, index=pd.Index(self.assets, name="asset"))
        formats = {name: _basis_points if name.endswith("_bp") else count for name in columns}
        heads = {name: f"{name.removesuffix('_bp')} (bp)" for name in columns if name.endswith("_bp")}
        return [frame_table(frame, formats, heads=heads), self.conventions()]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw spreads over time, or one bar per asset, or the intervals, in basis points."""
        from riskresearch.plots import plot_bars, plot_intervals, plot_rolling  # noqa: PLC0415 (matplotlib)

        label, frame = "Spread (basis points, model)", self.to_frame() * BASIS_POINTS
        if self.history is not None:
            title = f"Estimated spread ({self.method}), windows of {self.window} bars"
            return plot_rolling(frame, label=label, title=title, ax=ax)
        title = f"Estimated spread ({self.method})"
        if self.confidence is not None:
            title = f"{title} with its {percent_of(self.confidence)} interval"
            return plot_intervals(frame.rename(columns={"spread": "estimate"}), label=label, title=title, ax=ax)
        return plot_bars(frame["spread"], label=label, title=title, ax=ax)

    def __repr__(self) -> str:
        bars = " to ".join(str(each) for each in sorted({min(self.bars), max(self.bars)}))
        return f"SpreadEstimate({self.method}, {counted(len(self.assets), 'asset')}, {bars} bars)"

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())


def _basis_points(value: float) -> str:
    return number(BASIS_POINTS * value, decimals=2)


def join_spreads(
    spreads: list[AssetSpread],
    method: str,
    negative: str,
    overnight: bool,
    window: int | None,
    settings: Bootstrap | None,
    seed: int | None,
) -> SpreadEstimate:
    """Return the estimates of all assets as one result; warn of those that are undefined."""
    undefined = [each.asset for each in spreads if np.isnan(each.spread).all() and each.negative == 0]
    if undefined and (window is None or all(window <= each.bars for each in spreads)):
        warn_user(
            f"The {method} spread of {', '.join(undefined)} is undefined: the prices do not move, or too few are known."
        )
    return SpreadEstimate(
        assets=tuple(each.asset for each in spreads),
        spread=tuple(float(each.spread[-1]) for each in spreads),
        lower=tuple(each.lower for each in spreads),
        upper=tuple(each.upper for each in spreads),
        estimates=tuple(each.estimates for each in spreads),
        negative=tuple(each.negative for each in spreads),
        bars=tuple(each.bars for each in spreads),
        missing=tuple(each.missing for each in spreads),
        method=method,
        negative_policy=negative,
        overnight=overnight,
        window=window,
        confidence=None if settings is None else settings.confidence,
        interval="" if settings is None else settings.describe(),
        seed=seed,
        history=None if window is None else _history(spreads),
    )


def _history(spreads: list[AssetSpread]) -> pd.DataFrame:
    """Return the estimates after each bar; assets with other bars are missing where they have none."""
    import pandas as pd  # noqa: PLC0415 (what arrays give need not load it)

    series = {}
    for each in spreads:
        index = None if each.labels.dates is None else pd.Index(each.labels.row_names)
        series[each.asset] = pd.Series(each.spread, index=index)
    return pd.DataFrame(series).sort_index()
