"""Each check returns the checked value or names the parameter, the rule and what it got."""

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, strategies as st

from riskresearch.core import InvalidInputError
from riskresearch.core._checks import (
    check_choice,
    check_count,
    check_level,
    check_number,
    check_positive,
    check_sequence,
    is_single,
    shown,
    text_keys,
)


@pytest.mark.parametrize("value", [3, 3.0, np.float64(3), np.float32(3), np.int64(3), Fraction(3)])
def test_a_number_of_any_kind_comes_back_as_a_plain_float(value):
    assert type(check_number(value, name="x")) is float
    assert check_number(value, name="x") == 3.0


@pytest.mark.parametrize("value", [True, np.True_, "3", None, math.nan, math.inf, -math.inf, 3j, [3.0], Decimal(3)])
def test_what_is_no_finite_number_is_refused_with_its_repr(value):
    with pytest.raises(InvalidInputError, match=r"risk_free must be a finite number, got ") as caught:
        check_number(value, name="risk_free")
    assert str(caught.value).endswith(f"got {value!r}.")


@given(st.floats(0.5, 1.0, exclude_min=True, exclude_max=True))
def test_levels_between_one_half_and_one_come_back(level):
    assert check_level(level) == level
    assert type(check_level(np.float64(level))) is float


@pytest.mark.parametrize("level", [0.05, 0.5, 0, 1, 1.0, 95, -0.95, 0.01])
def test_other_levels_are_refused_with_the_remedy(level):
    with pytest.raises(
        InvalidInputError, match=r"level must be in \(0\.5, 1\), got .* level=0\.95, not 0\.05 and not 95"
    ):
        check_level(level)


@pytest.mark.parametrize("value", [0, -1, -1e-300, -0.0])
def test_zero_and_less_are_not_positive(value):
    with pytest.raises(InvalidInputError, match=r"periods_per_year must be positive, got "):
        check_positive(value, name="periods_per_year")


@given(st.floats(min_value=0.0, exclude_min=True, allow_infinity=False))
def test_positive_numbers_come_back(value):
    assert check_positive(value, name="x") == value


@pytest.mark.parametrize("value", [2, np.int64(2), np.uint8(2)])
def test_whole_numbers_come_back_as_int(value):
    assert type(check_count(value, name="window", minimum=2)) is int


@pytest.mark.parametrize("value", [1, 2.0, "2", True, None, np.True_, -5])
def test_other_counts_are_refused_with_the_minimum(value):
    with pytest.raises(InvalidInputError, match=r"window must be a whole number of at least 2, got "):
        check_count(value, name="window", minimum=2)


def test_a_choice_comes_back_as_plain_text():
    assert type(check_choice(np.str_("omit"), ("raise", "omit"), name="nan_policy")) is str


def test_a_near_miss_is_suggested_and_a_far_one_is_not():
    with pytest.raises(InvalidInputError, match=r"got 'historic'\. Did you mean 'historical'\?"):
        check_choice("historic", ("historical", "normal"), name="method")
    with pytest.raises(InvalidInputError, match=r"method must be one of 'historical', 'normal', got 'zzz'\.$"):
        check_choice("zzz", ("historical", "normal"), name="method")


@pytest.mark.parametrize("value", [None, 1, ["omit"], {"omit"}])
def test_a_choice_of_another_type_is_refused(value):
    with pytest.raises(InvalidInputError, match=r"nan_policy must be one of 'raise', 'omit', got "):
        check_choice(value, ("raise", "omit"), name="nan_policy")


def test_errors_are_value_errors_too():
    with pytest.raises(ValueError, match="must be positive"):
        check_positive(0, name="x")


@pytest.mark.parametrize("value", [1, 0.5, None, "text", b"x", np.float64(1), np.array(0.5), Decimal(1), object(), int])
def test_one_thing_is_single(value):
    assert is_single(value)


@pytest.mark.parametrize(
    "value", [[1.0], (), {}, np.zeros(1), pd.Series(dtype=float), pd.DataFrame(), pl.LazyFrame(), range(2)]
)
def test_series_and_tables_are_not_single_and_nothing_is_asked_of_them(value):
    assert not is_single(value)


def test_tables_are_shown_by_their_class_and_long_text_is_cut():
    assert shown(pd.DataFrame({"a": [1.0]})) == "a DataFrame"
    assert shown([1.0, 2.0]) == "[1.0, 2.0]"
    assert shown("x" * 500).endswith("...")
    with pytest.raises(InvalidInputError, match=r"x must be a finite number, got a Series\.$"):
        check_number(pd.Series([1.0]), name="x")


def test_a_whole_number_beyond_a_double_is_not_finite():
    with pytest.raises(InvalidInputError, match=r"x must be a finite number, got 1000000"):
        check_number(10**400, name="x")


@pytest.mark.parametrize("value", ["text", b"x", {"a": 1}, pd.Series([1.0]), np.zeros(2), 5, None, pd.DataFrame, {1}])
def test_only_a_sequence_of_objects_is_one(value):
    with pytest.raises(InvalidInputError, match=r"gates must be a sequence, such as a list, got "):
        check_sequence(value, name="gates")
    assert check_sequence([1, 2], name="gates") == (1, 2)


@pytest.mark.parametrize("value", [pd.DataFrame({"a": [1.0]}), pd.DataFrame, 5, [("a", 1.0)]])
def test_a_mapping_is_neither_a_table_nor_a_class(value):
    with pytest.raises(InvalidInputError, match=r"weights must be a mapping or a Series, got "):
        text_keys(value, name="weights")


@pytest.mark.parametrize("value", [np.array(["omit"]), pd.Series(["omit"]), pd.DataFrame({"a": ["omit"]})])
def test_a_choice_in_an_array_is_none(value):
    with pytest.raises(InvalidInputError, match=r"nan_policy must be one of 'raise', 'omit', got a "):
        check_choice(value, ("raise", "omit"), name="nan_policy")
