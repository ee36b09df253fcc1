"""Factor attribution: what exposures to factors explain of a return, and what they leave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from riskresearch.core._arguments import check_confidence
from riskresearch.core._checks import check_choice, check_count, listed
from riskresearch.core._errors import AccountingError, InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._periods import resolve_periods_per_year
from riskresearch.core._plausibility import warn_user
from riskresearch.core._seeds import seed_of
from riskresearch.kernels._moments import deviation, size_of
from riskresearch.kernels.attribution._carino import carino_factors
from riskresearch.kernels.attribution._factor_effects import factor_effects, mean_exposure, variance_inflation
from riskresearch.kernels.inference._regression import (
    coefficient_errors,
    decompose,
    newey_west_lags,
    regress,
    rolling_coefficients,
)
from riskresearch.kernels.inference._shapley import (
    MOST_FACTORS_EXACT,
    exact_shares,
    explained_parts,
    sampled_shares,
    sequential_shares,
)
from riskresearch.posttrade.attribution._factor_inputs import FactorInputs, read_inputs
from riskresearch.posttrade.attribution._factor_result import FactorAttribution

if TYPE_CHECKING:
    from riskresearch.core._types import Data, FloatMatrix, FloatVector, NanPolicy

ERRORS = ("hac", "ols")
LINKINGS = ("carino", "none")
LARGEST_INFLATION = 100.0
"""Of a variance: the standard error is ten times what it would be without the other factors."""
ORDERS = 5000
LARGEST_RESIDUAL = 1e-12
OTHER_NAMES = {
    **dict.fromkeys(("betas", "exposures", "factor_loadings", "positions"), "loadings"),
    **dict.fromkeys(("maxlags", "nlags", "hac_lags"), "lags"),
    **dict.fromkeys(("cov_type", "errors_type", "standard_errors"), "errors"),
    "use_correction": "corrected",
}


class _Coefficients(NamedTuple):
    """Estimates of alpha per row and of each beta, their errors, and how many rows are beyond the coefficients."""

    alpha: float
    errors: FloatVector
    free: int
    lags: int


@answers_other_names(OTHER_NAMES, second="factors")
def factor_attribution(
    returns: Data,
    factors: Data,
    *,
    loadings: Mapping[str, Any] | Data | None = None,
    weights: Mapping[str, float] | Data | None = None,
    benchmark: Data | None = None,
    benchmark_loadings: Mapping[str, float] | Data | None = None,
    benchmark_weights: Mapping[str, float] | Data | None = None,
    window: int | None = None,
    errors: Literal["hac", "ols"] = "hac",
    lags: int | None = None,
    corrected: bool = False,
    risk_free: float | Data = 0.0,
    periods_per_year: float | None = None,
    confidence: float = 0.95,
    linking: Literal["carino", "none"] = "carino",
    nan_policy: NanPolicy = "raise",
    rng: int | np.random.Generator | None = 0,
) -> FactorAttribution:
    """Attribute a return to factors: exposure times factor return on each row, and the specific rest.

    Parameters
    ----------
    returns : Series, or DataFrame with `weights`
        Simple returns per period of the portfolio, or of its assets.
    factors : Series, DataFrame or array, shape (rows, factors)
        Returns of factors on the same dates, in excess of the risk-free rate or of long-short portfolios.
    loadings : DataFrame, mapping or Series, optional
        Exposures at the beginning of each row's period, (rows, factors), or constant, by factor. With `weights` those
        of assets: (assets, factors), or a table (rows, assets) for each factor. None estimates them by regression.
    weights : DataFrame, mapping or Series, optional
        Weights of assets at the beginning of each row's period, or constant.
    benchmark : Series, optional
        Returns that are subtracted, so that the active return is attributed; not with asset returns and
        `benchmark_weights`.
    benchmark_loadings : DataFrame, mapping or Series, optional
        Exposures of `benchmark` where `loadings` are given.
    benchmark_weights : DataFrame, mapping or Series, optional
        Weights of the benchmark, as `weights`; the active ones are the difference.
    window : int, optional
        Rows of a rolling regression. A row's exposures come from the rows before it; the first `window` have none and
        are left out. None regresses once over all rows.
    errors : {"hac", "ols"}
        Newey-West's standard errors, which hold under changing variance and autocorrelation, or ordinary ones.
    lags : int, optional
        With "hac"; None takes the whole part of 4 (n / 100) ^ (2 / 9).
    corrected : bool
        Whether Newey-West's variance is multiplied by n / (n - k).
    risk_free : float or Series
        Simple rate per period; it cancels in an active return.
    periods_per_year : float, optional
        Rows that make a year, for alpha; None reads it off the dates.
    confidence : float
        Coverage of the intervals of alpha and betas, from Student's t with n - k degrees of freedom.
    linking : {"carino", "none"}
        Whether effects of rows are scaled by Carino's factors so that they sum to the compounded return, or added.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error, or rows with one left out.
    rng : int, Generator or None
        Seed of the orders that are drawn for Shapley shares of more than 12 factors.

    Returns
    -------
    FactorAttribution
        Effects that sum to the total, tilt and timing, coefficients with errors, shares of R squared.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or the factors are linearly dependent.
    AccountingError
        If factors and specific return don't sum to the return.

    References
    ----------
    Newey & West, Econometrica 55, 1987. Cariño, J. Performance Measurement 3, 1999. Lipovetsky &
    Conklin, Applied Stochastic Models 17, 2001 (Shapley shares).

    Examples
    --------
    >>> import riskresearch
    >>> market = [0.01, -0.02, 0.03, -0.01, 0.0, 0.02]
    >>> returns = [2 * m + 0.001 for m in market]
    >>> result = riskresearch.posttrade.factor_attribution(returns, market, errors="ols", linking="none")
    >>> round(result.exposure[0], 6), round(result.effect[0], 6), round(result.specific, 6)
    (2.0, 0.06, 0.006)
    """
    check_choice(errors, ERRORS, name="errors")
    check_confidence(confidence)
    check_choice(linking, LINKINGS, name="linking")
    if loadings is not None and window is not None:
        raise InvalidInputError(f"window must be left out with loadings, which are not estimated, got {window!r}.")
    given = read_inputs(
        returns,
        factors,
        loadings=loadings,
        weights=weights,
        benchmark=benchmark,
        benchmark_weights=benchmark_weights,
        benchmark_loadings=benchmark_loadings,
        risk_free=risk_free,
        periods=lambda dates: resolve_periods_per_year(periods_per_year, dates),
        nan_policy=nan_policy,
    )
    periods = resolve_periods_per_year(periods_per_year, given.panel.dates)
    if loadings is not None:
        found, exposures = given, given.exposures
    elif window is not None:
        found, exposures = _rolling(given, window)
    else:
        found, exposures = given, None
    statistics: dict[str, Any] = {}
    with np.errstate(over="ignore", invalid="ignore"):  # what a double cannot hold does not sum, which is an error
        if exposures is None:
            exposures, coefficients, statistics = _whole_sample(found, errors, lags, corrected, seed_of(rng))
        else:
            coefficients = _of_mean(found, exposures, errors, lags, corrected)
        return _label(
            found, exposures, coefficients, errors, corrected, periods, confidence, linking, window, statistics
        )


def _whole_sample(
    given: FactorInputs, errors: str, lags: int | None, corrected: bool, seed: int
) -> tuple[FloatMatrix, _Coefficients, dict[str, Any]]:
    """Return the exposures of one regression, its errors, and the shares of R squared."""
    rows, count = given.factors.shape
    if rows < count + 2:
        raise InvalidInputError(
            f"returns needs at least {count + 2} rows for {count} factors and an intercept, got {rows}."
        )
    used = _lags(lags, errors, rows)
    regressors = decompose(np.column_stack([np.ones(rows), given.factors]))
    if regressors is None:
        raise _dependent(given.factors, given.names)
    found = regress(given.explained, regressors)
    inflation = variance_inflation(given.factors)
    _warn_of_collinearity(given.names, inflation)
    spread = coefficient_errors(found, errors=errors, lags=used, corrected=corrected)
    exposures = np.tile(found.coefficients[1:], (rows, 1))
    statistics = {"inflation": tuple(inflation.tolist()), **_shares(given, seed)}
    return exposures, _Coefficients(float(found.coefficients[0]), spread, rows - count - 1, used), statistics


def _shares(given: FactorInputs, seed: int) -> dict[str, Any]:
    """Return what each factor adds to R squared in the order given and over all orders; nan where there is none."""
    count = len(given.names)
    if not _varies(given):
        return dict.fromkeys(("sequential", "shapley"), (float("nan"),) * count)
    parts = explained_parts(given.factors, given.explained)
    shares: dict[str, Any] = {"sequential": tuple(sequential_shares(*parts).tolist())}
    if count <= MOST_FACTORS_EXACT:
        return {**shares, "shapley": tuple(exact_shares(*parts).tolist())}
    shapley, sampling = sampled_shares(*parts, ORDERS, np.random.default_rng(seed))
    return {**shares, "shapley": tuple(shapley.tolist()), "shapley_error": tuple(sampling.tolist()), "seed": seed}


def _rolling(given: FactorInputs, window: int) -> tuple[FactorInputs, FloatMatrix]:
    """Return the rows after the first `window`, and their exposures from the `window` rows before each."""
    rows, count = given.factors.shape
    width = check_count(window, name="window", minimum=count + 2)
    if width > rows - 2:
        raise InvalidInputError(
            f"window must leave at least 2 of the {rows} rows to attribute, got {window!r}: the exposures of a row "
            "come from the rows before it."
        )
    design = np.column_stack([np.ones(rows), given.factors])
    coefficients = rolling_coefficients(given.explained, design, width)[:-1]
    wrong = np.flatnonzero(np.isnan(coefficients).any(axis=1))
    if wrong.size:
        first = int(wrong[0])
        raise InvalidInputError(
            f"{_dependent(given.factors[first : first + width], given.names)} That is in the {width} rows before "
            f"{given.place(first + width)}; a longer window may do."
        )
    kept = {name: getattr(given, name)[width:] for name in ("rows", "returns", "benchmark", "rates", "factors")}
    return given._replace(**kept), coefficients[:, 1:]


def _of_mean(
    given: FactorInputs, exposures: FloatMatrix, errors: str, lags: int | None, corrected: bool
) -> _Coefficients:
    """Return the mean of the specific return and its error; exposures that are given, or of the past, have none."""
    rows, count = given.factors.shape
    if rows < 2:
        raise InvalidInputError(f"returns needs at least 2 rows with loadings, got {rows}.")
    used = _lags(lags, errors, rows)
    constant = decompose(np.ones((rows, 1)), unknown=0.0)
    assert constant is not None
    found = regress(given.explained - (exposures * given.factors).sum(axis=1), constant)
    spread = coefficient_errors(found, errors=errors, lags=used, corrected=corrected)
    return _Coefficients(float(found.coefficients[0]), np.concatenate([spread, np.full(count, np.nan)]), rows - 1, used)


def _lags(lags: int | None, errors: str, rows: int) -> int:
    if errors == "ols":
        if lags is not None:
            raise InvalidInputError(
                f'lags must be left out with errors="ols", got {lags!r}: they are for errors="hac".'
            )
        return 0
    if lags is None:
        return newey_west_lags(rows)
    count = check_count(lags, name="lags", minimum=0)
    if count >= rows:
        raise InvalidInputError(f"lags must be below the {rows} rows that are used, got {lags!r}.")
    return count


def _dependent(factors: FloatMatrix, names: tuple[str, ...]) -> InvalidInputError:
    """Return the error that names the first factor that is a combination of those before it and a constant."""
    design = np.column_stack([np.ones(len(factors)), factors])
    last = next((place for place in range(1, design.shape[1]) if decompose(design[:, : place + 1]) is None), len(names))
    before = f"a linear combination of a constant and {listed(names[: last - 1])}" if last > 1 else "constant"
    constant = bool(np.ptp(factors[:, last - 1]) == 0.0)
    return InvalidInputError(
        f"factors must be linearly independent and not constant, but {names[last - 1]!r} is "
        f"{'constant' if constant else before} but for rounding over {len(factors)} rows. Leave it out."
    )


def _warn_of_collinearity(names: tuple[str, ...], inflation: FloatVector) -> None:
    worst = int(np.argmax(inflation))
    if inflation[worst] > LARGEST_INFLATION:
        warn_user(
            f"factors are nearly collinear: the standard error of the beta of {names[worst]!r} is "
            f"{inflation[worst] ** 0.5:.3g} times what it would be without the others. Single betas mean little; their "
            "sum and R squared do. Pass differences, such as a factor less the market."
        )


def _label(
    given: FactorInputs,
    exposures: FloatMatrix,
    coefficients: _Coefficients,
    errors: str,
    corrected: bool,
    periods: float,
    confidence: float,
    linking: str,
    window: int | None,
    statistics: dict[str, Any],
) -> FactorAttribution:
    parts = exposures * given.factors
    specific = given.explained - parts.sum(axis=1)
    _check_rows(given, parts, specific)
    links = _links(given, linking)
    effects = factor_effects(exposures, given.factors, links)
    active = given.returns - given.benchmark
    return FactorAttribution(
        factors=given.names,
        exposure=tuple(mean_exposure(exposures).tolist()),
        exposure_error=tuple(coefficients.errors[1:].tolist()),
        factor_return=tuple(effects.factor_return.tolist()),
        effect=tuple(effects.effect.tolist()),
        tilt=tuple(effects.tilt.tolist()),
        timing=tuple(effects.timing.tolist()),
        specific=float((links * specific).sum()),
        risk_free=float((links * given.rates).sum()),
        total=float((links * active).sum()),
        linking=linking,
        alpha=coefficients.alpha * periods,
        alpha_error=float(coefficients.errors[0]) * periods,
        r_squared=_r_squared(given, specific),
        **statistics,
        contributions=_frame(given, np.column_stack([parts, specific, given.rates])),
        exposures=given.panel.labels.frame(_over_all_rows(given, exposures), given.names),
        observations=given.rows.size,
        left_out=given.panel.values.shape[0] - given.rows.size,
        degrees_of_freedom=coefficients.free,
        lags=coefficients.lags,
        errors=errors,
        corrected=corrected,
        window=window,
        source="regression" if statistics else "loadings" if window is None else "rolling regression",
        is_active=given.is_active,
        periods_per_year=periods,
        confidence=confidence,
    )


def _links(given: FactorInputs, linking: str) -> FloatVector:
    """Return the linking coefficient of each row: Carino's, or 1."""
    if linking == "none":
        return np.ones(given.rows.size)
    for name, values in (("returns", given.returns), ("benchmark", given.benchmark)):
        if (values <= -1.0).any():
            row = int((values <= -1.0).argmax())
            raise InvalidInputError(
                f"{name} must be above -1 to be compounded, got {values[row]:g} at {given.place(row)}. Pass "
                'linking="none" to add effects.'
            )
    return carino_factors(given.returns, given.benchmark)


