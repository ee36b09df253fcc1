"""The portfolio's assets under several sizers, simulated with costs and tested against its own weights."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd

from riskresearch import metrics, plots, sizing
from riskresearch.accounts import Costs
from riskresearch.backtest import Backtest, simulate
from riskresearch.core import InvalidInputError
from riskresearch.core.output._formats import (
    MISSING,
    Formatter,
    count,
    date,
    growth as growth_of_1,
    p_value,
    percent,
    percent_1,
    percent_of,
    ratio,
)
from riskresearch.report._blocks import Definitions, Drawn, Figure, Inapplicable, Paragraph, Table
from riskresearch.report._inputs import Inputs
from riskresearch.report._intervals import bootstrap_settings, bounds
from riskresearch.report._measures import period_name
from riskresearch.report._section import Context, ReportTables, Section, Tables, figure
from riskresearch.report._simulation import COST, MIN_ROWS

LAG = 1
TARGET_VOLATILITY = 0.10
HALFLIFE = 33.0
WINDOW = 252
REBALANCE_EVERY = 21
VOLATILITY_TARGET, VALUE_AT_RISK_BUDGET = "Volatility target", "VaR budget"
INVERSE_VOLATILITY, RISK_PARITY = "Inverse volatility", "Risk parity"


SIGNIFICANCE = 0.05


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class SizingComparison:
    """The numbers of the section on sizing.

    Attributes
    ----------
    measures : DataFrame, shape (n_rules, 10)
        Measures of each way of sizing after costs; no rows where nothing is compared.
    growth : DataFrame, shape (n_dates, n_rules)
        Growth of 1; the first row is that of the first decision.
    p_value : float
        The smallest p-value against the portfolio's own weights, times the number of tests.
    tests : int
        Number of tests.
    budget : float
        VaR budget, a loss per period.
    reason : str
        Why nothing is compared; otherwise empty.
    left_out : str
        Which ways of sizing are left out, and why; empty where none is.
    """

    measures: pd.DataFrame
    growth: pd.DataFrame
    p_value: float
    tests: int
    budget: float
    reason: str
    left_out: str

    def __repr__(self) -> str:
        return f"SizingComparison({len(self.measures)} rules, {len(self.growth):,} dates)"


def no_comparison(reason: str) -> SizingComparison:
    """Return an empty comparison with its reason."""
    return SizingComparison(pd.DataFrame(), pd.DataFrame(), np.nan, 0, np.nan, reason, "")


def compare_sizing(inputs: Inputs, own: metrics.RiskSummary, confidence: float) -> SizingComparison:
    """Compare the ways of sizing over the rows on which every asset has a return."""
    if inputs.assets is None or inputs.weights is None or (inputs.weights != 0.0).sum() < 2:
        return no_comparison("Ways of sizing are compared for two assets or more.")
    held = inputs.weights[inputs.weights != 0.0]
    returns = _complete_span(inputs.assets[list(held.index)])
    reason = _reason_not_to_compare(returns)
    if reason:
        return no_comparison(reason)
    budget = TARGET_VOLATILITY / own.periods_per_year**0.5 * NormalDist().inv_cdf(own.level)
    prices: Any = metrics.wealth_index(returns)
    costs = Costs(commission=COST, cash_rate=own.risk_free)
    accounts, left_out = {}, []
    for name, weights in _targets(returns, held, own, budget, base=_name_of_base(inputs)):
        if isinstance(weights, str):
            left_out.append(f"{name} {weights}")
        else:  # all rules start on the row on which the last of them can decide
            accounts[name] = simulate(weights.iloc[WINDOW - 1 :], prices.iloc[WINDOW - 1 :], lag=LAG, costs=costs)
    measures = _measures(accounts, own, confidence)
    p_values = measures["p_value"].dropna()
    return SizingComparison(
        measures=measures,
        growth=pd.DataFrame({name: account.equity for name, account in accounts.items()}),
        p_value=min(1.0, len(p_values) * float(p_values.min())) if len(p_values) else np.nan,
        tests=len(p_values),
        budget=budget,
        reason="",
        left_out=" ".join(left_out),
    )


def _complete_span(assets: pd.DataFrame) -> pd.DataFrame:
    """Return the rows from the latest first return to the earliest last one."""
    known = assets.notna().to_numpy()
    if not known.any(axis=0).all():
        return assets.iloc[:0]
    first = int(known.argmax(axis=0).max())
    last = len(assets) - int(known[::-1].argmax(axis=0).max())
    return assets.iloc[first : max(first, last)]


def _reason_not_to_compare(returns: pd.DataFrame) -> str:
    """Return why ways of sizing cannot be compared on these returns; empty where they can."""
    if len(returns) < MIN_ROWS:
        return (
            f"Ways of sizing are compared over {MIN_ROWS} returns or more that all assets share; there are "
            f"{len(returns)}."
        )
    gaps = returns.columns[returns.isna().any().to_numpy()]
    if len(gaps):
        return f"Ways of sizing are not compared: {gaps[0]} has returns missing between others."
    ruined = returns.columns[(returns <= -1.0).any().to_numpy()]
    return f"Ways of sizing are not compared: {ruined[0]} lost everything." if len(ruined) else ""


def _name_of_base(inputs: Inputs) -> str:
    return "Equal weights" if inputs.weighting.startswith("equal") else "Given weights"


def _targets(
    returns: pd.DataFrame, held: pd.Series, own: metrics.RiskSummary, budget: float, *, base: str
) -> Iterator[tuple[str, Any]]:
    """Yield each way of sizing with its target weights, decided after each row, or with the reason to leave it out."""
    constant = pd.DataFrame(np.tile(held.to_numpy(), (len(returns), 1)), returns.index, returns.columns)
    portfolio: Any = metrics.portfolio_returns(returns, weights=dict(held))
    yield base, constant
    exposure: Any = sizing.VolatilityPositionSizer(
        target=TARGET_VOLATILITY, halflife=HALFLIFE, periods_per_year=own.periods_per_year
    ).weights(portfolio)
    yield VOLATILITY_TARGET, constant.mul(exposure, axis=0)
    exposure = sizing.VaRPositionSizer(budget=budget, level=own.level, window=WINDOW).weights(portfolio)
    yield VALUE_AT_RISK_BUDGET, constant.mul(exposure, axis=0)
    if (held < 0.0).any():
        yield f"{INVERSE_VOLATILITY} and {RISK_PARITY.lower()}", "are left out: the weights hold short positions."
        return
    yield INVERSE_VOLATILITY, sizing.InverseVolatilitySizer(halflife=HALFLIFE).weights(returns)
    try:
        yield RISK_PARITY, sizing.RiskParitySizer(window=WINDOW, rebalance_every=REBALANCE_EVERY).weights(returns)
    except InvalidInputError:  # a portfolio of the assets has no risk
        yield RISK_PARITY, _no_parity(returns)


def _no_parity(returns: pd.DataFrame) -> str:
    """Return why there is no risk parity: an asset that does not move, or assets that cancel out."""
    spread = returns.rolling(WINDOW).max() - returns.rolling(WINDOW).min()
    still = [str(name) for name in returns if (spread[name] == 0.0).any()]
    why = f"{still[0]} does not move" if still else "assets cancel each other out"
    return f"is left out: in some window of {WINDOW} rows {why}."


def _measures(accounts: dict[str, Backtest], own: metrics.RiskSummary, confidence: float) -> pd.DataFrame:
    how = replace(bootstrap_settings(confidence), resampling="circular")
    yearly: Any = {"risk_free": own.risk_free, "periods_per_year": own.periods_per_year}
    base: Any = None
    rows = {}
    for name, account in accounts.items():
        returns: Any = account.returns.iloc[LAG:].rename(name)  # nothing is held before
        calculator = metrics.RiskMetricsCalculator(returns, **yearly)
        lower, upper, _ = bounds(calculator, returns, "sharpe_ratio", bootstrap_settings(confidence))
        before = account.equity.shift(1).iloc[LAG:]
        paid = account.costs.sum(axis=1).iloc[LAG:]
        against: Any = None if base is None else metrics.sharpe_ratio_difference(returns, base, interval=how, **yearly)
        base = returns if base is None else base
        rows[name] = {
            "annual_return": calculator.annual_return(),
            "volatility": calculator.volatility(),
            "sharpe_ratio": calculator.sharpe_ratio(),
            "sharpe_lower": lower,
            "sharpe_upper": upper,
            "p_value": np.nan if against is None else against.p_value,
            "max_drawdown": calculator.max_drawdown(),
            "exposure": account.gross_exposure.iloc[LAG:].mean(),
            "turnover": account.turnover.iloc[LAG:].mean() * own.periods_per_year,
            "cost": float((paid / before.where(before > 0.0)).mean()) * own.periods_per_year,
        }
    return pd.DataFrame.from_dict(rows, orient="index").astype(float).rename_axis("Sizing")


def rules(found: SizingComparison, own: metrics.RiskSummary) -> list[tuple[str, str]]:
    """Return the rule of each way of sizing and the assumptions of the simulation, as pairs of name and text."""
    period, base = period_name(own.periods_per_year), str(found.measures.index[0])
    scaled = f"{base.lower()} times at most 1, so that "
    words = {
        base: "what the rest of this page is about, but traded: bought, and brought back to its weights, at a cost",
        VOLATILITY_TARGET: f"{scaled}volatility is {TARGET_VOLATILITY:.0%} a year; deviation about zero, half-life "
        f"{HALFLIFE:g} {period}s",
        VALUE_AT_RISK_BUDGET: f"{scaled}VaR {percent_of(own.level)} is {percent(found.budget)} per {period}, that of "
        f"normal returns at {TARGET_VOLATILITY:.0%} a year; historical, last {WINDOW} {period}s",
        INVERSE_VOLATILITY: f"each asset by one over its volatility, half-life {HALFLIFE:g} {period}s; sum 1",
        RISK_PARITY: f"each asset with the same share of the variance of the last {WINDOW} {period}s, solved again "
        f"every {REBALANCE_EVERY}; sum 1",
    }
    assumptions = (
        f"decided after each {period}, filled at the close of the next (lag {LAG}), rebalanced each {period}; "
        f"{COST * 1e4:g} basis points of what is traded; cash earns the risk-free rate; no parameter was chosen on "
        "these data"
    )
    shown = [(name, text) for name, text in words.items() if name in found.measures.index]
    return [*shown, ("Assumptions", assumptions)] + [("Left out", found.left_out)] * bool(found.left_out)


def compute(context: Context) -> Tables:
    """Return the comparison."""
    return {"sizing": compare_sizing(context.inputs, context.summary, context.settings.confidence)}


def draw(tables: ReportTables, context: Context) -> Drawn:
    found = tables.sizing
    if context.inputs.assets is None:
        return Inapplicable("there is one series only")
    if found.reason:
        return [Paragraph(found.reason)]
    frame, period = found.measures, period_name(context.summary.periods_per_year)
    rows = [
        (
            str(rule),
            percent(row["annual_return"]),
            percent(row["volatility"]),
            ratio(row["sharpe_ratio"]),
            _from_to(ratio, row["sharpe_lower"], row["sharpe_upper"]),
            p_value(row["p_value"]),
            percent_1(row["max_drawdown"]),
            percent_1(row["exposure"]),
            percent_1(row["turnover"]),
            percent(row["cost"]),
        )
        for rule, row in zip(frame.index, frame.to_dict("records"), strict=True)
    ]
    head = [
        "Sizing",
        "Annual return",
        "Volatility",
        "Sharpe ratio",
        f"{percent_of(context.settings.confidence)} interval",
        "p",
    ]
    head += ["Max drawdown", "Exposure", "Turnover a year", "Cost a year"]
    index = found.growth.index
    caption = (
        f"{count(len(index) - 1)} {period}s after costs, {date(index[0])} to {date(index[-1])}. p: of a Sharpe ratio "
        f"equal to that of {str(frame.index[0]).lower()}. Exposure: mean sum of absolute weights. Turnover: purchases "
        "and sales over equity; cost over equity as well"
    )
    picture = Figure(_figure(tables), f"Growth of 1, after costs of {COST * 1e4:g} basis points of what is traded.")
    table = Table(head, rows, caption=caption, css="dense")
    verdict = Paragraph(_evidence_on_sizing(tables))
    return [verdict, table, picture, Definitions(rules(found, context.summary))]


def _evidence_on_sizing(tables: ReportTables) -> str:
    """Return the evidence for a difference in words, and the limits of the comparison."""
    found = tables.sizing
    base = str(found.measures.index[0]).lower()
    if np.isnan(found.p_value):
        verdict = f"No way of sizing could be tested against {base}."
    else:
        verdict = (
            "Differences of this size are rarely significant. The smallest p-value of a Sharpe ratio equal to that of "
            f"{base}, multiplied by the {found.tests} tests (Bonferroni; Ledoit and Wolf’s studentised bootstrap), is "
            + p_value(found.p_value)
            + (
                ": below 5%, but of one history."
                if found.p_value <= SIGNIFICANCE
                else ": these data do not tell the ways of sizing apart."
            )
        )
    return (
        f"{verdict} All rows hold the same assets: a choice of assets made with hindsight, as of companies that "
        "survived, lifts every one of them."
    )


def _from_to(write: Formatter, lower: float, upper: float) -> str:
    return MISSING if np.isnan(lower) or np.isnan(upper) else f"{write(lower)} to {write(upper)}"


def _figure(tables: ReportTables) -> str:
    growth = tables.sizing.growth
    last = ", ".join(f"{name} {growth_of_1(value)}" for name, value in growth.iloc[-1].items())
    return figure(
        "sizing",
        f"Line chart of the growth of 1 in {growth.shape[1]} ways of sizing. Last values: {last}.",
        lambda ax: plots.plot_growth(growth, ax=ax),
        height=270.0,
    )


SECTION: Section = Section(
    "sizing",
    "Sizing",
    compute,
    draw,
    tables=("sizing",),
    follows="correlation",
    references=(
        "Ledoit and Wolf 2008 (difference of Sharpe ratios)",
        "Maillard, Roncalli and Teiletche 2010 (risk parity)",
    ),
)
