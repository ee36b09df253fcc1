"""Constraints as rows: what they allow is what they say."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from riskresearch.core import InvalidInputError
from riskresearch.sizing import Constraints
from riskresearch.sizing.optimise._constraints import by_position, polytope
from tests.examples import examples

NAMES = ("A", "B", "C")
FULL = Constraints(
    lower={"A": -0.2, "B": -0.1, "C": 0.0}, upper=[0.5, 0.4, 0.9], total=(0.1, 1.0), max_gross=1.2,
    groups=pd.Series({"A": "x", "B": "x", "C": "y"}), group_limits={"x": (-0.1, 0.6)},
)  # fmt: skip


def allows(rows, weights):
    """Say whether some point of the polytope has these weights: sizes, if any, are best at their least."""
    point = np.concatenate([weights, np.abs(weights)])[: rows.columns]
    return bool((rows.below @ point <= rows.at_most + 1e-12).all() and np.allclose(rows.equal @ point, rows.equal_to))


def says(weights):
    a, b, c = weights
    return bool(
        -0.2 <= a <= 0.5 and -0.1 <= b <= 0.4 and 0.0 <= c <= 0.9 and 0.1 <= a + b + c <= 1.0
        and abs(a) + abs(b) + abs(c) <= 1.2 and -0.1 <= a + b <= 0.6
    )  # fmt: skip


@given(st.lists(st.integers(-30, 100).map(lambda cents: cents / 100 + 0.001), min_size=3, max_size=3))
@examples(300)
def test_the_rows_allow_what_the_words_say(weights):
    assert allows(polytope(FULL, NAMES, total=(1.0, 1.0)), np.array(weights)) == says(weights)


def test_the_rows_without_names_are_the_same():
    ours, theirs = (
        polytope(given, names, total=(1.0, 1.0))
        for given, names in ((FULL, NAMES), (by_position(FULL, NAMES), ("0", "1", "2")))
    )
    for left, right in zip(ours, theirs, strict=True):
        assert np.array_equal(left, right)
    assert by_position(None, NAMES) is None
    open_ended = by_position(Constraints(lower=None), NAMES)
    assert polytope(open_ended, ("0", "1", "2"), total=(1.0, 1.0)).at_most.size == 0


def test_the_default_is_long_only_with_the_sum_that_suits_the_problem():
    rows = polytope(None, NAMES, total=(-math.inf, 1.0))
    assert allows(rows, np.array([0.2, 0.0, 0.8]))
    assert allows(rows, np.zeros(3))
    assert not allows(rows, np.array([0.2, -0.01, 0.8]))
    assert not allows(rows, np.array([0.2, 0.1, 0.8]))
    assert polytope(None, NAMES, total=(1.0, 1.0)).equal_to.tolist() == [1.0]


def test_equal_limits_become_equalities_and_infinite_ones_nothing():
    rows = polytope(Constraints(lower=None, upper={"A": 1.0, "B": 2.0, "C": 3.0}, total=0.5), NAMES, total=(1.0, 1.0))
    assert rows.equal_to.tolist() == [0.5]
    assert rows.at_most.tolist() == [1.0, 2.0, 3.0]
    fixed = polytope(Constraints(lower=0.2, upper=0.2, total=(-math.inf, math.inf)), NAMES, total=(1.0, 1.0))
    assert fixed.equal_to.tolist() == [0.2] * 3
    assert fixed.at_most.size == 0


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (Constraints(lower=0.5, upper=0.2), "lower must not be above upper, got 0.5 and 0.2 for 'A'"),
        (Constraints(upper=0.2), "total must be within the sums that the bounds allow, 0 to 0.6, got 1 to 1"),
        (Constraints(lower=0.5), "total must be within the sums that the bounds allow, 1.5 to inf, got 1 to 1"),
        (Constraints(total=(1.0, 0.5)), r"total must be a number or a least and a greatest one, got \(1.0, 0.5\)"),
        (Constraints(total=(1.0, 0.5, 0.2)), "total must be a number or a least and a greatest one"),
        (Constraints(max_gross=0.0), "max_gross must be positive"),
        (Constraints(upper=float("inf")), "upper must be a finite number"),
        (Constraints(upper=[0.5, 0.5]), "upper must be one finite number for each of the 3 columns"),
        (Constraints(upper={"A": 1.0}), "upper must name the columns of the input, but 'B' is in the input only"),
        (Constraints(group_limits={"x": (0, 1)}), "groups must name the group of every asset, got none for 'A'"),
        (
            Constraints(groups=dict.fromkeys(NAMES, "x"), group_limits={"z": (0, 1)}),
            "group_limits must name groups that have members, got 'z'",
        ),
        (
            Constraints(groups=dict.fromkeys(NAMES, "x"), group_limits={"x": (1, 0)}),
            r"group_limits\['x'\] must be a number or a least and a greatest one",
        ),
        ({"upper": 1.0}, "constraints must be riskresearch.sizing.Constraints, got dict"),
    ],
)
def test_what_is_refused(given, text):
    with pytest.raises(InvalidInputError, match=text):
        polytope(given, NAMES, total=(1.0, 1.0))