def _varies(given: FactorInputs) -> bool:
    return bool(deviation(given.explained[:, None], 0, magnitude=size_of(given.rates))[0] > 0.0)


def _r_squared(given: FactorInputs, specific: FloatVector) -> float:
    """Return 1 less the variance that is left over the variance; nan for returns that are all equal."""
    if not _varies(given):
        return float("nan")
    scale = np.abs(given.explained).max()
    return float(1.0 - (specific / scale).var() / (given.explained / scale).var())


def _check_rows(given: FactorInputs, parts: FloatMatrix, specific: FloatVector) -> None:
    """Raise where factors, specific return and rate don't sum to the return of a row."""
    total = parts.sum(axis=1) + specific + given.rates
    active = given.returns - given.benchmark
    size = 1.0 + np.abs(parts).sum(axis=1) + np.abs(active)
    wrong = np.flatnonzero(~(np.abs(total - active) <= LARGEST_RESIDUAL * size))
    if wrong.size:
        raise AccountingError(
            f"factors and specific return sum to {total[wrong[0]]:g} at {given.place(wrong[0])}, but the return is "
            f"{active[wrong[0]]:g}: a number is beyond what a double holds."
        )


def _frame(given: FactorInputs, parts: FloatMatrix) -> Any:
    names = (*given.names, "specific", "risk free")
    return given.panel.labels.frame(_over_all_rows(given, parts), names)


def _over_all_rows(given: FactorInputs, values: FloatMatrix) -> FloatMatrix:
    """Return values on the rows of the input, nan on those that are left out."""
    result = np.full((given.panel.values.shape[0], values.shape[1]), np.nan)
    result[given.rows] = values
    return result
