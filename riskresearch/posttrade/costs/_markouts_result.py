"""Markouts of fills: their curve, its half-life, and the spreads paid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from riskresearch.core._arguments import check_confidence
from riskresearch.core._checks import name_remedy
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.core.output._formats import between, count, counted, ratio, significant
from riskresearch.core.output._tables import Block, as_html, as_text, table
from riskresearch.files.tables._columns import Instants
from riskresearch.kernels.inference._bootstrap import make_plan, sum_replicates
from riskresearch.kernels.trades._half_life import FEWEST_HORIZONS, fit_decay
from riskresearch.posttrade.costs._horizons import Horizons, time_buckets
from riskresearch.posttrade.costs._market import Market
from riskresearch.posttrade.costs._totals import BASIS_POINTS, FEWEST_CLUSTERS, ratio_intervals

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TOO_FEW = "too few to say"


class HalfLife(NamedTuple):
    """Fit of a markout curve: level + amplitude x 2 ^ (-horizon / half-life)."""

    half_life: float
    """In seconds, or bars; nan where there are too few to say."""
    error: float
    """Standard deviation over the draws."""
    lower: float
    upper: float
    amplitude: float
    """Basis points that go away; positive if the price reverts against the holder."""
    level: float
    """Basis points that stay."""
    verdict: str
    """"reverts", "drifts" (the price goes on moving the holder's way) or "too few to say"."""


@dataclass(frozen=True, slots=True)
class MarkoutSettings:
    """What was asked of markouts."""

    horizons: Horizons
    reference: str
    market: str
    stamped: str
    strict: bool
    confidence: float
    draws: int
    seed: int


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Markouts:
    """What prices did after fills: see `markouts`. Positive is the holder's gain."""

    fills: pd.DataFrame
    """The fills, with the names of columns here."""
    units: FloatVector
    """Signed."""
    price: FloatVector
    instants: Instants
    now: FloatVector
    """Mid, or last close, at each fill."""
    later: FloatMatrix
    """The same after each horizon, shape (horizons, fills)."""
    settings: MarkoutSettings
    prices: Market
    """The market."""

    @property
    def values(self) -> FloatMatrix:
        """Markout of each fill as a fraction, shape (horizons, fills)."""
        base = self.price if self.settings.reference == "price" else self.now
        values = self.later / base
        values -= 1.0
        values *= np.sign(self.units)
        return values

    @property
    def notional(self) -> FloatVector:
        """Money of each fill, without a sign."""
        return np.abs(self.units) * self.price

    def to_frame(self) -> pd.DataFrame:
        """Return one row a horizon: the markout in basis points by notional, its interval, spreads where quotes are."""
        return self._curve(np.ones(self.units.size, dtype=bool), self.settings.confidence)

    def by(self, column: str) -> pd.DataFrame:
        """Return the markout of each group of fills after each horizon, in basis points by notional."""
        key = self._key(column)
        rows = {}
        for name in sorted(key.dropna().unique()):
            curve = self._curve((key == name).to_numpy(), None)
            rows[name] = dict(zip(curve.index, curve["markout_bps"], strict=True)) | {"fills": int((key == name).sum())}
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis(index=column)

    def by_fill(self) -> pd.DataFrame:
        """Return one row a fill: its columns, the mid, the spread paid where quotes are, and each markout, in bps."""
        frame = self.fills.copy()
        frame["mid"] = self.now
        if self.settings.market == "quotes":
            frame["effective_spread_bps"] = BASIS_POINTS * self.effective_spread
        for name, row in zip(self.settings.horizons.names, BASIS_POINTS * self.values, strict=True):
            frame[f"markout_{name}_bps"] = row
        return frame

    @property
    def effective_spread(self) -> FloatVector:
        """Twice side x (price - mid) / mid of each fill; nan without quotes."""
        if self.settings.market != "quotes":
            return np.full(self.units.size, np.nan)
        spread: FloatVector = 2.0 * np.sign(self.units) * (self.price - self.now) / self.now
        return spread

    @property
    def realised_spread(self) -> FloatMatrix:
        """Twice side x (price - mid after the horizon) / mid: what a maker keeps; effective less twice the impact."""
        if self.settings.market != "quotes":
            return np.full(self.later.shape, np.nan)
        spread: FloatMatrix = 2.0 * np.sign(self.units) * (self.price - self.later) / self.now
        return spread

    def half_life(self, *, confidence: float | None = None) -> HalfLife:
        """Fit the half-life of the markout curve, with its error by the bootstrap of stretches of time.

        There are too few to say with fewer than 4 horizons or 10 stretches as long as the longest horizon, where the
        interval of the amplitude holds zero, or where no half-life between a quarter of the shortest horizon and twice
        the longest fits best.
        """
        level = self.settings.confidence if confidence is None else check_confidence(confidence)
        none = float("nan")
        nothing = HalfLife(none, none, none, none, none, none, TOO_FEW)
        drawn = self._drawn_curves()
        if drawn is None:
            return nothing
        estimate, curves = drawn
        spread = curves.var(axis=0)
        if not (spread > 0.0).all():
            return nothing
        horizons = self.settings.horizons.values
        fit, fits = fit_decay(horizons, estimate[None, :], 1.0 / spread), fit_decay(horizons, curves, 1.0 / spread)
        edges = [(1.0 - level) / 2.0, (1.0 + level) / 2.0]
        low, high = np.quantile(fits.amplitude, edges)
        if fit.at_edge[0] or low <= 0.0 <= high:
            return nothing
        lower, upper = np.quantile(fits.half_life, edges)
        verdict = "reverts" if fit.amplitude[0] > 0.0 else "drifts"
        return HalfLife(
            float(fit.half_life[0]), float(fits.half_life.std(ddof=1)), float(lower), float(upper),
            float(fit.amplitude[0]), float(fit.level[0]), verdict,
        )  # fmt: skip

    def conventions(self) -> str:
        """Return by which conventions the markouts were computed."""
        return "\n".join(self._sentences())

    def summary(self) -> str:
        """Return the curve, its half-life and the conventions as text."""
        return as_text(*self._blocks())

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the markout after each horizon, each on its interval."""
        from riskresearch.plots import plot_intervals  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        frame = self.to_frame().rename(columns={"markout_bps": "estimate", "lower_bps": "lower", "upper_bps": "upper"})
        wide = frame[["estimate", "lower", "upper"]].dropna(subset=["estimate"])
        return plot_intervals(
            wide.fillna({"lower": -np.inf, "upper": np.inf}),
            label="Markout in basis points, positive is the holder's gain",
            title=f"What prices did after the fills, with {self.settings.confidence:.0%} intervals",
            ax=ax,
        )

    def __repr__(self) -> str:
        horizons = counted(len(self.settings.horizons.names), "horizon")
        return f"Markouts({counted(self.units.size, 'fill')}, {horizons})"

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())

    def _key(self, column: str) -> pd.Series:
        """Return the group of each fill."""
        if column == "hour":
            return pd.Series(pd.DatetimeIndex(self.fills["time"]).hour, name="hour")
        if column == "side":
            return pd.Series(np.where(self.units > 0.0, "buy", "sell"), name="side")
        if column not in self.fills:
            names = [str(each) for each in self.fills.columns]
            raise InvalidInputError(
                f"column must be 'hour', 'side' or a column of the fills, got {column!r}."
                f"{name_remedy(str(column), names, what='column')}"
            )
        return self.fills[column].reset_index(drop=True)

    def _curve(self, mine: npt.NDArray[np.bool_], confidence: float | None) -> pd.DataFrame:
        """Return the table by horizon of some fills; without a confidence there are no intervals."""
        horizons, notional = self.settings.horizons, self.notional[mine]
        rows: dict[str, dict[str, Any]] = {}
        effective = self.effective_spread[mine]
        for place, (name, value) in enumerate(zip(horizons.names, self.values[:, mine], strict=True)):
            known = ~np.isnan(value)
            costs = (value * notional)[known, None]
            weights = notional[known, None]
            row: dict[str, Any] = {"markout_bps": _mean_bps(value, notional)}
            if confidence is not None:
                row |= self._bounds(costs, weights, self._buckets(place)[mine][known], confidence)
            row["fills"] = int(known.sum())
            if self.settings.market == "quotes":
                realised = self.realised_spread[place, mine]
                both = np.where(np.isnan(realised), np.nan, effective)
                row["effective_spread_bps"] = _mean_bps(both, notional)
                row["realised_spread_bps"] = _mean_bps(np.where(np.isnan(effective), np.nan, realised), notional)
                row["impact_bps"] = row["effective_spread_bps"] - row["realised_spread_bps"]
            rows[name] = row
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis(index="horizon")

    def _bounds(
        self, costs: FloatMatrix, weights: FloatMatrix, buckets: npt.NDArray[np.intp], confidence: float
    ) -> dict[str, float]:
        if not costs.size:
            return {"lower_bps": float("nan"), "upper_bps": float("nan")}
        _, lower, upper, _ = ratio_intervals(
            costs, weights, buckets, confidence, self.settings.draws, self.settings.seed
        )  # fmt: skip
        return {"lower_bps": float(lower[0]), "upper_bps": float(upper[0])}

    def _buckets(self, place: int) -> npt.NDArray[np.intp]:
        return time_buckets(self.prices, self.instants, self.settings.horizons, place)

    def _drawn_curves(self) -> tuple[FloatVector, FloatMatrix] | None:
        """Return the curve in basis points of the fills that have every horizon, and draws of it; None if too few."""
        values, count = self.values, len(self.settings.horizons.names)
        whole = ~np.isnan(values).any(axis=0)
        numbers, own = np.unique(self._buckets(count - 1)[whole], return_inverse=True)
        if count < FEWEST_HORIZONS or numbers.size < FEWEST_CLUSTERS:
            return None
        notional = self.notional[whole]
        sums = [np.bincount(own, values[place, whole] * notional, numbers.size) for place in range(count)]
        terms = np.stack([*sums, np.bincount(own, notional, numbers.size)], axis=1)
        plan = make_plan(numbers.size, self.settings.draws, "iid", 1.0, self.settings.seed)
        drawn = sum_replicates(lambda each: BASIS_POINTS * each[:, :-1] / each[:, -1:], terms, plan)
        total = terms.sum(axis=0)
        return BASIS_POINTS * total[:-1] / total[-1], np.asarray(drawn)

    def _blocks(self) -> list[Block]:
        frame = self.to_frame()
        head = ["Horizon", "Markout, bps", f"{self.settings.confidence:.0%} interval", "Fills"]
        quoted = self.settings.market == "quotes"
        if quoted:
            head += ["Effective spread", "Realised spread", "Impact"]
        rows = []
        for name, row in frame.iterrows():
            cells = [ratio(row["markout_bps"]), between(ratio, row["lower_bps"], row["upper_bps"]), count(row["fills"])]
            if quoted:
                cells += [ratio(row[f"{each}_bps"]) for each in ("effective_spread", "realised_spread", "impact")]
            rows.append((str(name), *cells))
        return [table(head, rows), "", self._half_life_sentence(), *self._sentences()]

    def _half_life_sentence(self) -> str:
        found = self.half_life()
        if found.verdict == TOO_FEW:
            return "Half-life of the reversion: too few to say."
        what = "goes away" if found.verdict == "reverts" else "is still to come"
        unit = self.settings.horizons.unit
        return (
            f"Half-life: {significant(found.half_life)} {unit}, standard error {significant(found.error)}, "
            f"{self.settings.confidence:.0%} interval {between(significant, found.lower, found.upper)}; "
            f"{ratio(abs(found.amplitude))} bps {what}, {ratio(found.level)} bps stay."
        )

    def _sentences(self) -> list[str]:
        asked = self.settings
        base = "the price of the fill" if asked.reference == "price" else "the mid or close at the fill"
        when = "before" if asked.strict else "at or before"
        source = "mid of the last quote" if asked.market == "quotes" else "last close"
        lost = int(np.isnan(self.now).sum())
        ended = int((np.isnan(self.later) & ~np.isnan(self.now)).sum())
        said = [
            f"Positive is the holder's gain: side x (price after the horizon / {base} - 1), by notional; prices are "
            f"the {source} {when} each time.",
            f"Intervals of {asked.confidence:.0%} by a bootstrap of stretches of time as long as the horizon, "
            f"{asked.draws:,} draws, seed {asked.seed}; none with fewer than {FEWEST_CLUSTERS} stretches.",
        ]
        if asked.market == "quotes":
            said.append("Spreads are twice side x (price - mid) / mid; impact is effective less realised.")
            crossed = self.prices.crossed
            said += [f"Quotes with a bid above the ask: {crossed:,}."] * (crossed > 0)
        if lost or ended:
            said.append(
                f"Without a price at the fill: {counted(lost, 'fill')}; horizons without a price, most after the end "
                f"of the market: {ended:,}."
            )
        return said


def _mean_bps(values: FloatVector, notional: FloatVector) -> float:
    known = ~np.isnan(values)
    total = notional[known].sum()
    return float(BASIS_POINTS * (values[known] * notional[known]).sum() / total) if total > 0.0 else float("nan")
