"""Reverse stress tests: the most likely scenario of a given loss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from riskresearch.core._arguments import column_labels, complete_rows
from riskresearch.core._checks import check_choice, check_number
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._plausibility import check_loss
from riskresearch.core._weights import weighted_panel
from riskresearch.core.output._formats import counted, percent, percent_of
from riskresearch.core.output._tables import Block, as_html, as_text, frame_table
from riskresearch.kernels._moments import covariance
from riskresearch.kernels._rounding import moves
from riskresearch.metrics._student_t_fit import fitted_multivariate_t

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes

    from riskresearch.core._types import Data, FloatMatrix, FloatVector, NanPolicy

DISTRIBUTIONS = ("normal", "student_t")


@dataclass(frozen=True, slots=True)
class ReverseStress:
    """The most likely scenario that loses a given fraction: see `reverse_stress`."""

    assets: tuple[str, ...]
    weights: tuple[float, ...]
    scenario: tuple[float, ...]
    """Return of each asset."""
    loss: float
    distance: float
    """Mahalanobis distance of the scenario from the mean, in deviations of the portfolio (scales for a Student-t)."""
    probability: float
    """Probability of at least this loss in one period, under the fitted distribution."""
    distribution: str
    dof: float | None
    observations: int

    def to_frame(self) -> pd.DataFrame:
        """Return one row per asset: weight, return in the scenario, and contribution to the loss."""
        import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

        frame = pd.DataFrame(
            {"weight": self.weights, "scenario": self.scenario}, index=pd.Index(self.assets, name="asset")
        )
        return frame.assign(loss=-frame["weight"] * frame["scenario"])

    def summary(self) -> str:
        """Return the scenario and its likelihood as text."""
        return as_text(*self._blocks())

    def _blocks(self) -> list[Block]:
        return [
            frame_table(self.to_frame(), dict.fromkeys(("weight", "scenario", "loss"), percent)),
            self.conventions(),
        ]

    def conventions(self) -> str:
        """Return in one line how the numbers were computed."""
        shape = "" if self.dof is None else f" with {self.dof:.3g} degrees of freedom"
        return (
            f"Loss {self.loss:.2%}, {self.distance:.2f} deviations away, probability {self.probability:.3g} a period; "
            f"{self.distribution}{shape}, {self.observations} rows."
        )

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the return of each asset in the scenario as a bar."""
        from riskresearch.plots import plot_bars  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        title = f"Most likely way to lose {percent_of(self.loss)}"
        return plot_bars(self.to_frame()["scenario"], label="Return (%)", percent=True, title=title, ax=ax)

    def __repr__(self) -> str:
        return f"ReverseStress(loss={self.loss:g}, {counted(len(self.assets), 'asset')}, {self.distribution})"

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())


@answers_other_names()
def reverse_stress(
    returns: Data,
    weights: Mapping[str, float] | Data,
    *,
    loss: float,
    distribution: Literal["normal", "student_t"] = "normal",
    nan_policy: NanPolicy = "raise",
) -> ReverseStress:
    """Return the most likely scenario in which the portfolio loses `loss`.

    Parameters
    ----------
    returns : DataFrame or 2-D array, shape (rows, assets)
        Simple returns per period.
    weights : mapping, Series or array, shape (assets,)
        Fractions of net asset value.
        A column that a mapping or Series does not name leaves the portfolio, with a warning.
    loss : float
        Loss in one period as a fraction of net asset value, more than the expected one; 0.1 is 10 %.
    distribution : {"normal", "student_t"}
        Sample mean and covariance (n - 1), or a multivariate Student-t of maximum likelihood.
    nan_policy : {"raise", "omit"}
        "omit" leaves out rows on which any asset is missing.

    Returns
    -------
    ReverseStress
        mean - covariance w (loss + w mean) / (w covariance w), which has the greatest density of all scenarios with
        that loss under every elliptical distribution.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or the portfolio does not move.

    References
    ----------
    Glasserman, Kang & Kang, Quantitative Finance 15, 2015.

    Examples
    --------
    >>> import riskresearch
    >>> returns = [[0.01, 0.02], [-0.01, -0.02], [0.02, 0.0], [-0.02, 0.0]]
    >>> result = riskresearch.portfolio.reverse_stress(returns, weights=[0.5, 0.5], loss=0.1)
    >>> [round(move, 4) for move in result.scenario]
    [-0.1077, -0.0923]
    """
    check_choice(distribution, DISTRIBUTIONS, name="distribution")
    panel, vector = weighted_panel(returns, weights, nan_policy=nan_policy, min_rows=2)
    size = check_number(loss, name="loss")
    check_loss(size, name="loss", gross=float(np.abs(vector).sum()))
    values = complete_rows(panel)
    location, scatter, dof = _fitted(values, distribution)
    variance = float(vector @ scatter @ vector)
    if not moves(scatter, vector):
        raise InvalidInputError("weights must make a portfolio that moves, but its variance is zero.")
    spread = variance**0.5
    distance = (size + float(vector @ location)) / spread
    if distance <= 0.0:
        remedy = f" Losses are positive: write loss={-size!r}." if size < 0.0 else ""
        raise InvalidInputError(
            f"loss must be above the expected {-float(vector @ location):.4g}, got {loss!r}.{remedy}"
        )
    from scipy import special  # noqa: PLC0415 (SciPy, which the historical measures do not need)

    chance = special.ndtr(-distance) if dof is None else special.stdtr(dof, -distance)
    return ReverseStress(
        assets=column_labels(panel),
        weights=tuple(vector.tolist()),
        scenario=tuple((location - scatter @ vector * (distance / spread)).tolist()),
        loss=size,
        distance=distance,
        probability=float(chance),
        distribution=distribution,
        dof=dof,
        observations=values.shape[0],
    )


def _fitted(values: FloatMatrix, distribution: str) -> tuple[FloatVector, FloatMatrix, float | None]:
    if distribution == "normal":
        return np.ascontiguousarray(values.T).mean(axis=1), covariance(values), None
    fit = fitted_multivariate_t(values, name="returns", instead='distribution="normal"')
    return fit.location, fit.scatter, fit.dof
