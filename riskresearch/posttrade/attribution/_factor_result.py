"""The result of `factor_attribution`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from riskresearch.core.output._formats import MISSING, counted, percent, percent_of, ratio, ratio_4
from riskresearch.core.output._tables import Block, as_html, as_text, table

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

INFLATION_TO_TELL = 10.0


@dataclass(frozen=True, slots=True, eq=False)
class FactorAttribution:
    """What factors and the specific return make of a return: see `factor_attribution`. One entry per factor."""

    factors: tuple[str, ...]
    exposure: tuple[float, ...]
    """Mean exposure over the rows, the beta of one regression."""
    exposure_error: tuple[float, ...]
    """Standard error of the beta; nan where exposures are given or those of the past."""
    factor_return: tuple[float, ...]
    """Sum of the factor's returns, each times its linking coefficient."""
    effect: tuple[float, ...]
    """Linked sum of exposure times factor return: `tilt` plus `timing`."""
    tilt: tuple[float, ...]
    """Mean exposure times `factor_return`."""
    timing: tuple[float, ...]
    """Rest of the effect: added up, the rows times the covariance (n) of exposure and factor return; zero where the
    exposure is constant."""
    specific: float
    """What the factors leave, alpha included."""
    risk_free: float
    """Sum of the risk-free rates, zero for an active return."""
    total: float
    """Compounded return, less the benchmark's where there is one: effects, specific and risk-free part sum to it."""
    linking: str
    alpha: float
    """Intercept, or mean specific return, per year."""
    alpha_error: float
    r_squared: float
    contributions: Any
    """Return of each factor, specific and risk-free part on each row, unlinked; nan on rows that are left out."""
    exposures: Any
    """Exposure to each factor on each row."""
    observations: int
    left_out: int
    """Rows without exposures or with a missing value."""
    degrees_of_freedom: int
    lags: int
    """Lags of the HAC standard errors; 0 with ordinary ones."""
    errors: str
    corrected: bool
    window: int | None
    source: str
    """Origin of the exposures: "loadings", "regression" or "rolling regression"."""
    is_active: bool
    periods_per_year: float
    confidence: float
    shapley: tuple[float, ...] = ()
    """Share of R squared by the mean over all orders of factors; they sum to it. Only of one regression."""
    sequential: tuple[float, ...] = ()
    """What each factor adds to R squared after those before it."""
    inflation: tuple[float, ...] = ()
    """Variance inflation factor."""
    shapley_error: tuple[float, ...] = ()
    """Standard error of shares from drawn orders; empty where all subsets were computed."""
    seed: int | None = None
    """Seed of the drawn orders."""

    def to_frame(self) -> pd.DataFrame:
        """Return exposure, factor return, effect, tilt and timing by factor, then specific and risk-free part."""
        import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

        names = ("exposure", "factor_return", "effect", "tilt", "timing")
        frame = pd.DataFrame({name: getattr(self, name) for name in names}, index=list(self.factors))
        others = {"specific": self.specific, "risk free": self.risk_free}
        rest = pd.DataFrame({"effect": others}).reindex(columns=list(names))
        return pd.concat([frame, rest.astype(float)]).rename_axis("factor")

    def coefficients(self) -> pd.DataFrame:
        """Return alpha per year and the betas with standard error, t value and interval, and shares of R squared."""
        import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

        estimates = (self.alpha, *self.exposure)
        spreads = (self.alpha_error, *self.exposure_error)
        reach = self._quantile()
        columns: dict[str, Any] = {
            "estimate": estimates,
            "standard_error": spreads,
            "t_value": [a / b if b > 0.0 else math.nan for a, b in zip(estimates, spreads, strict=True)],
            "lower": [a - reach * b for a, b in zip(estimates, spreads, strict=True)],
            "upper": [a + reach * b for a, b in zip(estimates, spreads, strict=True)],
        }
        for name in ("shapley", "sequential", "inflation"):
            if getattr(self, name):
                columns[name] = (math.nan, *getattr(self, name))
        return pd.DataFrame(columns, index=pd.Index(["alpha", *self.factors], name="coefficient"))

    def _quantile(self) -> float:
        from scipy.special import stdtrit  # noqa: PLC0415 (as dear as pandas, and needed for this alone)

        return float(stdtrit(self.degrees_of_freedom, 0.5 + 0.5 * self.confidence))

    def conventions(self) -> str:
        """Return how the numbers were computed."""
        left = "" if self.left_out == 0 else f", {counted(self.left_out, 'row')} left out"
        what = "active return" if self.is_active else "return"
        how = {
            "loadings": "Exposures as given, those at the beginning of each row's period",
            "regression": "Exposures are the betas of one regression with intercept over the same rows, so the effects "
            "describe the past and were not known before it",
            "rolling regression": f"Exposures of a row are the betas over the {self.window} rows before it",
        }[self.source]
        sums = "linked by Carino's factors to compounded returns" if self.linking == "carino" else "added up"
        return (
            f"Effects on the {what} over {counted(self.observations, 'row')}{left}, {sums}. {how}. Tilt is the "
            f"mean exposure times the factor's return, timing the rest of the effect. {self._errors_in_words()}"
            f"{self._shares_in_words()}"
        )

    def _errors_in_words(self) -> str:
        hac = f"HAC (Bartlett weights, {counted(self.lags, 'lag')}{', times n / (n - k)' if self.corrected else ''})"
        of = "alpha, the mean specific return," if self.source != "regression" else "alpha"
        return (
            f"{of[:1].upper()}{of[1:]} times {self.periods_per_year:g}; standard errors: "
            f"{hac if self.errors == 'hac' else 'ordinary'}; {percent_of(self.confidence)} intervals by Student's t, "
            f"{self.degrees_of_freedom} degrees of freedom. R squared {ratio_4(self.r_squared)}."
        )

    def _shares_in_words(self) -> str:
        if not self.shapley:
            return ""
        near = [
            f"{name} ({value:.3g})"
            for name, value in zip(self.factors, self.inflation, strict=True)
            if value > INFLATION_TO_TELL
        ]
        told = f" Variance inflation above {INFLATION_TO_TELL:g}: {', '.join(near)}." if near else ""
        if not self.shapley_error:
            return (
                f"{told} Shapley shares average what a factor adds to it over all orders, sequential ones add in this "
                "order."
            )
        return (
            f"{told} Shapley shares are averages over drawn orders, seed {self.seed}, with standard errors of at most "
            f"{ratio_4(max(self.shapley_error))}; sequential ones add in this order."
        )

    def summary(self) -> str:
        """Return the effects, the coefficients and the conventions as text."""
        return as_text(*self._blocks())

    def _blocks(self) -> list[Block]:
        formats = (ratio, percent, percent, percent, percent)
        rows = []
        for name, *values in self.to_frame().itertuples():
            cells = [write(value) for write, value in zip(formats, values, strict=True)]
            rows.append((name, *("" if cell == MISSING and name not in self.factors else cell for cell in cells)))
        if self.risk_free == 0.0:
            del rows[-1]
        rows.append(("total", "", "", percent(self.total), "", ""))
        return [
            table(["", "exposure", "factor return", "effect", "tilt", "timing"], rows),
            "",
            self._coefficient_table(),
            self.conventions(),
        ]

    def _coefficient_table(self) -> Block:
        frame = self.coefficients()
        heads = {"standard_error": "error", "t_value": "t", "inflation": "VIF"}
        rows = []
        for number, (name, *values) in enumerate(frame.itertuples()):
            first = percent if number == 0 else ratio_4
            formats = [first, first, ratio, first, first, ratio_4, ratio_4, ratio]
            cells = [write(value) for write, value in zip(formats, values, strict=False)]
            rows.append((f"{name} per year" if number == 0 else name, *cells))
        if self.shapley:
            blank = [""] * 5
            rows.append(
                ("R squared", *blank, ratio_4(math.fsum(self.shapley)), ratio_4(math.fsum(self.sequential)), "")
            )
        return table(["", *(heads.get(name, name) for name in frame.columns)], rows)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the effect of each factor, the specific and the risk-free part as bars."""
        from riskresearch.plots import plot_bars  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        effects = self.to_frame()["effect"]
        if self.risk_free == 0.0:
            effects = effects.drop("risk free")
        title = f"{'Active return' if self.is_active else 'Return'} by factor"
        return plot_bars(effects, label="Effect (%)", percent=True, title=title, ax=ax)

    def __repr__(self) -> str:
        return f"FactorAttribution({counted(len(self.factors), 'factor')}, {self.source}, {self.errors} errors)"

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())
