"""General linear constraints: what the text means, that solutions keep to it, and that other solvers agree."""

import dataclasses
import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, strategies as st
from scipy import optimize

from riskresearch.core import ConventionWarning, InvalidInputError
from riskresearch.metrics import conditional_value_at_risk
from riskresearch.sizing import (
    Constraints,
    KellyPositionSizer,
    MeanCVaRSizer,
    MinimumCVaRSizer,
    RiskParitySizer,
    continuous_kelly_weights,
    kelly_weights,
    mean_cvar,
    minimum_cvar,
    risk_parity,
)
from riskresearch.sizing.optimise._constraints import linear_of
from tests.examples import examples

NAMES = ("AAPL", "MSFT", "BRK-B", "S&P 500")
GROUPS = {"AAPL": "TECH", "MSFT": "TECH", "BRK-B": "FIN", "S&P 500": "INDEX"}
ROWS = pd.DataFrame(
    np.random.default_rng(0).normal([0.001, 0.0008, 0.0005, 0.0004], 0.01, (120, 4)), columns=list(NAMES)
)
OPTIMISERS = {
    "kelly": lambda rows, limits: kelly_weights(rows, constraints=limits),
    "quadratic kelly": lambda rows, limits: kelly_weights(rows, constraints=limits, method="quadratic"),
    "continuous kelly": lambda rows, limits: continuous_kelly_weights(rows.mean(), rows.cov(), constraints=limits),
    "minimum cvar": lambda rows, limits: minimum_cvar(rows, constraints=limits),
    "mean cvar": lambda rows, limits: mean_cvar(rows, risk_aversion=0.1, constraints=limits),
    "risk parity": lambda rows, limits: risk_parity(rows.cov(), constraints=limits),
}
each_optimiser = pytest.mark.parametrize("optimiser", OPTIMISERS)


def rows_of(*texts, **others):
    return linear_of(Constraints(groups=GROUPS, linear=list(texts) or None, **others), NAMES)


# --- what the text means


@pytest.mark.parametrize(
    ("text", "coefficients", "low", "high"),
    [
        ("AAPL + MSFT <= 0.3", [1, 1, 0, 0], -np.inf, 0.3),
        ("TECH >= 20%", [1, 1, 0, 0], 0.2, np.inf),
        ("AAPL == 2 * MSFT", [1, -2, 0, 0], 0.0, 0.0),
        ("AAPL = MSFT * 2", [1, -2, 0, 0], 0.0, 0.0),
        ("0.3 >= AAPL", [-1, 0, 0, 0], -0.3, np.inf),
        ("BRK-B <= .1", [0, 0, 1, 0], -np.inf, 0.1),
        ("'BRK-B' + `S&P 500` - \"AAPL\" <= 1e-1", [-1, 0, 1, 1], -np.inf, 0.1),
        ("S&P 500-BRK-B>=-0.5", [0, 0, -1, 1], -0.5, np.inf),
        ("-AAPL - (MSFT - 0.1) / 2 <= 0", [-1, -0.5, 0, 0], -np.inf, -0.05),
        ("0.5 * (TECH + 3 * FIN) <= TECH / 4 + 0.1", [0.25, 0.25, 1.5, 0], -np.inf, 0.1),
        ("  +AAPL>=5 %  ", [1, 0, 0, 0], 0.05, np.inf),
    ],
)
def test_a_comparison_is_a_row(text, coefficients, low, high):
    """Worked by hand: all weights on the left, all numbers on the right."""
    found = rows_of(text)
    assert found.matrix[0] == pytest.approx(coefficients, abs=1e-15)
    assert (found.lower[0], found.upper[0]) == pytest.approx((low, high), abs=1e-15)
    assert found.labels == (f"linear {text.strip()}",)


