"""Decimals of a file become the nearest doubles, under every pandas."""

import io

import numpy as np
import pandas as pd
import pytest

from riskresearch.core.frames._exact_numbers import exact_numbers


@pytest.mark.parametrize("version", ["2.2.2", "2.3.0rc1", "3.0.4", "3.1.0", "4.0.0.dev0+12"])
def test_the_option_is_given_only_where_pandas_needs_it(version):
    assert bool(exact_numbers(version)) == (version < "3.1")


def test_every_double_survives_its_decimal():
    numbers = np.random.default_rng(3).standard_normal(20_000) * 10.0 ** np.random.default_rng(4).integers(
        -30, 30, 20_000
    )
    text = "value\n" + "\n".join(map(repr, numbers.tolist()))
    read = pd.read_csv(io.StringIO(text), **exact_numbers(pd.__version__))["value"].to_numpy()
    assert np.array_equal(read, numbers)
