"""Entropy pooling: probabilities of scenarios that satisfy views."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._arguments import column_labels, row_probabilities
from riskresearch.core._checks import check_number, check_positive, name_remedy, shown, text_keys
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._panel import as_panel

if TYPE_CHECKING:
    from riskresearch.core._panel import Panel
    from riskresearch.core._types import Data, FloatMatrix, FloatVector

RESIDUAL_TOLERANCE = 1e-8


@answers_other_names()
def entropy_pooling(
    returns: Data,
    *,
    means: Mapping[str, float] | None = None,
    volatilities: Mapping[str, float] | None = None,
    prior: Data | None = None,
) -> Any:
    """Return the probabilities of scenarios that satisfy the views and are closest to the prior in relative entropy.

    Parameters
    ----------
    returns : DataFrame or array, shape (rows, assets)
        Scenarios of simple returns; columns of arrays are named "0", "1" and so on.
    means : mapping, optional
        Expected return per period of some columns.
    volatilities : mapping, optional
        Deviation per period of some columns, about the mean of the view, or of the prior if there is no view on it.
    prior : array, shape (rows,), optional
        Probabilities before the views; equal ones by default.

    Returns
    -------
    Series or 1-D array, shape (rows,)
        Positive where the prior is, with sum 1, for `risk_contributions(..., probabilities=...)`.

    Raises
    ------
    InvalidInputError
        If no probabilities of these scenarios satisfy the views.

    References
    ----------
    Meucci, Risk 21(10), 2008: the dual of the relative entropy, a smooth convex function with one variable per view.

    Examples
    --------
    >>> import riskresearch
    >>> riskresearch.portfolio.entropy_pooling([[-0.02], [0.02]], means={"0": 0.01}).round(6)
    array([0.25, 0.75])
    """
    panel = as_panel(returns)
    before = np.full(panel.values.shape[0], 1.0 / panel.values.shape[0])
    if prior is not None:
        before = row_probabilities(prior, panel, name="prior")
    away = _views(panel, {} if means is None else means, {} if volatilities is None else volatilities, before)
    after = before.copy()
    if away.shape[1]:  # impossible scenarios stay impossible
        possible = before > 0.0
        after[possible] = _tilted(away[possible], before[possible])
    if not panel.labels.columns:
        return after
    labelled: Any = panel.labels.over_time(np.repeat(after[:, None], panel.values.shape[1], axis=1))
    if hasattr(labelled, "iloc"):
        return (labelled if labelled.ndim == 1 else labelled.iloc[:, 0]).rename("probability")
    return (labelled if labelled.__class__.__name__ == "Series" else labelled[labelled.columns[-1]]).rename(
        "probability"
    )


def _views(panel: Panel, means: Any, volatilities: Any, prior: FloatVector) -> FloatMatrix:
    """Return the distance of each row from each view over the largest one, shape (rows, views)."""
    names = column_labels(panel)
    for argument, views in (("means", means), ("volatilities", volatilities)):
        if not isinstance(views, Mapping):
            raise InvalidInputError(f"{argument} must be a mapping from column to number, got {shown(views)}.")
        for name in text_keys(views, name=argument):
            if name not in names:
                remedy = name_remedy(name, names, what="column")
                raise InvalidInputError(f"{argument} must name columns of returns, got {name!r}.{remedy}")
    columns = []
    centres = {str(name): check_number(value, name=f"means[{name!r}]") for name, value in means.items()}
    for name, centre in centres.items():
        columns.append(panel.values[:, names.index(name)] - centre)
    for name, value in volatilities.items():
        column = panel.values[:, names.index(str(name))]
        size = check_positive(value, name=f"volatilities[{name!r}]")
        columns.append((column - centres.get(str(name), float(prior @ column))) ** 2 - size * size)
    if not columns:
        return np.empty((panel.values.shape[0], 0))
    away = np.column_stack(columns)
    largest = np.abs(away).max(axis=0)
    scaled: FloatMatrix = away / np.where(largest > 0.0, largest, 1.0)
    return scaled


def _tilted(away: FloatMatrix, prior: FloatVector) -> FloatVector:
    """Minimise log sum prior exp(away @ x): its gradient is the mean of `away`, its Hessian the covariance."""
    from scipy import optimize  # noqa: PLC0415 (SciPy, which most measures do not need)

    def weights(x: FloatVector) -> tuple[FloatVector, float]:
        powers = away @ x
        top = powers.max()
        mass = prior * np.exp(powers - top)
        return mass / mass.sum(), float(np.log(mass.sum()) + top)

    def covariance(x: FloatVector) -> FloatMatrix:
        share = weights(x)[0]
        centred = away - share @ away
        spread: FloatMatrix = (centred * share[:, None]).T @ centred
        return spread

    minimize: Any = optimize.minimize  # its stubs require vectors that are known to have one dimension
    found = minimize(
        lambda x: weights(x)[1],
        np.zeros(away.shape[1]),
        jac=lambda x: weights(x)[0] @ away,
        hess=covariance,
        method="trust-exact",
        options={"gtol": 1e-13, "maxiter": 500},
    )
    result = weights(found.x)[0]
    left = float(np.abs(result @ away).max())
    if not left <= RESIDUAL_TOLERANCE:
        raise InvalidInputError(
            "means and volatilities must be attainable together, but no probabilities of these scenarios satisfy them: "
            f"the closest miss a view by {left:.2g} of its widest scenario. Soften a view or add scenarios."
        )
    return result