def test_a_double_comparison_is_two_rows_of_one_name():
    found = rows_of("0.1 <= TECH - FIN <= 40%")
    assert found.matrix.tolist() == [[-1, -1, 1, 0], [1, 1, -1, 0]]
    assert found.upper.tolist() == [-0.1, 0.4]
    assert len(set(found.labels)) == 1


def test_matrices_go_by_position_or_by_name():
    matrix = np.array([[1.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, -1.0]])
    frame = pd.DataFrame(matrix, index=["tech", "rest"], columns=list(NAMES))
    plain = rows_of(inequalities=(matrix, [0.3, 0.1]))
    named = rows_of(inequalities=(frame[list(NAMES[::-1])], pd.Series({"rest": 0.1, "tech": 0.3})))
    assert np.array_equal(plain.matrix, named.matrix)
    assert plain.upper.tolist() == named.upper.tolist() == [0.3, 0.1]
    assert named.labels == ("inequalities row tech", "inequalities row rest")
    one = rows_of(equalities=([1, 0, 0, 0], 0.25))
    assert (one.lower.tolist(), one.upper.tolist()) == ([0.25], [0.25])
    words = rows_of("TECH <= 0.3", "'BRK-B' - 'S&P 500' <= 0.1")
    assert np.array_equal(words.matrix, plain.matrix)
    assert np.array_equal(words.upper, plain.upper)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("AAPL < 0.3", "'<' is no comparison of weights. Write <=, >= or =="),
        ("AAPL => 0.3", "'=>' is no comparison of weights"),
        ("AAPL", "a constraint has one comparison"),
        ("AAPL <= 0.1 <= MSFT <= 0.2", "a constraint has one comparison, <=, >= or ==, or two"),
        ("0.1 <= AAPL >= 0.2", "two comparisons must point the same way"),
        ("AAPL * MSFT <= 1", "a product of two weights is not linear"),
        ("1 / AAPL <= 1", "it can be divided by numbers other than zero only"),
        ("AAPL / 0 <= 1", "it can be divided by numbers other than zero only"),
        ("0.5 AAPL <= 1", r"what follows '0.5' cannot be read. Multiply with \*"),
        ("AAPL <= 0.3, MSFT <= 0.2", "what follows 'AAPL <= 0.3' cannot be read"),
        ("(AAPL <= 0.3", "a parenthesis is not closed"),
        ("AAPL + <= 0.3", "a name or a number must stand where '<=' does"),
        ("", "something is missing at its end"),
        ("AAPL <= ", "something is missing at its end"),
        ("1 <= 2", "it compares numbers alone. Put quotes around names that are numbers"),
        ("AAPL - AAPL <= 1", "it compares numbers alone"),
        ("aapl <= 0.1", "'aapl' is no asset and no group. Names are compared as they are written"),
        ("APPL <= 0.1", "'APPL' is no asset and no group. Did you mean 'AAPL'"),
        ("AAPL <= nan", "'nan' is no asset and no group"),
        ("AAPL <= 0.3 #", "'#' is no asset and no group|what follows"),
    ],
)
def test_what_cannot_be_read_is_refused(text, message):
    with pytest.raises(InvalidInputError, match=f"linear must be constraints such as .*{message}"):
        rows_of(text)


def test_names_that_could_be_read_in_two_ways_need_quotes():
    limits = Constraints(linear="BTC-USD <= 0.1")
    assert linear_of(limits, ("BTC-USD", "ETH-USD")).matrix.tolist() == [[1, 0]]
    both = ("BTC-USD", "BTC", "USD")
    with pytest.raises(InvalidInputError, match="'BTC-USD' is a name, but 'BTC' is one too"):
        linear_of(limits, both)
    assert linear_of(Constraints(linear="'BTC-USD' <= 0.1"), both).matrix.tolist() == [[1, 0, 0]]
    assert linear_of(Constraints(linear="BTC - USD <= 0.1"), both).matrix.tolist() == [[0, 1, -1]]
    with pytest.raises(InvalidInputError, match=r"1 is a number and a name\. Write 1\.0 for the number"):
        linear_of(Constraints(linear="'0' <= 1"), ("0", "1"))
    assert linear_of(Constraints(linear="'0' <= 1.0 * '1'"), ("0", "1")).matrix.tolist() == [[1, -1]]
    with pytest.raises(InvalidInputError, match=r"'A' is an asset and a group\. Give the group another name"):
        linear_of(Constraints(linear="A <= 0.1", groups={"A": "B", "B": "A"}), ("A", "B"))
    assert linear_of(Constraints(linear="A <= 0.1"), ("A", "A.B", "AB")).matrix.tolist() == [[1, 0, 0]]
    assert linear_of(Constraints(linear="A.B + AB <= 0.1"), ("A", "A.B", "AB")).matrix.tolist() == [[0, 1, 1]]


