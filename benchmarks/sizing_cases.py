"""The optimising sizers against their solver alone and against the packages that optimise portfolios."""

import math
import warnings
from functools import partial

import clarabel
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from benchmarks.compare import Case
from benchmarks.peers import peer
from riskresearch.metrics import conditional_value_at_risk
from riskresearch.sizing import kelly_weights, minimum_cvar, risk_parity

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]

PARITY_ASSETS = 100
SCENARIOS, ASSETS = 1000, 10
MONTHLY = 4.0  # returns of about the size of monthly ones
LOSS, CHANCE = 0.2, 0.05
EXPONENT = math.log(CHANCE) / math.log(1.0 - LOSS)
SOLVER_TARGET = 3.0
PARITY_TARGET = 0.05


def sizing_cases() -> list[Case]:
    """Return every case of the sizers whose peer is installed."""
    return [*parity_cases(), *kelly_cases(), *cvar_cases()]


def scenarios(rows: int = SCENARIOS, columns: int = ASSETS) -> Matrix:
    """Return daily returns with a common factor, fat tails and some mean."""
    rng = np.random.default_rng(20260303)
    common = 0.006 * rng.standard_normal((rows, 1))
    return common + 0.01 * rng.standard_t(4, size=(rows, columns)) + rng.uniform(0.0, 0.001, columns)


# --- equal risk contribution


def shares(covariance: Matrix, weights: Vector) -> Vector:
    """Return each asset's share of the variance."""
    parts: Vector = weights * (covariance @ weights)
    return parts / parts.sum()


def parity_cases() -> list[Case]:
    """Return equal risk contribution of 100 assets against skfolio and Riskfolio, which take the returns."""
    returns = scenarios(500, PARITY_ASSETS)
    covariance = np.cov(returns, rowvar=False)
    ours = partial(risk_parity, covariance)
    work = f"equal risk contribution, {PARITY_ASSETS} assets (shares within 1e-10)"
    cases = []
    skfolio = peer("skfolio.optimization")
    if skfolio is not None:

        def by_skfolio() -> Vector:
            return np.asarray(skfolio.RiskBudgeting().fit(returns).weights_)

        check = partial(check_parity, covariance, ours, by_skfolio)
        cases.append(
            Case(work, "skfolio RiskBudgeting", ours, by_skfolio, check, "weights equal to 1e-3", PARITY_TARGET, 5)
        )
    return cases


def check_parity(covariance, ours, theirs) -> None:
    """Require shares of risk within 1e-10 of ours, and weights near theirs."""
    weights = ours()
    assert np.abs(shares(covariance, weights) - 1.0 / PARITY_ASSETS).max() < 1e-10
    np.testing.assert_allclose(theirs(), weights, rtol=1e-2, atol=1e-3)


# --- Kelly


def cone_problem(returns: Matrix, exponent: float | None) -> tuple[object, ...]:
    """Return long-only Kelly without borrowing as exponential cones, ready for clarabel."""
    count, assets = returns.shape
    k = np.arange(count)
    width = assets + count * (1 if exponent is None else 2)
    bounds = sparse.lil_matrix((assets + 1 + (exponent is not None), width))
    bounds[:assets, :assets], bounds[assets, :assets] = -np.eye(assets), 1.0
    right = [np.zeros(assets), [1.0]]
    if exponent is not None:
        bounds[assets + 1, assets + count :] = 1.0
        right.append([1.0])
    rows = np.concatenate([3 * k, np.repeat(3 * k + 2, assets)])
    columns = np.concatenate([assets + k, np.tile(np.arange(assets), count)])
    entries = np.concatenate([-np.ones(count), -returns.ravel()])
    matrices = [bounds, sparse.csc_matrix((entries, (rows, columns)), shape=(3 * count, width))]
    right.append(np.tile([0.0, 1.0, 1.0], count))
    if exponent is not None:
        rows, columns = np.concatenate([3 * k, 3 * k + 2]), np.concatenate([assets + k, assets + count + k])
        entries = np.concatenate([np.full(count, exponent), -np.ones(count)])
        matrices.append(sparse.csc_matrix((entries, (rows, columns)), shape=(3 * count, width)))
        right.append(np.tile([-math.log(count), 1.0, 0.0], count))
    cones = [clarabel.NonnegativeConeT(bounds.shape[0])]
    cones += [clarabel.ExponentialConeT()] * (count * (1 if exponent is None else 2))
    cost = np.zeros(width)
    cost[assets : assets + count] = -1.0 / count
    settings = clarabel.DefaultSettings()
    settings.verbose, settings.max_threads = False, 1
    matrix = sparse.vstack(matrices, format="csc")
    return sparse.csc_matrix((width, width)), cost, matrix, np.concatenate(right), cones, settings


