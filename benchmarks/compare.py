"""Compare two ways to do the same work on a noisy machine: interleave them, and look at the ratio of each pair."""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Ratio:
    """Our time over theirs: the median of the pairs' ratios and their range, with the median seconds of each side."""

    median: float
    low: float
    high: float
    our_seconds: float
    their_seconds: float
    repeats: int


@dataclass(frozen=True, slots=True)
class Case:
    """The same work twice.

    Parameters
    ----------
    work : str
        What is computed, on what data.
    peer : str
        The package and the call that `theirs` makes.
    ours, theirs : callable
        Without arguments; the data is made beforehand.
    check : callable
        Raises AssertionError unless both sides give the same numbers, or differ exactly as `agreement` says.
    agreement : str
        What `check` has established, in words.
    target : float or None
        The largest ratio that the library promises.
    repeats : int
        Pairs to run; the slow peers get fewer.
    """

    work: str
    peer: str
    ours: Work
    theirs: Work
    check: Callable[[], None]
    agreement: str
    target: float | None = None
    repeats: int = 15

    @property
    def name(self) -> str:
        """Return the name of the case, for the id of a test."""
        return f"{self.work} / {self.peer}"


def seconds(work: Work, calls: int) -> float:
    """Return the seconds of one call, averaged over `calls`."""
    start = time.perf_counter()
    for _ in range(calls):
        work()
    return (time.perf_counter() - start) / calls


def ratio(ours: Work, theirs: Work, repeats: int = 15, at_least_seconds: float = 0.02) -> Ratio:
    """Run `ours` and `theirs` in turn and return the ratio of their times.

    Neighbours in time meet the same disturbance, so the ratio of a pair is steadier than either time. The order
    within a pair alternates. A short call is repeated until it lasts `at_least_seconds`; a first call of each side,
    which may import or allocate, does not count. Garbage is collected between pairs, not during one.

    Parameters
    ----------
    ours, theirs : callable
        Called without arguments.
    repeats : int
        The number of pairs.
    at_least_seconds : float
        The duration that one measurement should have.

    Returns
    -------
    Ratio
    """
    ours()
    theirs()
    calls = [max(1, round(at_least_seconds / max(seconds(work, 1), 1e-9))) for work in (ours, theirs)]
    collecting = gc.isenabled()
    pairs = []
    try:
        for index in range(repeats):
            gc.collect()
            gc.disable()
            if index % 2:
                their_time, our_time = seconds(theirs, calls[1]), seconds(ours, calls[0])
            else:
                our_time, their_time = seconds(ours, calls[0]), seconds(theirs, calls[1])
            pairs.append((our_time, their_time))
    finally:
        if collecting:
            gc.enable()
    return summarise(pairs)


def summarise(pairs: list[tuple[float, float]]) -> Ratio:
    """Return the ratio of (our seconds, their seconds) pairs that were measured in turn."""
    ratios = [our_time / their_time for our_time, their_time in pairs]
    return Ratio(
        statistics.median(ratios),
        min(ratios),
        max(ratios),
        statistics.median(pair[0] for pair in pairs),
        statistics.median(pair[1] for pair in pairs),
        len(pairs),
    )