def test_percent_without_its_sign_warns():
    with pytest.warns(ConventionWarning, match=r"has a bound of 30 times the equity\. A weight of 30 % is 0\.3 or 30%"):
        rows_of("TECH <= 30")


# --- solutions keep to them


def holds(limits, weights):
    found = linear_of(limits, NAMES)
    sums = found.matrix @ np.array(weights)
    return bool((sums >= found.lower - 1e-7).all() and (sums <= found.upper + 1e-7).all())


@each_optimiser
@given(seed=st.integers(0, 10_000), count=st.integers(1, 3))
@examples(8)
def test_every_optimiser_keeps_to_them(optimiser, seed, count):
    """The rows are drawn so that some positive weights with sum 1, also drawn, meet them all."""
    rng = np.random.default_rng(seed)
    inside = rng.dirichlet(np.full(4, 3.0))
    matrix = rng.integers(-2, 3, (count, 4)).astype(float)
    assume(matrix.any(axis=1).all())
    limits = Constraints(inequalities=(matrix, matrix @ inside + rng.uniform(0.0, 0.05, count)))
    found = OPTIMISERS[optimiser](ROWS, limits)
    assert holds(limits, found.weights)
    assert min(found.weights) >= 0.0
    free = OPTIMISERS[optimiser](ROWS, None)
    if holds(limits, free.weights) and optimiser != "mean cvar":
        assert found.weights == pytest.approx(free.weights, abs=2e-5)


@each_optimiser
def test_text_and_matrices_and_sizers_solve_the_same(optimiser):
    words = Constraints(groups=GROUPS, linear=["TECH <= 30%", "BRK-B == 0.5 * AAPL", "AAPL >= 0.1"])
    matrix = Constraints(inequalities=([[1, 1, 0, 0], [-1, 0, 0, 0]], [0.3, -0.1]), equalities=([[-0.5, 0, 1, 0]], 0.0))
    ours, theirs = OPTIMISERS[optimiser](ROWS, words), OPTIMISERS[optimiser](ROWS, matrix)
    assert ours.weights == pytest.approx(theirs.weights, abs=1e-7)
    assert holds(words, ours.weights)
    assert "linear BRK-B == 0.5 * AAPL" in ours.binding


@pytest.mark.parametrize(
    ("sizer", "optimiser"),
    [
        (KellyPositionSizer, "kelly"),
        (RiskParitySizer, "risk parity"),
        (MinimumCVaRSizer, "minimum cvar"),
        (MeanCVaRSizer, "mean cvar"),
    ],
)
def test_sizers_keep_to_them_say_so_and_are_saved(sizer, optimiser):
    frame = pd.DataFrame([[1, 1, 0, 0.0]], index=["tech"], columns=list(NAMES))
    limits = Constraints(groups=GROUPS, linear=["FIN >= 20%"], inequalities=(frame, 0.3))
    price = {"risk_aversion": 0.1} if sizer is MeanCVaRSizer else {}
    made = sizer(window=120, constraints=limits, **price)
    weights = made.weights(ROWS).iloc[-1]
    assert weights.to_numpy() == pytest.approx(OPTIMISERS[optimiser](ROWS, limits).weights, abs=1e-9)
    assert "LINEAR" in made.explain(ROWS).summary() or "LINEAR" in str(made.explain(ROWS).to_frame())
    state = json.loads(json.dumps(made.start(NAMES).to_dict()))
    dataclasses.replace(made).resume(state)
    other = dataclasses.replace(made, constraints=dataclasses.replace(limits, linear=["FIN >= 10%"]))
    with pytest.raises(InvalidInputError, match="state must be that of the same definition"):
        other.resume(state)