def solver_alone(problem: tuple[object, ...], assets: int) -> Vector:
    """Return the weights of the cone problem: clarabel's own time, and nothing of ours."""
    return np.array(clarabel.DefaultSolver(*problem).solve().x)[:assets]


def by_cvxpy(returns: Matrix, exponent: float | None) -> Vector:
    """Return the weights as one writes the problem in cvxpy, solved by clarabel."""
    cvxpy = peer("cvxpy")
    weights = cvxpy.Variable(returns.shape[1])
    wealth = 1.0 + returns @ weights
    rules = [weights >= 0, cvxpy.sum(weights) <= 1]
    if exponent is not None:
        rules.append(cvxpy.log_sum_exp(-math.log(len(returns)) - exponent * cvxpy.log(wealth)) <= 0)
    cvxpy.Problem(cvxpy.Maximize(cvxpy.sum(cvxpy.log(wealth)) / len(returns)), rules).solve(solver="CLARABEL")
    return np.asarray(weights.value)


def check_growth(returns: Matrix, ours, theirs) -> None:
    """Require equal growth rates to 1e-8 a period, which is what clarabel promises."""
    growth = [np.log1p(returns @ np.asarray(weights)).mean() for weights in (ours().weights, theirs())]
    np.testing.assert_allclose(growth[0], growth[1], atol=2e-8)


def kelly_cases() -> list[Case]:
    """Return the joint Kelly weights, free and with a limit on the drawdown."""
    returns = np.maximum(
        MONTHLY * scenarios(), -0.9
    )  # on daily returns clarabel alone stops short of the drawdown limit
    size = f"{SCENARIOS} scenarios x {ASSETS} assets"
    cases = []
    for work, exponent, limit in (
        (f"Kelly, {size}", None, {}),
        (f"risk-constrained Kelly, {size}", EXPONENT, {"drawdown": LOSS, "drawdown_probability": CHANCE}),
    ):
        ours = partial(kelly_weights, returns, uncertainty="ignore", **limit)
        alone = partial(solver_alone, cone_problem(returns, exponent), ASSETS)
        pairs = [("clarabel alone, cones built beforehand", alone, SOLVER_TARGET)]
        if peer("cvxpy") is not None:
            pairs.append(("cvxpy with clarabel", partial(by_cvxpy, returns, exponent), None))
        for name, theirs, target in pairs:
            check = partial(check_growth, returns, ours, theirs)
            cases.append(Case(work, name, ours, theirs, check, "growth equal to 1e-8", target, 7))
    return cases


# --- CVaR


def cvar_cases() -> list[Case]:
    """Return the weights of least CVaR against skfolio."""
    returns = scenarios()
    skfolio, measures = peer("skfolio.optimization"), peer("skfolio")
    if skfolio is None or measures is None:
        return []

    def by_skfolio() -> Vector:
        model = skfolio.MeanRisk(risk_measure=measures.RiskMeasure.CVAR, cvar_beta=0.95)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return np.asarray(model.fit(returns).weights_)

    ours = partial(minimum_cvar, returns)

    def check() -> None:
        least = [conditional_value_at_risk(returns @ weights) for weights in (ours(), by_skfolio())]
        np.testing.assert_allclose(least[0], least[1], rtol=1e-4)

    work = f"minimum CVaR, {SCENARIOS} scenarios x {ASSETS} assets"
    return [Case(work, "skfolio MeanRisk", ours, by_skfolio, check, "CVaR equal to 1e-4", None, 5)]
