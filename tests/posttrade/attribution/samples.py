"""Inputs of attribution tests: the references' six months, Bacon's four quarters, and random holdings."""

import json
from pathlib import Path

import numpy as np
import pandas as pd

FOLDER = Path(__file__).parents[2] / "reference" / "posttrade"
LINKINGS = ("carino", "menchero", "grap", "frongello", "davies_laker", "geometric")
ARITHMETIC = LINKINGS[:5]
MODELS = ("fachler", "hood_beebower")
INTERACTIONS = ("own", "selection", "allocation")
DATES = pd.bdate_range("2024-01-01", periods=8, name="date")
NAMES = [f"A{number}" for number in range(6)]
SECTORS = pd.DataFrame(
    {"sector": ["x", "x", "x", "y", "y", "y"], "industry": ["p", "p", "q", "r", "s", "s"]}, index=NAMES
)


def reference(name):
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def months():
    """Return the four tables of the references, as fractions."""
    given = reference("attrib_perfattr.json")["input"]
    index = pd.to_datetime([last for _, last in given["periods"]])
    names = ("portfolio_weights", "benchmark_weights", "portfolio_returns", "benchmark_returns")
    return [pd.DataFrame(np.array(given[f"{name}_percent"]) / 100.0, index, given["sectors"]) for name in names]


def holdings(rows=8, seed=3, *, net=1.0, scale=0.02):
    """Return random weights, long and short, benchmark weights and returns of six assets."""
    rng = np.random.default_rng(seed)
    weights = rng.normal(1.0 / 6.0, 0.3, (rows, 6))
    weights += (net - weights.sum(axis=1, keepdims=True)) / 6.0
    others = rng.dirichlet(np.ones(6), rows)
    returns = rng.normal(0.0, scale, (rows, 6))
    index = DATES[:rows] if rows <= len(DATES) else pd.bdate_range("2014-01-01", periods=rows, name="date")
    return tuple(pd.DataFrame(values, index, NAMES) for values in (weights, others, returns))
