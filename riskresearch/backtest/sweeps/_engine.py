"""Run the trials of a sweep, of sizers or of breakers, with the store that it continues from, and make its result."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from riskresearch.backtest.sweeps._backend import Backend, chosen_backend
from riskresearch.backtest.sweeps._collect import TrialCollector, result_of
from riskresearch.backtest.sweeps._fingerprint import library_fingerprint
from riskresearch.backtest.sweeps._run import outcomes_of
from riskresearch.backtest.sweeps._selection import shared_counts
from riskresearch.backtest.sweeps._store import ResultStore
from riskresearch.core._checks import check_count
from riskresearch.core.output._progress import progress_bar

if TYPE_CHECKING:
    from riskresearch.backtest.sweeps._result import Sweep
    from riskresearch.backtest.sweeps._trials import Outcome, Trials
    from riskresearch.metrics.inference._bootstrap import Bootstrap


def run_sweep(
    trials: Trials,
    *,
    rank_by: str,
    interval: Bootstrap,
    any_seed: bool,
    n_jobs: int | None,
    backend: Backend | None,
    chunk_size: int | None,
    store: str | os.PathLike[str] | None,
) -> Sweep:
    """Run all trials that the store does not hold, and return the result; `any_seed` lets the store choose the seed."""
    if chunk_size is not None:
        check_count(chunk_size, name="chunk_size", minimum=1)
    held = None if store is None else ResultStore(store, trials.columns)
    if held is not None:
        trials = _claimed(held, trials, any_seed=any_seed)
    collector = TrialCollector(trials)
    for outcome in () if held is None else held.load():
        collector.add(outcome)
    pending = collector.pending()
    done = _jobs_done(outcomes_of(trials, pending, n_jobs, chunk_size), collector, held)
    with chosen_backend(backend, n_jobs):
        for _ in progress_bar(done, description="sweep", total=len(pending)):
            pass
    shared_counts.cache_clear()
    return result_of(collector, rank_by, interval)


def _claimed(held: ResultStore, trials: Trials, *, any_seed: bool) -> Trials:
    """Return the trials as the store has or now gets them: where the seed is free, with the seed of the store."""
    held.claim_new(_identity(trials), trials.seed, trials.readable())
    if any_seed:
        trials = dataclasses.replace(trials, seed=held.seed())
    held.check(_identity(trials))
    return trials


def _identity(trials: Trials) -> dict[str, str]:
    """Return what a stored result depends on, by the word that a refusal names."""
    return {"version of riskresearch": library_fingerprint(), **trials.identity()}


def _jobs_done(outcomes: Iterator[Outcome], collector: TrialCollector, held: ResultStore | None) -> Iterator[None]:
    """Keep the outcomes as they come, and yield once for each job."""
    for outcome in outcomes:
        if held is not None:
            held.save(outcome)
        collector.add(outcome)
        yield from [None] * len(outcome.seconds)
