"""Brinson attribution: what groups, holdings, currencies and trading added to the benchmark's return."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from riskresearch.core._checks import check_choice, shown
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.posttrade.attribution._attribution import Attribution
from riskresearch.posttrade.attribution._currency_legs import CurrencyLegs
from riskresearch.posttrade.attribution._levels import Method
from riskresearch.posttrade.attribution._parts import arithmetic_parts, geometric_parts, imputed_note, with_trading
from riskresearch.posttrade.attribution._residuals import check_compounding, check_residuals
from riskresearch.posttrade.attribution._sides import read_sides

if TYPE_CHECKING:
    from collections.abc import Mapping

    from riskresearch.core._types import Data
    from riskresearch.posttrade.attribution._hierarchy import AllGroups

MODELS = ("fachler", "hood_beebower")
INTERACTIONS = ("own", "selection", "allocation")
LINKINGS = ("carino", "menchero", "grap", "frongello", "davies_laker", "geometric")
CURRENCIES = ("karnosky_singer", "ankrim_hensel")
ENDS = ("begin", "end")
RULES = ("allocation", "selection")
OTHER_NAMES = {
    **dict.fromkeys(("portfolio_weights", "wp", "w_p"), "weights"),
    **dict.fromkeys(("wb", "w_b", "bench_weights"), "benchmark_weights"),
    **dict.fromkeys(("Rb", "benchmark"), "benchmark_returns"),
    **dict.fromkeys(("hierarchy", "levels", "classification"), "groups"),
    **dict.fromkeys(("method", "smoothing"), "linking"),
    "bf": 'Write model="fachler" or model="hood_beebower".',
    "geometric": 'Write linking="geometric".',
}


@answers_other_names(OTHER_NAMES)
def brinson(
    weights: Data | Mapping[str, float],
    benchmark_weights: Data | Mapping[str, float],
    returns: Data | Mapping[str, float],
    *,
    benchmark_returns: Data | Mapping[str, float] | None = None,
    groups: AllGroups | None = None,
    model: Literal["fachler", "hood_beebower"] = "fachler",
    interaction: Literal["own", "selection", "allocation"] = "own",
    linking: Literal["carino", "menchero", "grap", "frongello", "davies_laker", "geometric"] = "carino",
    currency: Literal["karnosky_singer", "ankrim_hensel"] | None = None,
    currency_legs: CurrencyLegs | None = None,
    weights_at: Literal["begin", "end"] = "begin",
    cash_returns: float | Data | None = None,
    portfolio_returns: Data | None = None,
    off_benchmark: Literal["allocation", "selection"] = "allocation",
) -> Attribution:
    """Split the excess return over a benchmark into allocation, selection and interaction, by group, asset and period.

    Parameters
    ----------
    weights, benchmark_weights : DataFrame, Series, mapping or array
        Weights with which each row of `returns` began, or constant ones by name or position. What is left to 1 is
        cash; a column that is not named has 0.
    returns : DataFrame, array, or mapping of one period
        Simple returns of the columns: of assets, or those that the portfolio earned in each group.
    benchmark_returns : like `returns`, optional
        Those that the benchmark earned in each group; None where the columns are assets.
    groups : mapping, Series or DataFrame, optional
        The group of each asset; a column for each level of a hierarchy, the widest first. None takes each column for a
        group.
    model : {"fachler", "hood_beebower"}
        Whether allocation compares the benchmark's return of a group with that of the whole benchmark, or with 0.
    interaction : {"own", "selection", "allocation"}
        Where the product of active weight and active return goes.
    linking : {"carino", "menchero", "grap", "frongello", "davies_laker", "geometric"}
        How effects of rows are combined; "geometric" ones multiply to the ratio of both growths.
    currency : {"karnosky_singer", "ankrim_hensel"}, optional
        Effects of currencies, from `currency_legs`; `returns` are then local, or in the base currency.
    currency_legs : CurrencyLegs, optional
        The currencies' returns and net weights.
    weights_at : {"begin", "end"}
        "end" for weights after each row, such as `Backtest.weights`: they earn the next one.
    cash_returns : float or Series, optional
        Return of cash per row; None is 0.
    portfolio_returns : Series, optional
        Return of the portfolio from its transactions; what it has beyond the holdings is the trading effect.
    off_benchmark : {"allocation", "selection"}
        Where the effect of a group goes that the benchmark does not hold: its return is taken for the benchmark's, or
        that of the whole benchmark is.

    Returns
    -------
    Attribution

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, a return of what is held is missing, or growth cannot be compounded.
    AccountingError
        If effects do not sum to the excess return within 1e-12.

    References
    ----------
    Bacon, Practical Portfolio Performance Measurement and Attribution, 2nd ed., 2008, chapters 5, 6 and 8.

    Examples
    --------
    >>> from riskresearch import posttrade
    >>> effects = posttrade.brinson(
    ...     {"UK": 0.4, "Japan": 0.3, "US": 0.3}, {"UK": 0.4, "Japan": 0.2, "US": 0.4},
    ...     {"UK": 0.20, "Japan": -0.05, "US": 0.06}, benchmark_returns={"UK": 0.10, "Japan": -0.04, "US": 0.08})
    >>> effects.totals().round(4).to_dict()
    {'allocation': -0.012, 'selection': 0.03, 'interaction': 0.001, 'total': 0.019}
    """
    check_choice(model, MODELS, name="model")
    check_choice(interaction, INTERACTIONS, name="interaction")
    check_choice(linking, LINKINGS, name="linking")
    check_choice(weights_at, ENDS, name="weights_at")
    check_choice(off_benchmark, RULES, name="off_benchmark")
    _check_currency(currency, currency_legs, linking, portfolio_returns is not None)
    sides = read_sides(weights, benchmark_weights, returns, benchmark_returns, cash_returns, at_end=weights_at == "end")
    geometric = linking == "geometric"
    merged = "selection" if geometric and interaction == "own" else interaction
    method = Method(model == "fachler", merged, off_benchmark == "selection")
    parts = arithmetic_parts(sides, groups, method, currency, currency_legs)
    if portfolio_returns is not None:
        parts = with_trading(parts, portfolio_returns, sides)
    link = "none" if currency == "karnosky_singer" else linking
    check_compounding(parts, link, merged, sides)
    if geometric:
        parts = geometric_parts(parts, 0 if merged == "allocation" else 1, sides)
    check_residuals(parts, link, merged, sides)
    return Attribution(
        assets=sides.columns,
        effects=parts.names,
        levels=parts.levels,
        dates=sides.dates,
        portfolio_returns=parts.returns,
        benchmark_returns=parts.benchmark_returns,
        model=model,
        interaction=merged,
        linking=link,
        currency=currency,
        notes=(
            *_how(weights_at, linking, interaction),
            *sides.notes,
            *parts.notes,
            *imputed_note(parts.levels, off_benchmark),
        ),
    )


def _how(weights_at: str, linking: str, interaction: str) -> tuple[str, ...]:
    """Return what the arguments decide that the fields of the result do not show."""
    when = (
        "weights are those at the beginning of each row"
        if weights_at == "begin"
        else ("weights are those at the end of the row before")
    )
    both = linking == "geometric" and interaction == "own"
    return (f"{when.capitalize()}.", *(["Geometric selection includes interaction."] if both else []))


def _check_currency(currency: str | None, legs: Any, linking: str, trades: bool) -> None:
    if currency is None:
        if legs is not None:
            raise InvalidInputError(
                "currency_legs need a model of currencies, got currency=None. Pass currency='karnosky_singer' or "
                "currency='ankrim_hensel'."
            )
        return
    check_choice(currency, CURRENCIES, name="currency")
    if not isinstance(legs, CurrencyLegs):
        raise InvalidInputError(
            f"currency_legs must be CurrencyLegs(returns, ...) with currency={currency!r}, got {shown(legs)}."
        )
    if currency == "ankrim_hensel" and linking in ("davies_laker", "geometric"):
        raise InvalidInputError(
            f"linking must be 'carino', 'menchero', 'grap' or 'frongello' with currency='ankrim_hensel', got "
            f"{linking!r}: its notional funds hold no currencies."
        )
    if currency == "karnosky_singer" and trades:
        raise InvalidInputError(
            "portfolio_returns must be left out with currency='karnosky_singer': weighted logarithms of markets do not "
            "sum to the logarithm of the portfolio's growth, so the difference is no trading."
        )
