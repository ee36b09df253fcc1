"""Monte Carlo VaR and CVaR of a book of positions, and the contribution of each position."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import numpy as np

from riskresearch.core._arguments import matrix_with_names, named_numbers
from riskresearch.core._checks import check_choice, check_count, check_level, check_positive
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._groups import Groups, group_of_each
from riskresearch.core._options import options
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._seeds import seed_of
from riskresearch.kernels._contributions import smoothed_share, tail_share
from riskresearch.kernels._ranks import tail_rank
from riskresearch.portfolio._groups import members_of
from riskresearch.portfolio._monte_carlo_components import Workers, components, incremental_tails, positions_by_name
from riskresearch.portfolio._monte_carlo_risk import MonteCarloRisk
from riskresearch.portfolio._scenario_blocks import (
    ATOM,
    Book,
    Draws,
    TailRows,
    split,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from riskresearch.core._types import Data, FloatMatrix, FloatVector
    from riskresearch.metrics._filtered_bootstrap import ScenarioGenerator

BACKENDS = ("threads", "joblib")
DEFAULT_BANDWIDTH = 0.1  # of the tail probability


@answers_other_names()
def monte_carlo_risk(
    loadings: Data,
    *,
    scenarios: ScenarioGenerator,
    delta: Mapping[str, float] | Data | None = None,
    gamma: Mapping[str, float] | Data | None = None,
    payoff: Callable[[FloatMatrix], FloatMatrix] | None = None,
    level: float = 0.95,
    n_scenarios: int = 100_000,
    block: int = 50_000,
    bandwidth: float | None = None,
    groups: Groups | None = None,
    incremental: Sequence[str | int] = (),
    rng: int | np.random.Generator | None = 0,
    workers: int | None = None,
    backend: Literal["threads", "joblib"] = "threads",
) -> MonteCarloRisk:
    """Simulate the profit of a book and decompose its VaR and CVaR by position.

    Parameters
    ----------
    loadings : DataFrame or 2-D array, shape (positions, factors)
        Return of each position's underlying per return of each factor: u = loadings @ factor returns.
    scenarios : callable
        (generator, n) -> factor returns of shape (n, factors): `normal_scenarios`, `student_t_scenarios`,
        `filtered_bootstrap` or your own. It must draw from its argument only, with independent rows.
    delta, gamma : mapping, Series or array, shape (positions,)
        Profit delta * u + gamma * u**2 / 2, in money; gamma is zero by default.
    payoff : callable, optional
        Full valuation instead of delta and gamma: u of shape (n, positions) -> profit of the same shape.
    level : float
        Confidence level in (0.5, 1).
    n_scenarios, block : int
        Number of scenarios, and of scenarios per task. The block is rounded up to thousands and changes no digit.
    bandwidth : float, optional
        Bandwidth of component VaR, in probability; by default a tenth of 1 - level.
    groups : mapping, Series or list, optional
        Group of each position, such as its strategy; adds the incremental risk of each group in the same scenarios.
    incremental : sequence of names, or of numbers of unnamed rows
        Positions to compute incremental risk for; each values all scenarios again.
    rng : int, Generator or None
        Seed of the draws, so that a second call gives the same; None takes fresh entropy. The result has the `seed`.
    workers : int, optional
        Threads, or joblib's jobs; by default `riskresearch.options.threads`. No digit depends on it.
    backend : {"threads", "joblib"}
        "joblib" runs on the backend of `joblib.parallel_config`: processes, dask or ray.

    Returns
    -------
    MonteCarloRisk
        VaR and CVaR with standard errors, and components by position.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or fewer than 2 scenarios lie in the tail.

    Examples
    --------
    >>> from riskresearch.portfolio import monte_carlo_risk, normal_scenarios
    >>> draws = normal_scenarios([[0.0001]])
    >>> result = monte_carlo_risk([[1.0], [0.5]], scenarios=draws, delta=[100.0, -100.0], rng=1)
    >>> round(result.value_at_risk, 2), result.percentage
    (0.82, (2.0, -1.0))
    """
    confidence, tail = check_level(level), 1.0 - check_level(level)
    count = check_count(n_scenarios, name="n_scenarios", minimum=2)
    check_choice(backend, BACKENDS, name="backend")
    run = Workers(options.threads if workers is None else check_count(workers, name="workers", minimum=1), backend)
    atoms_per_block = -(-check_count(block, name="block", minimum=1) // ATOM)
    if count * tail < 2.0:
        raise InvalidInputError(f"n_scenarios must leave at least 2 beyond level {level!r}, got {n_scenarios!r}.")
    width = DEFAULT_BANDWIDTH * tail if bandwidth is None else check_positive(bandwidth, name="bandwidth")
    book, names, factors = _read_book(loadings, delta, gamma, payoff)
    wanted = positions_by_name(incremental, names)
    _check_factor_names(scenarios, factors, book.loadings.shape[1])
    draws = Draws(scenarios, seed_of(rng), count, book.loadings.shape[1])
    blocks = split(-(-count // ATOM), atoms_per_block)
    group_of = () if groups is None else group_of_each(groups, names, what="position")
    losses = -np.concatenate(run.results(book.first_pass(draws), blocks, description="scenarios"))
    shares = _shares(losses, confidence, width)
    value_at_risk, error, beyond_error = _tail_and_errors(losses, confidence)
    rows = np.flatnonzero(shares.any(axis=0))
    moves = np.concatenate(run.results(TailRows(draws, rows), blocks, description="tail scenarios"))
    parts = components(book, moves, shares[:, rows], tail, count, run.count).scaled_to(value_at_risk)
    beyond = math.fsum(parts.beyond)
    books = [book.without(some) for some in [*([number] for number in wanted), *members_of(group_of).values()]]
    without = incremental_tails(draws, books, (value_at_risk, beyond), confidence, blocks, run)
    return MonteCarloRisk(
        positions=names,
        value_at_risk=value_at_risk,
        conditional_value_at_risk=beyond,
        value_at_risk_error=error,
        conditional_value_at_risk_error=beyond_error,
        component_value_at_risk=tuple(parts.near.tolist()),
        component_value_at_risk_error=tuple(parts.near_error.tolist()),
        component=tuple(parts.beyond.tolist()),
        component_error=tuple(parts.beyond_error.tolist()),
        incremental_positions=tuple(names[number] for number in wanted),
        incremental_value_at_risk=tuple(without[0, : len(wanted)].tolist()),
        incremental=tuple(without[1, : len(wanted)].tolist()),
        level=confidence,
        n_scenarios=count,
        bandwidth=width,
        seed=draws.seed,
        groups=group_of,
        group_incremental_value_at_risk=tuple(without[0, len(wanted) :].tolist()),
        group_incremental=tuple(without[1, len(wanted) :].tolist()),
    )


def _read_book(
    loadings: Data,
    delta: Mapping[str, float] | Data | None,
    gamma: Mapping[str, float] | Data | None,
    payoff: Callable[[FloatMatrix], FloatMatrix] | None,
) -> tuple[Book, tuple[str, ...], tuple[str, ...]]:
    matrix, names, factors = matrix_with_names(loadings, name="loadings")
    size = matrix.shape[0]
    matrix = np.ascontiguousarray(matrix)
    if (delta is None) == (payoff is None) or (gamma is not None and payoff is not None):
        raise InvalidInputError("either delta (with gamma, if any) or payoff must be given, not both.")
    sides = [
        None if side is None else named_numbers(side, names, size, name=name, owner="loadings", what="row")
        for name, side in (("delta", delta), ("gamma", gamma))
    ]
    first = np.zeros(size) if sides[0] is None else sides[0]
    return Book(matrix, first, sides[1], payoff), names or tuple(map(str, range(size))), factors


def _check_factor_names(scenarios: ScenarioGenerator, factors: tuple[str, ...], count: int) -> None:
    drawn: tuple[str, ...] = getattr(scenarios, "factors", ())
    if drawn and factors and drawn != factors:
        raise InvalidInputError(
            f"scenarios must draw the factors in the order of the columns of loadings, got {drawn} for {factors}. "
            "Reorder with loadings[list_of_factors]."
        )


def _shares(losses: FloatVector, level: float, bandwidth: float) -> FloatMatrix:
    """Return the weight of each scenario in CVaR and in the smoothed VaR, shape (2, scenarios)."""
    if bandwidth > (1.0 - level) * (1.0 + 1e-9):
        raise InvalidInputError(f"bandwidth must be at most 1 - level = {1.0 - level:.4g}, got {bandwidth!r}.")
    near = smoothed_share(losses, level, np.full(losses.size, 1.0 / losses.size), bandwidth)
    if np.isnan(near).any():
        near = tail_share(losses, level, beyond=False)
    return np.stack([tail_share(losses, level, beyond=True), near])


def _tail_and_errors(losses: FloatVector, level: float) -> tuple[float, float, float]:
    """Return VaR and the standard errors of VaR and CVaR.

    VaR: half the distance of the order statistics one binomial deviation to either side of its rank. CVaR: the
    asymptotic variance (var(loss | tail) + level (CVaR - VaR)^2) / (n (1 - level)) of Manistre & Hancock (2005).
    """
    count, mass = tail_rank(level, losses.size)
    at = losses.size - count
    step = math.ceil(math.sqrt(losses.size * level * (1.0 - level)))
    low, high = max(at - step, 0), min(at + step, losses.size - 1)
    ordered = np.partition(losses, (low, at, high))
    tail = ordered[at:]
    value_at_risk = float(ordered[at])
    excess = tail - value_at_risk
    mean = excess.sum() / mass
    variance = max((excess * excess).sum() / mass - mean * mean, 0.0)
    beyond = math.sqrt((variance + level * mean * mean) / mass)
    return value_at_risk, float(ordered[high] - ordered[low]) / (high - low) * step, beyond
