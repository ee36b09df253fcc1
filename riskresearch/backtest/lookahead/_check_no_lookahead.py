"""The check that past results do not depend on later bars."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from riskresearch.backtest.lookahead._answers import answer, first_answer
from riskresearch.backtest.lookahead._bars import anchors, chosen_bars, given_bars, other_bars
from riskresearch.backtest.lookahead._clock import clock_of
from riskresearch.backtest.lookahead._compare import WANTED
from riskresearch.backtest.lookahead._fitted_outside import outside_signs
from riskresearch.backtest.lookahead._perturb import as_inputs, with_other
from riskresearch.backtest.lookahead._result import LookaheadCheck, Trial
from riskresearch.backtest.lookahead._trials import Outcome, Question, holds_tables, trial_of_cut, trials_from
from riskresearch.core._checks import check_count, check_number
from riskresearch.core._errors import InvalidInputError, LookaheadError
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._seeds import seed_of

DEFAULT_CUTS = 40
GAPS_EVERY = 8
FURTHER_CUTS = 3
"""At this multiple of `cuts` bars the data is only cut off: a leak on a few inconspicuous rows needs many cuts."""


@answers_other_names()
def check_no_lookahead(
    data: Any,
    function: Callable[..., Any],
    *,
    cuts: int | Sequence[Any] = DEFAULT_CUTS,
    delay: int = 0,
    tolerance: float = 0.0,
    rng: int | np.random.Generator | None = 0,
    raise_on_failure: bool = False,
) -> LookaheadCheck:
    """Check that the result of `function` on a bar does not depend on later bars.

    The future is cut off, and replaced by others, from several bars on; the results on the bars before must not
    change, except for rounding that does not grow with the change of the future. Gaps before such a bar show what is
    filled backwards. Numbers that the function holds must not be statistics of all rows, nor its answer be scaled by
    them. A check can find look-ahead, and not prove that there is none.

    Parameters
    ----------
    data : Series, DataFrame, array or polars, or a tuple of them
        Rows are time; a tuple is passed as several arguments. Rows of one date, as in a long table, are one bar.
    function : callable
        Takes `data` and returns a row per bar: a Series, DataFrame, array, a tuple or dict of them, a `Backtest`, or
        what has such a `to_frame()`. Tables over the same bars that it holds are changed with the data.
    cuts : int or sequence
        Where futures begin. A number: that many bars, where data and results are extreme, rare, missing or jump, and
        at random, and three times as many at random where the data is only cut off; `len(data)` tries every bar. A
        sequence: row numbers or labels.
    delay : int
        The result on a bar may depend on bars up to this many before it: 0 for a signal known at the close, 1 for
        weights already shifted to the bar in which they are in force. Weights that were not shifted fail at 1 only.
    tolerance : float
        Relative difference that is accepted.
    rng : int, Generator or None
        Seed of the other futures, so that a second call tries the same; None takes fresh entropy.
    raise_on_failure : bool
        Raise instead of reporting.

    Returns
    -------
    LookaheadCheck

    Raises
    ------
    LookaheadError
        If the past changed and `raise_on_failure` is True.
    InvalidInputError
        If `function` returns no rows over time, not the same for the same data, or refuses every future.

    References
    ----------
    Bailey, Borwein, Lopez de Prado and Zhu (2014), Pseudo-Mathematics and Financial Charlatanism.

    Examples
    --------
    >>> import pandas as pd
    >>> from riskresearch import check_no_lookahead
    >>> prices = pd.Series([1.0, 2.0, 4.0, 3.0, 5.0])
    >>> check_no_lookahead(prices, lambda x: x.rolling(2).mean(), rng=1).passed
    True
    """
    if inspect.isroutine(data) and not callable(function):
        raise InvalidInputError("data must come first: check_no_lookahead(data, function), got a function first.")
    inputs = as_inputs(data)
    clock = clock_of(inputs)
    if clock.count < 2:
        raise InvalidInputError(f"data must have at least 2 bars, got {clock.count}.")
    if check_number(tolerance, name="tolerance") < 0.0:
        raise InvalidInputError(f"tolerance must not be negative, got {tolerance!r}.")
    check_count(delay, name="delay", minimum=0)
    seed = seed_of(rng)
    generator = np.random.default_rng(seed)
    tables = holds_tables(function, clock)
    base = first_answer(function, inputs, clock)
    question = Question(function, inputs, clock, base, delay, tolerance, bool(tables))
    other = answer(function, with_other(inputs, clock.bars >= 0, "larger", generator), clock, base)
    outside = [
        Trial(1, clock.label(1), "outside", "changed", 0, clock.label(0), note=sign)
        for sign in outside_signs(function, tables, inputs, clock, base, other)
    ]
    if isinstance(cuts, (int, np.integer)):
        most = check_count(cuts, name="cuts", minimum=1)
        bars = chosen_bars(most, inputs, base.parts, base.places, clock, generator)
        gaps = {*anchors(clock.count), *bars[::GAPS_EVERY]}
        further = other_bars(FURTHER_CUTS * most, bars, clock, generator)
    else:
        bars, further = given_bars(cuts, clock), []
        gaps = set(bars)
    outcomes = [found for bar in bars for found in trials_from(question, bar, gaps=bar in gaps, rng=generator)]
    outcomes += [trial_of_cut(question, bar, rng=generator) for bar in further]
    _check_outcomes(outcomes)
    check = LookaheadCheck((*outside, *(found.trial for found in outcomes)), clock.count, tolerance, seed)
    if raise_on_failure and not check.passed:
        raise LookaheadError(check.summary())
    return check


def _check_outcomes(outcomes: list[Outcome]) -> None:
    """Raise if nothing could be compared."""
    cut = [found for found in outcomes if found.trial.how == "cut"]
    for found, what in ((cut, "cut off"), (outcomes, "changed")):
        if all(one.unplaced for one in found):
            raise InvalidInputError(
                f"function must return {WANTED}, but where data is {what} it {found[0].trial.note}."
            )
    if all(found.trial.outcome == "refused" for found in outcomes):
        raise InvalidInputError(
            f"function must accept a shorter or another future, but raised on all {len(outcomes)}: "
            f"{outcomes[0].trial.note}"
        )
    if not any(found.compared for found in outcomes):
        raise InvalidInputError("function must return rows of bars that have a later one: it returned none before any.")
