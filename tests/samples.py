"""Random and special returns that several tests share."""

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

LEVELS = st.sampled_from([0.51, 0.55, 0.56, 0.6, 0.75, 0.9, 0.95, 0.975, 0.99, 0.995, 0.999])


def returns_arrays(min_rows: int = 2, max_rows: int = 60, max_columns: int = 4):
    """Return a strategy for matrices of daily-sized returns, ties included."""
    shapes = st.tuples(st.integers(min_rows, max_rows), st.integers(1, max_columns))
    elements = st.one_of(
        st.floats(-0.3, 0.3, allow_nan=False, allow_subnormal=False).map(lambda x: x if abs(x) > 1e-9 else 0.0),
        st.sampled_from([-0.02, -0.01, 0.0, 0.01]),
    )
    return shapes.flatmap(lambda shape: hnp.arrays(np.float64, shape, elements=elements))


def fat_tailed(rows: int, columns: int, seed: int = 0):
    """Return Student-t returns of one per cent scale, shape (rows, columns)."""
    return np.random.default_rng(seed).standard_t(4, (rows, columns)) * 0.01


def random_of(scipys: Callable[..., Any], seed: int = 0) -> dict[str, np.random.Generator]:
    """Return the argument that gives a function of SciPy its random numbers: `rng` from SciPy 1.15 on."""
    names = inspect.signature(scipys).parameters
    name = next(name for name in ("rng", "random_state", "seed") if name in names)
    return {name: np.random.default_rng(seed)}


# Numbers of any size tell whether a definition holds; as returns they would be implausible, which warns.
of_any_size = pytest.mark.filterwarnings(
    "ignore:.*Returns are simple and fractions:riskresearch.core.ConventionWarning",
    "ignore:.*is a rate per period:riskresearch.core.ConventionWarning",
)


class WithConstructor(pd.DataFrame):
    """A user's frame that stays one through the operations of pandas."""

    @property
    def _constructor(self):
        return WithConstructor

    @property
    def _constructor_sliced(self):
        return SeriesWithConstructor


class SeriesWithConstructor(pd.Series):
    @property
    def _constructor(self):
        return SeriesWithConstructor
