"""Random books of fills, and the ledger of each."""

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from riskresearch.posttrade import Ledger

RULES = ("fifo", "lifo", "hifo", "average")
BARS = 8
DAYS = pd.date_range("2024-01-01", periods=BARS)
ASSETS = ("A", "B", "C")
PRICES = pd.DataFrame(
    np.random.default_rng(7).uniform(5.0, 15.0, (BARS, len(ASSETS))).round(2), index=DAYS, columns=list(ASSETS)
)


def fills_of(rows):
    """Return a table of fills from rows of bar, asset, units, price and costs."""
    frame = pd.DataFrame(rows, columns=["bar", "asset", "units", "price", "fees"])
    frame["time"] = DAYS[frame.pop("bar").astype(int)]
    frame["id"] = np.arange(len(frame))
    return frame.astype({"asset": str, "units": float, "price": float, "fees": float})


def flows_of(rows):
    """Return a table of cash flows from rows of bar, amount and kind."""
    frame = pd.DataFrame(rows, columns=["bar", "amount", "kind"])
    frame["time"] = DAYS[frame.pop("bar").astype(int)]
    return frame.astype({"amount": float, "kind": str})


def actions_of(*rows):
    """Return a table of corporate actions from rows of bar, symbol, kind, value, new symbol and basis."""
    frame = pd.DataFrame(rows, columns=["bar", "symbol", "kind", "value", "new_symbol", "basis"])
    frame["date"] = DAYS[frame.pop("bar").astype(int)]
    return frame


def ledger_of(fills, **options):
    """Return the ledger of fills, beside the prices above unless others are given."""
    return Ledger.from_fills(fills, **{"prices": PRICES, **options})


ROWS = st.lists(
    st.tuples(
        st.integers(0, BARS - 1),
        st.sampled_from(ASSETS),
        st.one_of(st.integers(-9, 9).filter(bool), st.floats(0.01, 9.0), st.floats(-9.0, -0.01)),
        st.floats(1.0, 20.0),
        st.floats(-0.5, 2.0),
    ),
    max_size=25,
)
FLOWS = st.lists(
    st.one_of(
        st.tuples(st.integers(0, BARS - 1), st.floats(0.0, 1e4), st.sampled_from(["deposit", "dividend"])),
        st.tuples(st.integers(0, BARS - 1), st.floats(-1e4, 0.0), st.sampled_from(["withdrawal", "fee", "tax"])),
        st.tuples(st.integers(0, BARS - 1), st.floats(-1e4, 1e4), st.sampled_from(["transfer", "interest"])),
    ),
    max_size=6,
)
