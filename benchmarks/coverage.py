"""Measured coverage of 95 % intervals, written to docs/coverage.md.

python -m benchmarks.coverage
"""

import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy import stats

from riskresearch import metrics
from riskresearch.core import ConventionWarning

PAGE = Path(__file__).parent.parent / "docs" / "coverage.md"
DRIFT, DEVIATION, DAYS = 0.0005, 0.01, 10
REACTION, MEMORY = 0.09, 0.90
DRAWS, SEED, FEWEST, YEAR = 400, 11, 0.90, 252
REPETITIONS = {250: 200, 500: 200, 2000: 60}
BURN_IN = 1000
LONG_RUN = (5000, 4000)  # rows and histories of GARCH that stand for its truth

Rows = np.ndarray[Any, np.dtype[np.float64]]


class Process(NamedTuple):
    """A process that generates rows, and the true value of each measure."""

    name: str
    rows: Callable[[int, int, int], Rows]
    """A function of rows, histories and seed."""
    truth: dict[str, float]


def garch(rows: int, histories: int, seed: int) -> Rows:
    """Return GARCH(1,1) with normal innovations."""
    rng = np.random.default_rng(seed)
    variance = np.ones(histories)
    paths: Rows = np.empty((rows + BURN_IN, histories))
    for row in paths:
        row[:] = np.sqrt(variance) * rng.standard_normal(histories)
        variance = 1.0 - REACTION - MEMORY + REACTION * row**2 + MEMORY * variance
    found: Rows = DRIFT + DEVIATION * paths[BURN_IN:]
    return found


def normal(rows: int, histories: int, seed: int) -> Rows:
    """Return independent normal rows."""
    return DRIFT + DEVIATION * np.random.default_rng(seed).standard_normal((rows, histories))


def student(rows: int, histories: int, seed: int) -> Rows:
    """Return independent Student-t rows of four degrees of freedom."""
    found: Rows = DRIFT + DEVIATION * np.random.default_rng(seed).standard_t(4.0, (rows, histories)) / 2.0**0.5
    return found


def overlapping(rows: int, histories: int, seed: int) -> Rows:
    """Return overlapping sums of ten independent normal rows."""
    total = np.cumsum(normal(rows + DAYS, histories, seed), axis=0)
    return total[DAYS:] - total[:-DAYS]


def truth_of(distribution: Any) -> dict[str, float]:
    """Return the true values of rows of this distribution."""
    mean, deviation = float(distribution.mean()), float(distribution.std())
    tail = {}
    for level in (0.95, 0.99):
        tail[f"VaR {level:.0%}"] = -float(distribution.ppf(1.0 - level))
        tail[f"CVaR {level:.0%}"] = -distribution.expect(ub=distribution.ppf(1.0 - level)) / (1.0 - level)
    return {**tail, "volatility": deviation * YEAR**0.5, "Sharpe ratio": mean / deviation * YEAR**0.5}


def truth_of_garch() -> dict[str, float]:
    """Return the true values of GARCH, simulated except for the moments, which are known."""
    rows = garch(*LONG_RUN, seed=999).ravel()
    tail = {}
    for level in (0.95, 0.99):
        found = metrics.tail_risk(rows, level=level)
        tail[f"VaR {level:.0%}"] = float(found.value_at_risk)
        tail[f"CVaR {level:.0%}"] = float(found.conditional_value_at_risk)
    return {**tail, "volatility": DEVIATION * YEAR**0.5, "Sharpe ratio": DRIFT / DEVIATION * YEAR**0.5}


def processes() -> tuple[Process, ...]:
    """Return the processes."""
    fat = stats.t(4.0, DRIFT, DEVIATION / 2.0**0.5)
    sums = stats.norm(DRIFT * DAYS, DEVIATION * DAYS**0.5)
    return (
        Process("Independent normal rows", normal, truth_of(stats.norm(DRIFT, DEVIATION))),
        Process("Independent Student-t rows, 4 degrees of freedom", student, truth_of(fat)),
        Process("GARCH(1,1), reaction 0.09, memory 0.90, normal innovations", garch, truth_of_garch()),
        Process("Overlapping 10-day sums of independent normal rows", overlapping, truth_of(sums)),
    )


def interval(measure: str, values: Rows, settings: Any) -> Any:
    """Return the interval of one history."""
    if measure == "volatility":
        return metrics.volatility(values, periods_per_year=YEAR, interval=settings)
    if measure == "Sharpe ratio":
        return metrics.sharpe_ratio(values, periods_per_year=YEAR, interval=settings)
    name, level = measure.split()
    function = metrics.value_at_risk if name == "VaR" else metrics.conditional_value_at_risk
    return function(values, level=float(level[:-1]) / 100.0, interval=settings)


