"""The formulas that kernels inline: exact where they claim it, and the same rule as NumPy's code beside the kernels."""

import ast
import runpy
import textwrap
from fractions import Fraction

import numpy as np
from hypothesis import given, strategies as st

from riskresearch.kernels._build import COMPILED_FOLDER
from riskresearch.kernels._rounding import only_rounding
from riskresearch.kernels.inlined import _formulas
from tests.examples import examples

SOURCE = COMPILED_FOLDER.with_name("inlined") / "_formulas.py"
NUMBERS = st.floats(-1e150, 1e150, allow_subnormal=False).filter(lambda x: x == 0.0 or abs(x) > 1e-150)
RATES = st.floats(-0.9, 2.0, allow_subnormal=False)
STEPS = st.integers(-80, 80)


@given(NUMBERS, NUMBERS)
@examples(100)
def test_what_rounding_takes_off_a_sum_or_a_difference_is_exact(before, value):
    error = Fraction(before) + Fraction(value) - Fraction(before + value)
    assert Fraction(_formulas.sum_error(before, value)) == error
    assert Fraction(_formulas.difference_error(before, -value)) == error


@given(st.lists(NUMBERS, min_size=1, max_size=20))
@examples(60)
def test_a_compensated_sum_keeps_what_each_addition_rounds_off(values):
    sums = np.zeros((1, 2))
    plain = 0.0
    for value in values:
        _formulas.add_compensated(sums, 0, 0, value)
        plain += value
    assert sums[0, 0] == plain
    exact = float(sum(map(Fraction, values)))
    largest = sum(abs(value) for value in values)
    assert abs(sums[0].sum() - exact) <= 2.0**-52 * abs(exact) + 400 * 2.0**-104 * largest


@given(RATES, STEPS)
@examples(100)
def test_two_returns_are_equal_but_for_rounding_by_the_rule_of_whole_samples(rate, steps):
    other = rate + steps * 2.0**-52
    over_one = _formulas.is_over_one(rate) and _formulas.is_over_one(other)
    ours = _formulas.is_rounding(abs(other - rate), max(abs(rate), abs(other)), over_one)
    assert ours == only_rounding(np.array([[rate], [other]]))[0]


def test_a_fall_of_a_tenth_is_a_drawdown_of_a_tenth():
    assert _formulas.drawdown(100.0, 90.0) == 0.1
    assert _formulas.drawdown(100.0, 100.0) == 0.0


def test_decaying_weights_of_equal_numbers_keep_their_mean():
    total = weight = 0.0
    for _ in range(50):
        total, weight = _formulas.decayed_sum(0.9, total, 0.25), _formulas.decayed_sum(0.9, weight, 1.0)
    assert np.isclose(total / weight, 0.25, rtol=1e-15)


def test_cornish_fisher_is_the_identity_for_the_normal_and_takes_arrays():
    assert _formulas.cornish_fisher(-1.6, 0.0, 0.0) == -1.6
    skew, kurtosis = np.array([0.0, -0.5]), np.array([0.0, 2.0])
    both = _formulas.cornish_fisher(-1.6, skew, kurtosis)
    assert both.tolist() == [_formulas.cornish_fisher(-1.6, *shape) for shape in zip(skew, kurtosis, strict=True)]


def test_every_formula_is_declared_for_cython_with_the_same_body(tmp_path):
    setup = runpy.run_path(str(COMPILED_FOLDER.parents[2] / "setup.py"))
    copy = tmp_path / "_formulas.py"
    copy.write_text(SOURCE.read_text())
    setup["write_declarations"](copy)
    declared = copy.with_suffix(".pxd").read_text()
    for formula in ast.parse(SOURCE.read_text()).body:
        if isinstance(formula, ast.FunctionDef):
            assert f" {formula.name}(" in declared
            constants = {node.id for node in ast.walk(formula) if isinstance(node, ast.Name) and node.id.isupper()}
            for line in map(ast.unparse, [] if constants else formula.body[1:]):
                assert textwrap.indent(line, "    ") in declared
