"""A solver that does not converge raises an error."""

import numpy as np
import pytest
from scipy import optimize

from riskresearch import value_at_risk
from riskresearch.core import InvalidInputError, RiskResearchError
from riskresearch.kernels.distributions import _coherent, _multivariate_t, _student_t
from riskresearch.kernels.optimise import (
    _conic_programs as _cones,
    _cvar_program,
    _effective_bets as _bets,
    _risk_budget,
)
from riskresearch.metrics import entropic_value_at_risk
from riskresearch.portfolio import effective_number_of_bets, entropy_pooling, reverse_stress, risk_contributions
from riskresearch.sizing import Constraints, kelly_weights, minimum_cvar, risk_parity
from tests.samples import fat_tailed

RETURNS = fat_tailed(200, 3, seed=1) @ np.array([[1.0, 0.5, 0.2], [0.0, 1.0, 0.4], [0.0, 0.0, 1.5]])
EQUAL = [0.4, 0.3, 0.3]
HALF = Constraints(upper=0.4)

SOLVERS = {
    "Student-t": (_student_t, "MAX_STEPS", lambda: value_at_risk(RETURNS, method="student_t")),
    "multivariate Student-t": (
        _multivariate_t, "MAX_STEPS", lambda: risk_contributions(RETURNS, weights=EQUAL, method="student_t")
    ),
    "reverse stress": (
        _multivariate_t,
        "MAX_STEPS",
        lambda: reverse_stress(RETURNS, weights=EQUAL, loss=0.1, distribution="student_t"),
    ),
    "entropic VaR": (_coherent, "MAX_STEPS", lambda: entropic_value_at_risk(RETURNS)),
    "minimum torsion": (_bets, "MAX_STEPS", lambda: effective_number_of_bets(RETURNS, weights=EQUAL)),
    "risk budgets": (_risk_budget, "NEWTON_STEPS", lambda: risk_parity(np.cov(RETURNS.T), constraints=HALF)),
}  # fmt: skip


@pytest.mark.parametrize("solver", SOLVERS)
def test_a_solver_cut_short_raises(solver, monkeypatch):
    module, limit, answer = SOLVERS[solver]
    answer()
    monkeypatch.setattr(module, limit, 1)
    with pytest.raises(RiskResearchError):
        answer()


def test_a_linear_programme_that_ends_early_has_no_weights(monkeypatch):
    solved = optimize.linprog

    def short(*arguments, **options):
        found = solved(*arguments, **options)
        found.status = 1
        return found

    monkeypatch.setattr(optimize, "linprog", short)
    with pytest.raises(RiskResearchError, match="HiGHS status 1"):
        minimum_cvar(RETURNS)
    assert _cvar_program.INFEASIBLE != 1


@pytest.mark.parametrize("method", ["exact", "quadratic"])
def test_a_cone_programme_that_ends_early_has_no_weights(method, monkeypatch):
    monkeypatch.setattr(_cones, "SOLVED", ())
    with pytest.raises(RiskResearchError, match="the solver stopped without a solution"):
        kelly_weights(RETURNS, method=method)


def test_probabilities_that_do_not_hold_the_views_are_none(monkeypatch):
    minimise = optimize.minimize
    monkeypatch.setattr(optimize, "minimize", lambda *a, **k: minimise(*a, **{**k, "options": {"maxiter": 0}}))
    with pytest.raises(InvalidInputError, match="no probabilities of these scenarios satisfy them"):
        entropy_pooling(RETURNS, means={"0": 0.01})
