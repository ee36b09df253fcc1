"""The bid-ask spread from bars, where there are no quotes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from riskresearch.core._arguments import check_confidence
from riskresearch.core._checks import check_choice, check_count
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.kernels.inference._block_length import automatic_length
from riskresearch.kernels.inference._bootstrap import bounds, make_plan
from riskresearch.kernels.trades import _spreads as kernels
from riskresearch.metrics.inference._bootstrap import Bootstrap
from riskresearch.posttrade.impact._bar_layouts import FIELDS
from riskresearch.posttrade.impact._bars import Bars, read_bars
from riskresearch.posttrade.impact._spread_result import METHODS, AssetSpread, SpreadEstimate, join_spreads

if TYPE_CHECKING:
    from riskresearch.core._types import FloatVector, NanPolicy

NEGATIVES = ("keep", "zero", "omit")
FEWEST_BARS = {"edge": 3, "roll": 3, "corwin_schultz": 2, "abdi_ranaldo": 2}


@answers_other_names({"estimator": "method", "floor": 'Write negative="zero".', "sign": 'Write negative="keep".'})
def estimated_spread(
    bars: Any,
    *,
    method: Literal["edge", "roll", "corwin_schultz", "abdi_ranaldo"] = "edge",
    negative: Literal["keep", "zero", "omit"] = "keep",
    window: int | None = None,
    confidence: float | Bootstrap | None = None,
    overnight: bool | None = None,
    nan_policy: NanPolicy = "raise",
) -> SpreadEstimate:
    """Estimate the bid-ask spread, as a fraction of the price, from the prices of bars.

    The estimate is of a model: trades bounce between bid and ask around a random walk. Daily bars of liquid stocks have
    too little of it, and about half of their estimates are negative.

    Parameters
    ----------
    bars : DataFrame or mapping of DataFrame
        Columns open, high, low and close, one row a bar; several assets as a mapping, as levels of columns, or as a
        table with columns asset and time. Adjusted closes beside unadjusted prices are not used. "roll" needs closes
        only, so that a Series, or a frame with one column of prices per asset, is enough.
    method : {"edge", "roll", "corwin_schultz", "abdi_ranaldo"}
        Estimator; "edge" is that of Ardia, Guidotti and Kroencke, the most accurate of them.
    negative : {"keep", "zero", "omit"}
        Negative estimates as they are, which keeps an average of many unbiased; as zero; or as missing. With
        "corwin_schultz" it applies to the estimate of each pair of bars before they are averaged.
    window : int, optional
        Bars of a moving window; by default one estimate of all bars.
    confidence : float or Bootstrap, optional
        Coverage of an interval by the stationary bootstrap over bars; not with `window`.
    overnight : bool, optional
        With "corwin_schultz", whether the range of a bar that lies beyond the close before is moved to that close, as
        its authors do; by default True.
    nan_policy : {"raise", "omit"}
        Whether a missing price is an error, or what needs it is left out.

    Returns
    -------
    SpreadEstimate
        One spread per asset, and its history where there is a `window`; nan where it is undefined.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or the bars do.

    References
    ----------
    Roll, J. Finance 39, 1984. Corwin & Schultz, J. Finance 67, 2012. Abdi & Ranaldo, Rev. Financial Studies 30, 2017.
    Ardia, Guidotti & Kroencke, J. Financial Economics 161, 2024.

    Examples
    --------
    >>> import riskresearch as rr
    >>> bars = rr.datasets.load("spy_1min")
    >>> rr.posttrade.estimated_spread(bars)
    SpreadEstimate(edge, 1 asset, 1564 bars)
    """
    check_choice(method, tuple(METHODS), name="method")
    check_choice(negative, NEGATIVES, name="negative")
    adjusted = _overnight(overnight, method)
    fewest = FEWEST_BARS[method]
    if window is not None:
        check_count(window, name="window", minimum=fewest)
        if confidence is not None:
            raise InvalidInputError(f"confidence must be left out with a window, got {confidence!r} and {window}.")
    settings = None if confidence is None else _settings(confidence)
    fields = ("close",) if method == "roll" else FIELDS
    assets = read_bars(bars, fields=fields, nan_policy=nan_policy, min_rows=fewest)
    seed = None if settings is None else settings.seed()
    spreads = [_of_asset(each, method, negative, adjusted, window, settings, seed) for each in assets]
    return join_spreads(spreads, method, negative, adjusted, window, settings, seed)


def _overnight(overnight: bool | None, method: str) -> bool:
    if overnight is not None and not isinstance(overnight, bool):
        raise InvalidInputError(f"overnight must be True or False, got {overnight!r}.")
    if overnight is not None and method != "corwin_schultz":
        raise InvalidInputError(f'overnight must be left out with method="{method}", got {overnight}.')
    return method == "corwin_schultz" and overnight is not False


def _settings(confidence: float | Bootstrap) -> Bootstrap:
    if not isinstance(confidence, Bootstrap):
        return Bootstrap(check_confidence(confidence))
    if confidence.resampling == "filtered":
        raise InvalidInputError("resampling must be 'stationary', 'circular' or 'iid' for bars, got 'filtered'.")
    return confidence


def _of_asset(
    bars: Bars,
    method: str,
    negative: str,
    overnight: bool,
    window: int | None,
    settings: Bootstrap | None,
    seed: int | None,
) -> AssetSpread:
    """Return the estimates of one asset."""
    terms = _terms(bars, method, negative, overnight)
    if window is None:
        signed = np.array([kernels.whole(terms)])
    else:
        signed = kernels.rolling(terms, window)
    raw = _raw(bars, signed, method, overnight)
    spread = _without_negative(signed, negative)
    lower, upper = (np.nan, np.nan) if settings is None else _bounds(terms, float(signed[0]), settings, seed or 0)
    if negative == "zero":
        lower, upper = max(lower, 0.0), max(upper, 0.0)
    return AssetSpread(
        asset=bars.asset,
        spread=spread,
        lower=lower,
        upper=upper,
        estimates=int(np.sum(~np.isnan(raw))),
        negative=int(np.sum(raw < 0.0)),
        bars=len(bars.values),
        missing=int(np.isnan(bars.values).any(axis=1).sum()),
        labels=bars.panel.labels,
    )


def _terms(bars: Bars, method: str, negative: str, overnight: bool) -> kernels.Terms:
    values = np.ascontiguousarray(bars.values)
    if method == "roll":
        return kernels.roll_terms(values[:, 0])
    if method == "corwin_schultz":
        return kernels.corwin_schultz_terms(values, negative, overnight=overnight)
    return kernels.abdi_ranaldo_terms(values) if method == "abdi_ranaldo" else kernels.edge_terms(values)


def _raw(bars: Bars, signed: FloatVector, method: str, overnight: bool) -> FloatVector:
    """Return the estimates to which `negative` applies, as they were before."""
    if method == "corwin_schultz":
        return kernels.two_day_spreads(np.ascontiguousarray(bars.values), overnight=overnight)
    return signed


def _without_negative(signed: FloatVector, negative: str) -> FloatVector:
    if negative == "keep":
        return signed
    with np.errstate(invalid="ignore"):
        return np.where(signed < 0.0, 0.0 if negative == "zero" else np.nan, signed)


def _bounds(terms: kernels.Terms, estimate: float, settings: Bootstrap, seed: int) -> tuple[float, float]:
    """Return the interval of the signed estimate."""
    if np.isnan(estimate):
        return np.nan, np.nan
    resampling = settings.resampling or "stationary"
    pace = terms.pace[1:]
    pace = np.where(np.isnan(pace), np.nanmean(pace), pace)
    length = 1.0 if resampling == "iid" else settings.block_length or automatic_length(pace, resampling)
    draws = kernels.resampled(terms, make_plan(len(pace), settings.draws, resampling, length, seed))
    return bounds(
        draws[~np.isnan(draws)], estimate, settings.confidence, settings.method or "percentile",
        lambda: kernels.without_each(terms),
    )  # fmt: skip
