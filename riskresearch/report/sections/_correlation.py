"""The correlation of assets, portfolio and benchmark."""

import numpy as np
import pandas as pd

from riskresearch import plots
from riskresearch.core.output._formats import number
from riskresearch.report._blocks import Block, Drawn, Figure, Inapplicable, Paragraph, Table
from riskresearch.report._measures import period_name
from riskresearch.report._section import Context, ReportTables, Section, Tables, figure, shade

MAX_IN_A_TABLE = 24
TALLEST_POINTS = 520.0
"""Half a sheet of paper; a higher figure would take one by itself."""
MAX_CORRELATED = 100
TOO_MANY_SERIES = f"Not drawn for more than {MAX_CORRELATED} series. The numbers are in the report's tables."


def compute(context: Context) -> Tables:
    """Return the correlation of each pair over their common dates."""
    assets, compared = context.inputs.assets, context.compared
    everything = compared if assets is None else pd.concat([assets, compared], axis=1)
    return {"correlation": everything.loc[:, ~everything.columns.duplicated()].corr()}


def draw(tables: ReportTables, context: Context) -> Drawn:
    if len(tables.correlation) < 2:
        return Inapplicable("there is one series only")
    period = period_name(context.summary.periods_per_year)
    caption = (
        f"Pearson correlation of returns per {period}, each pair over the dates that both have; blue is positive, "
        "orange negative"
    )
    if len(tables.correlation) > MAX_CORRELATED:
        return [Paragraph(TOO_MANY_SERIES)]
    if len(tables.correlation) > MAX_IN_A_TABLE:
        return [Figure(_figure(tables), f"{caption}.", css="grid")]
    return [_table(tables.correlation, caption)]


def _table(matrix: pd.DataFrame, caption: str) -> Block:
    """Return the matrix in hundredths below its diagonal, shaded."""
    rows, shades = [], []
    for place, (name, row) in enumerate(matrix.iterrows()):
        values = row.to_numpy()[: place + 1]
        rows.append([str(name), *(number(100.0 * value, decimals=0) for value in values)])
        shades.append([shade(value, 1.0) for value in values[:-1]] + [""])
        rows[-1] += [""] * (len(matrix) - place - 1)
        shades[-1] += [""] * (len(matrix) - place - 1)
    return Table(
        ["", *map(str, matrix.columns)], rows, f"{caption}; in hundredths", css="dense matrix", cell_css=shades
    )


def _figure(tables: ReportTables) -> str:
    matrix = tables.correlation
    apart = matrix.to_numpy()[~np.eye(len(matrix), dtype=bool)]
    spread = f"from {np.nanmin(apart):.2f} to {np.nanmax(apart):.2f}" if np.isfinite(apart).any() else "undefined"
    return figure(
        "correlation",
        f"Table of correlations between {len(matrix)} series, {spread}.",
        lambda ax: plots.plot_correlation(matrix, ax=ax),
        height=min(TALLEST_POINTS, 70.0 + 17.0 * len(matrix)),
        fit_labels=True,
    )


SECTION: Section = Section(
    "correlation", "Correlation", compute, draw, tables=("correlation",), follows="contributions"
)