# --- independent solvers


def test_kelly_agrees_with_slsqp():
    """E log(wealth) over the rows by scipy's SLSQP, with the same rows as its own constraints."""
    limits = Constraints(groups=GROUPS, linear=["TECH <= 0.3", "S&P 500 <= 2 * BRK-B"])
    bet = kelly_weights(ROWS, constraints=limits, uncertainty="ignore")
    values = ROWS.to_numpy()
    found = optimize.minimize(
        lambda w: -np.log1p(values @ w).mean() * 1e4, np.full(4, 0.1), bounds=[(0, 1)] * 4, method="SLSQP",
        constraints=[
            {"type": "ineq", "fun": lambda w: 0.3 - w[0] - w[1]}, {"type": "ineq", "fun": lambda w: 2 * w[2] - w[3]},
            {"type": "ineq", "fun": lambda w: 1.0 - w.sum()},
        ],
        options={"ftol": 1e-14, "maxiter": 1000},
    )  # fmt: skip
    assert bet.weights == pytest.approx(found.x, abs=1e-4)
    assert bet.growth_rate >= -found.fun / 1e4 - 1e-12


def test_minimum_cvar_agrees_with_a_linear_programme():
    """Rockafellar & Uryasev's programme, written out for `linprog`: weights, VaR and excesses of 120 rows at 95 %."""
    limits = Constraints(groups=GROUPS, linear=["TECH >= 0.6", "AAPL == MSFT"])
    found = minimum_cvar(ROWS, constraints=limits)
    values, count = ROWS.to_numpy(), len(ROWS)
    cost = np.concatenate([np.zeros(4), [1.0], np.full(count, 1.0 / (0.05 * count))])
    above = np.hstack([-values, -np.ones((count, 1)), -np.eye(count)])
    tech = np.concatenate([[-1, -1], np.zeros(3 + count)])
    equal = np.vstack([[1, 1, 1, 1, *[0] * (count + 1)], [1, -1, *[0] * (count + 3)]])
    best = optimize.linprog(
        cost, A_ub=np.vstack([above, tech]), b_ub=np.append(np.zeros(count), -0.6), A_eq=equal, b_eq=[1, 0],
        bounds=[(0, None)] * 4 + [(None, None)] + [(0, None)] * count,
    )  # fmt: skip
    assert conditional_value_at_risk(ROWS.to_numpy() @ np.array(found.weights)) == pytest.approx(best.fun, rel=1e-7)


def test_risk_parity_agrees_with_slsqp():
    """w'Cw / 2 - s sum log w at the scale s at which the weights sum to 1, by SLSQP and bisection of s."""
    covariance, limits = ROWS.cov() * 1e4, Constraints(groups=GROUPS, linear=["TECH <= 0.3", "FIN <= S&P 500"])
    matrix = covariance.to_numpy()
    found = np.array(risk_parity(covariance, constraints=limits).weights)

    def at(scale):
        return optimize.minimize(
            lambda w: 0.5 * w @ matrix @ w - scale * np.log(w).mean(), found, jac=lambda w: matrix @ w - scale / 4 / w,
            bounds=[(1e-6, 2)] * 4, method="SLSQP", options={"ftol": 1e-15, "maxiter": 500},
            constraints=[
                {"type": "ineq", "fun": lambda w: 0.3 - w[0] - w[1]}, {"type": "ineq", "fun": lambda w: w[3] - w[2]},
            ],
        ).x  # fmt: skip

    scale = optimize.brentq(lambda each: at(each).sum() - 1.0, 0.01, 10.0, xtol=1e-9)
    assert found == pytest.approx(at(scale), abs=1e-4)