def ways(measure: str, seed: int) -> Iterator[tuple[str, Any]]:
    """Yield each way of an interval and the `interval` that asks for it."""
    filtered = metrics.Bootstrap(draws=DRAWS, rng=seed)
    blocks = metrics.Bootstrap(draws=DRAWS, resampling="stationary", rng=seed)
    yield "default", 0.95 if measure == "Sharpe ratio" else filtered
    yield "blocks", blocks
    if measure != "volatility":
        yield "formula", metrics.AnalyticInterval()


def coverage(process: Process, rows: int, repetitions: int) -> dict[tuple[str, str], float]:
    """Return the share of histories whose interval covers the truth, by measure and way."""
    hits: dict[tuple[str, str], int] = {}
    for number, values in enumerate(process.rows(rows, repetitions, SEED).T):
        for measure, true in process.truth.items():
            for way, settings in ways(measure, number):
                found = interval(measure, np.ascontiguousarray(values), settings)
                hits[measure, way] = hits.get((measure, way), 0) + int(found.lower <= true <= found.upper)
    return {key: count / repetitions for key, count in hits.items()}


def table(found: dict[int, dict[tuple[str, str], float]], measures: list[str]) -> list[str]:
    """Return one row per measure: for each n, the percentages by default, by blocks and by formula."""
    heads = [f"n = {rows:,}: {way}" for rows in found for way in ("default", "blocks", "formula")]
    lines = [f"| measure | {' | '.join(heads)} |", "|---|" + "---:|" * len(heads)]
    for measure in measures:
        cells = [share.get((measure, way)) for share in found.values() for way in ("default", "blocks", "formula")]
        lines.append(f"| {measure} | {' | '.join('' if cell is None else f'{100 * cell:.0f}' for cell in cells)} |")
    return lines


def page(results: dict[str, dict[int, dict[tuple[str, str], float]]], seconds: float) -> str:
    """Return docs/coverage.md."""
    measures = ["VaR 95%", "VaR 99%", "CVaR 95%", "CVaR 99%", "volatility", "Sharpe ratio"]
    short = [
        f"- {name}, n = {rows:,}: "
        + ", ".join(
            f"{each} {100 * share[each, 'default']:.0f}" for each in measures if share[each, "default"] < FEWEST
        )
        for name, sizes in results.items()
        for rows, share in sizes.items()
        if any(share[each, "default"] < FEWEST for each in measures)
    ]
    counts = ", ".join(f"{count} histories of {rows:,} rows" for rows, count in REPETITIONS.items())
    errors = " and ".join(
        f"{100 * (0.05 * 0.95 / count) ** 0.5:.1f} ({100 * 0.5 / count**0.5:.1f} where half are covered)"
        for count in sorted(set(REPETITIONS.values()), reverse=True)
    )
    lines = [
        "# Coverage of intervals",
        "",
        "The percentage of 95 % intervals that cover the true value, as measured and written by",
        f"`python -m benchmarks.coverage` ({seconds / 60:.0f} minutes on one core, seed {SEED}, {DRAWS} draws).",
        "",
        f"- {counts}; the Monte Carlo error of a percentage is {errors} points.",
        "- **default** is the method of a probability, or of a `Bootstrap` without a resampling; **blocks** is",
        '  `Bootstrap(resampling="stationary")`, percentiles, automatic length; **formula** is `AnalyticInterval()`.',
        "- True values are exact, except for the tails of GARCH, which are from 20 million simulated rows.",
        "",
    ]
    for name, sizes in results.items():
        lines += [f"## {name}", "", *table(sizes, measures), ""]
    lines += [
        "## Where the default falls short",
        "",
        f"Coverage below {100 * FEWEST:.0f} % at a nominal 95 %:",
        "",
        *(short or ["- nowhere in these tables"]),
        "",
        "The filtered bootstrap is as good as its model: if a crash is unlike the sample, or innovations have a",
        "heavier tail, coverage is lower than under this GARCH. Overlapping rows hold few independent ones, of",
        "which hardly any lie in the tail at 99 %; these intervals warn.",
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure and write the page."""
    start = time.process_time()
    results: dict[str, dict[int, dict[tuple[str, str], float]]] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConventionWarning)
        for process in processes():
            results[process.name] = {}
            for rows, count in REPETITIONS.items():
                results[process.name][rows] = coverage(process, rows, count)
                print(f"{process.name}, {rows} rows: {time.process_time() - start:.0f} s", flush=True)
    PAGE.write_text(page(results, time.process_time() - start), encoding="utf-8")


if __name__ == "__main__":
    main()
