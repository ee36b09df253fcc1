"""One example of each public function that draws, for the contract of all figures."""

import numpy as np
import pandas as pd

from riskresearch import plots

RNG = np.random.default_rng(8)
DATES = pd.bdate_range("2010-01-01", periods=1_500, name="date")
RETURNS = pd.DataFrame(RNG.normal(0.0006, 0.01, (1_500, 2)), index=DATES, columns=["Portfolio", "S&P 500"])
WEALTH = (1.0 + RETURNS).cumprod()
YEARS = (1.0 + RETURNS).groupby(DATES.year).prod() - 1.0
MONTHLY = pd.DataFrame(RNG.normal(0.0, 0.04, (12, 13)), index=range(2008, 2020),
                       columns=[*"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), "Year"])  # fmt: skip
FUNDS = [f"A fund with a long name {number}" for number in range(30)]
BETAS = pd.DataFrame(RNG.normal(1.0, 0.3, (1_500, 9)), index=DATES, columns=FUNDS[:9])


def correlation(count):
    names = FUNDS[:count] if count > 4 else ["AAPL", "MSFT", "JPM", "XOM"][:count]
    return pd.DataFrame(np.corrcoef(RNG.normal(size=(200, count)).T), index=names, columns=names)


def grid(rows, columns, mean=0.6):
    return pd.DataFrame(
        RNG.normal(mean, 0.1, (rows, columns)),
        index=pd.Index(np.linspace(0.05, 0.3, rows).round(4), name="limit"),
        columns=pd.Index(range(5, 5 + 5 * columns, 5), name="cooldown"),
    )


def splits(count):
    ends = range(20, 20 + 5 * count, 5)
    return [[(0, end)] for end in ends], [[(end, end + 20)] for end in ends]


TAIL = {"level": [0.95, 0.99], "value_at_risk": [0.016, 0.023], "conditional_value_at_risk": [0.02, 0.027]}
INTERVALS = pd.DataFrame({"estimate": [1.0, 0.5, 0.2], "lower": [0.2, -0.2, -1.0], "upper": [1.5, 1.0, 1.2]},
                         index=["AAPL", "MSFT", "JPM"])  # fmt: skip

FIGURES = {
    "plot_bars": lambda **how: plots.plot_bars(
        pd.Series({"Global financial crisis of 2008": -0.5, "Flash crash": -0.1, "A gain": 0.2}), label="Return (%)",
        percent=True, **how),
    "plot_bars of twenty": lambda **how: plots.plot_bars(
        pd.Series(RNG.normal(size=20), FUNDS[:20]), label="Share", **how),
    "plot_calendar_years": lambda **how: plots.plot_calendar_years(YEARS, **how),
    "plot_correlation": lambda **how: plots.plot_correlation(correlation(4), **how),
    "plot_correlation of many": lambda **how: plots.plot_correlation(correlation(30), **how),
    "plot_counts": lambda **how: plots.plot_counts(
        pd.DataFrame({"denied": [1_204, 3, 0], "warned": [0, 311, 12]}, ["WEIGHT", "BUYING_POWER", "TURNOVER"]), **how),
    "plot_counts of thirty": lambda **how: plots.plot_counts(
        pd.DataFrame({"denied": range(30), "warned": range(0, 90, 3)}, FUNDS), **how),
    "plot_counts of none": lambda **how: plots.plot_counts(pd.DataFrame({"denied": [], "warned": []}), **how),
    "plot_distribution": lambda **how: plots.plot_distribution(RETURNS["Portfolio"], period="day", **TAIL, **how),
    "plot_exceedances": lambda **how: plots.plot_exceedances(
        RETURNS["Portfolio"], value_at_risk=pd.Series(0.016, DATES), level=0.95, **how),
    "plot_excursions": lambda **how: plots.plot_excursions(
        pd.DataFrame({"mae": np.arange(40.0) ** 2, "net": 1e5 * np.cos(np.arange(40.0))}), unit="(USD)", **how),
    "plot_growth": lambda **how: plots.plot_growth(WEALTH, **how),
    "plot_growth of nine, shaded": lambda **how: plots.plot_growth(
        BETAS.abs() + 0.1, shaded=[("2010-05-03", "2011-01-03"), ("2012-01-02", "2012-02-01")], **how),
    "plot_heat_map": lambda **how: plots.plot_heat_map(grid(4, 5), label="Mean Sharpe ratio", **how),
    "plot_heat_map of 20 by 20": lambda **how: plots.plot_heat_map(grid(20, 20), label="Mean Sharpe ratio", **how),
    "plot_heat_map of 70 by 90": lambda **how: plots.plot_heat_map(grid(70, 90, 0.0), label="Sharpe ratio", **how),
    "plot_histogram": lambda **how: plots.plot_histogram(
        pd.Series(RNG.normal(size=500)), label="Logit", threshold=0.0, **how),
    "plot_intervals": lambda **how: plots.plot_intervals(INTERVALS, label="Sharpe ratio", **how),
    "plot_monthly_table": lambda **how: plots.plot_monthly_table(MONTHLY, **how),
    "plot_risk_return": lambda **how: plots.plot_risk_return(
        [0.2, 0.3, 0.22], [0.08, 0.1, 0.081], names=["AAPL", "MSFT", "JPM"], **how),
    "plot_risk_return of thirty": lambda **how: plots.plot_risk_return(
        np.linspace(0.1, 0.4, 30), RNG.normal(0.05, 0.1, 30), names=[f"F{number}" for number in range(30)], **how),
    "plot_rolling": lambda **how: plots.plot_rolling(
        RETURNS.rolling(50).std(), label="Volatility (% per day)", percent=True, **how),
    "plot_rolling of nine": lambda **how: plots.plot_rolling(
        BETAS, label="Beta to the S&P 500 over the last 250 days, each with the same weight in the window", **how),
    "plot_splits": lambda **how: plots.plot_splits(*splits(5), index=DATES, **how),
    "plot_splits of ninety": lambda **how: plots.plot_splits(*splits(90), index=DATES, **how),
    "plot_used": lambda **how: plots.plot_used(
        pd.Series({"LEVERAGE": 0.978, "UCITS_CONCENTRATION ISSUER_10 Alphabet": 1.34, "RESTRICTED": np.inf,
                   "STRESS_LOSS": 41.0, "CONDITIONAL_VALUE_AT_RISK": np.nan, "WEIGHT A": 0.0}), **how),
    "plot_used of thirty": lambda **how: plots.plot_used(pd.Series(np.linspace(0.0, 0.9, 30), FUNDS), **how),
    "plot_used of none": lambda **how: plots.plot_used(pd.Series(dtype=float), **how),
    "plot_underwater": lambda **how: plots.plot_underwater(1.0 - WEALTH / WEALTH.cummax(), **how),
}  # fmt: skip