# --- contradictions and other edges


@each_optimiser
def test_a_contradiction_names_its_constraints(optimiser):
    limits = Constraints(groups=GROUPS, upper=0.9, linear=["TECH >= 0.6", "FIN <= 0.5", "AAPL + MSFT <= 0.5"])
    text = "meet them all, but none do: linear TECH >= 0.6 and linear AAPL \\+ MSFT <= 0.5.$"
    with pytest.raises(InvalidInputError, match=text):
        OPTIMISERS[optimiser](ROWS, limits)


@pytest.mark.parametrize(
    ("limits", "names"),
    [
        (Constraints(upper=0.3, linear="AAPL >= 0.4"), "upper and linear AAPL >= 0.4"),
        (Constraints(linear="AAPL <= -0.1"), "lower and linear AAPL <= -0.1"),
        (Constraints(linear=["AAPL <= 0.2", "MSFT + BRK-B + S&P 500 <= 0.5"]), "total of 1, linear AAPL <= 0.2 and"),
        (Constraints(equalities=([0, 0, 1, 1], 1.5)), "lower, total of 1 and equalities row 0"),
        (
            Constraints(groups=GROUPS, group_limits={"TECH": (0.5, 1.0)}, linear="AAPL + MSFT <= 0.4"),
            "group TECH of 0.5 to 1 and linear",
        ),
        (
            Constraints(lower=-1.0, max_gross=1.5, linear="AAPL - MSFT >= 1.6"),
            "linear AAPL - MSFT >= 1.6 and max_leverage or max_gross of 1.5",
        ),
    ],
)  # fmt: skip
def test_contradictions_of_each_kind(limits, names):
    with pytest.raises(InvalidInputError, match=f"none do: {names}"):
        minimum_cvar(ROWS, constraints=limits)


@pytest.mark.parametrize(
    ("limits", "text"),
    [
        (Constraints(linear=3), "linear must be text or a list of texts.*Give a matrix as `inequalities`"),
        (Constraints(linear=[3]), "linear must be text or a list of texts"),
        (Constraints(inequalities=np.eye(4)), r"inequalities must be a matrix and its right-hand side, \(A, b\)"),
        (Constraints(equalities=(1.0, 2.0)), "equalities must be a matrix and its right-hand side"),
        (Constraints(inequalities=(np.eye(4)[:, :3], 1.0)), "a coefficient for each of the 4 columns, got 3"),
        (Constraints(inequalities=([1, 0], 1.0)), "inequalities must be one finite number for each of the 4"),
        (Constraints(inequalities=(np.zeros((1, 4)), 1.0)), "a coefficient in every row, got none in row 0"),
        (Constraints(inequalities=(np.eye(4), [1.0, 2.0])), "b of inequalities must be one finite number for each"),
        (
            Constraints(equalities=(pd.DataFrame(np.eye(4), columns=[*"ABCD"]), 0.25)),
            "equalities must name the columns of the input",
        ),
    ],
)
def test_what_is_refused(limits, text):
    with pytest.raises(InvalidInputError, match=text):
        kelly_weights(ROWS, constraints=limits)


def test_a_fraction_of_weights_that_must_be_held_is_refused():
    with pytest.raises(InvalidInputError, match="fraction must be 1 where the constraints forbid to hold cash alone"):
        kelly_weights(ROWS, fraction=0.5, constraints=Constraints(linear="AAPL >= 0.1"))
    half = kelly_weights(ROWS, fraction=0.5, constraints=Constraints(linear="AAPL == MSFT"))
    assert half.weights[0] == pytest.approx(half.weights[1], abs=1e-12)
