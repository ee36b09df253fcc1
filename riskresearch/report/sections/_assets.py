"""Each asset over its own returns."""

import pandas as pd

from riskresearch import metrics
from riskresearch.core.output._formats import count, percent, percent_1, ratio
from riskresearch.report._blocks import MOST_ROWS, WHERE_ALL_ARE, Drawn, Inapplicable, Table
from riskresearch.report._measures import words_of
from riskresearch.report._section import Context, ReportTables, Section, Tables


def compute(context: Context) -> Tables:
    """Return the weight and the measures of each asset; no row for a single series."""
    inputs, settings = context.inputs, context.settings
    if inputs.assets is None or inputs.weights is None:
        return {"assets": pd.DataFrame()}
    result = metrics.summary(
        inputs.assets,
        level=settings.level,
        risk_free=settings.risk_free,
        periods_per_year=context.summary.periods_per_year,
        nan_policy=settings.nan_policy,
    )
    frame = pd.DataFrame(
        {
            "weight": inputs.weights.to_numpy(),
            "observations": result.observations,
            "annual_return": result.annual_return,
            "volatility": result.volatility,
            "sharpe_ratio": result.sharpe_ratio,
            "value_at_risk": result.value_at_risk,
            "conditional_value_at_risk": result.conditional_value_at_risk,
            "max_drawdown": result.max_drawdown,
        },
        index=pd.Index(result.assets, name="Asset"),
    )
    return {"assets": frame}


def draw(tables: ReportTables, context: Context) -> Drawn:
    frame = tables.assets
    if frame.empty:
        return Inapplicable("there is one series only")
    words = words_of(context.summary)
    shown = largest_alone(frame)
    write = (percent, count, percent_1, percent_1, ratio, percent, percent, percent_1)
    rows = [
        (str(name), *(form(value) for form, value in zip(write, values, strict=True)))
        for name, *values in shown.itertuples()
    ]
    head = ["Asset", "Weight", "Returns", "Annual return", "Volatility", "Sharpe ratio"]
    head += [f"VaR {words['level']}", f"CVaR {words['level']}", "Max drawdown"]
    table = Table(
        head,
        rows,
        caption=f"{_which(shown, frame)} over its own returns; VaR and CVaR per {words['period']}, return and ratios "
        f"per year{f'; {WHERE_ALL_ARE}' if len(shown) < len(frame) else ''}",
        css="dense",
    )
    return [table]


def largest_alone(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the assets that the page shows: all in their order, or those of the largest weight times volatility."""
    if len(frame) <= MOST_ROWS:
        return frame
    alone = (frame["weight"].abs() * frame["volatility"]).fillna(0.0)
    return frame.iloc[alone.to_numpy().argsort(kind="stable")[::-1][:MOST_ROWS]]


def _which(shown: pd.DataFrame, frame: pd.DataFrame) -> str:
    if len(shown) == len(frame):
        return "Each asset"
    return (
        f"The {count(len(shown))} of {count(len(frame))} assets with the most risk alone, weight times volatility, each"
    )


SECTION: Section = Section("assets", "Assets", compute, draw, tables=("assets",), follows="stress")
