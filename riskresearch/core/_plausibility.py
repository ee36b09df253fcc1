"""Plausibility checks: prices, percent or yearly rates passed as returns. Each warning shows both readings.

The checks judge the typical size of a row, never a single row: a coin that trebles in a day is not an error. The
thresholds lie above what honest data show and below what the usual mistakes make of calm data:

* Typical daily moves of the wildest coins are some 6 % (a volatility of 200 % a year, if normal); daily returns of a
  bond fund in percent are some 0.1 to 0.2, which as fractions are 250 to 500 % a year.
* Losses end at -1 and gains do not. Where some return is above 1 and none below -1, up to 500 % a year counts as an
  honest book of options; percent would show a loss below -1 as well.
* Prices are positive, and neighbours are alike. Returns that are positive, alike and 200 % a year are yields, levels of
  an exchange rate, or percent of a money market fund.
* Rows without dates may be months, so they are judged as the slowest usual frequency.
"""

from __future__ import annotations

import math
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._errors import ConventionWarning, InvalidInputError
from riskresearch.core._options import options
from riskresearch.core._sharing import shared
from riskresearch.core.dates._spacing import MOST_ROWS_PER_YEAR, periods_from_dates, rows_per_year

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._types import FloatMatrix, FloatVector, Labels

SAMPLE_ROWS = 256
FEWEST_ROWS_OF_LEVELS = 3
FEWEST_ROWS_OF_MOVES = 8
FEWEST_ROWS_OF_CALM_AND_STORM = 20  # fewer may lie in one crisis
SHARE_OF_LEVELS_ABOVE_ZERO = 0.95
TYPICAL_PRICE = 1.5
LEAST_TYPICAL_PRICE = 0.5
MOST_MOVE_BETWEEN_LEVELS = 0.25
MOST_PLAUSIBLE_YEARLY_GAIN = 2.0
MOST_PLAUSIBLE_VOLATILITY = 2.0
MOST_VOLATILITY_OF_OPTIONS = 5.0
MEDIAN_OF_NORMAL_MOVES = 0.6744897501960817  # of the absolute value, in standard deviations
MOST_PLAUSIBLE_YEARLY_RATE = 0.5
MOST_PLAUSIBLE_GROSS = 20.0
MOST_MULTIPLES_OF_LARGEST_MOVE = 10.0
LEAST_IMPOSSIBLE_SHOCK = 100.0
LEAST_DEVIATIONS_OF_A_SHOCK = 0.5
LEAST_DOUBTFUL_IMPACT = 10.0  # the coefficient of the square root is near 1
MOST_PLAUSIBLE_DAILY_VOLATILITY = 0.15  # of the median order or position
SHARE_OF_GAINS_IN_LEVELS = 0.8  # of the sum of sizes
UNDATED_PERIODS_PER_YEAR = 12.0


def typical_move(volatility: float, periods: float) -> float:
    """Return the median absolute return of normal returns with this yearly volatility."""
    return MEDIAN_OF_NORMAL_MOVES * volatility / math.sqrt(periods)


def _half_a_typical_move(periods: float) -> float:
    return 0.5 * typical_move(MOST_PLAUSIBLE_VOLATILITY, periods)


HALF_A_MOVE_OF_AN_HOUR = _half_a_typical_move(MOST_ROWS_PER_YEAR)


TOPICS_OF_DATES = ("gaps", "years", "carried")
TOPICS_OF_DATA = (*TOPICS_OF_DATES, "units", "rates", "periods")
_topics: ContextVar[set[str] | None] = ContextVar("riskresearch_topics_of_warnings", default=None)
_listener: ContextVar[list[str] | None] = ContextVar("riskresearch_listener_to_warnings", default=None)


@contextmanager
def each_topic_once(*said: str) -> Iterator[None]:
    """Let one warning pass for each topic that was not `said` before: where many measures ask for the same data.

    A warning without a topic passes once with the same words.
    """
    known = _topics.get()
    inside = known if known is not None and not said else {*said, *(known or ())}
    token = _topics.set(inside)
    try:
        yield
    finally:
        _topics.reset(token)
        if known is not None:
            known |= inside - set(said)


@contextmanager
def overheard() -> Iterator[list[str]]:
    """Collect the texts of the warnings that are given inside; each is given all the same."""
    texts: list[str] = []
    token = _listener.set(texts)
    try:
        yield texts
    finally:
        _listener.reset(token)


def warn_user(message: str, category: type[Warning] = ConventionWarning, *, topic: str = "", of: str = "") -> None:
    """Warn at the line of the caller outside this library, at any depth.

    Inside `each_topic_once` a topic is warned of once, or once for each argument that it is `of`.
    """
    said = _topics.get()
    if said is not None:
        mine = f"{topic} of {of}" if of else topic or message
        if topic in said or mine in said:
            return
        said.add(mine)
    listener = _listener.get()
    if listener is not None:
        listener.append(message)
    level, frame = 2, sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith("riskresearch."):
        level, frame = level + 1, frame.f_back
    warnings.warn(message, category, stacklevel=level)


@shared
def lowest_of(values: FloatMatrix) -> float:
    """Return the minimum of `values` without missing ones; nan if all are missing."""
    lowest = float(np.minimum.reduce(values, axis=None))  # at a fraction of the cost of fmin
    return lowest if lowest == lowest else float(np.fmin.reduce(values, axis=None))


def check_returns(values: FloatMatrix, labels: Labels, *, name: str, lowest: float | None = None) -> None:
    """Warn if `values`, shape (rows, columns), can hardly be simple returns as fractions; nan is missing.

    `lowest` is their minimum, if it is known.
    """
    with np.errstate(all="ignore"):  # the largest doubles
        doubt = _doubt(values, labels, lowest_of(values) if lowest is None else lowest)
    if doubt:
        warn_user(f"{name} {doubt}. Returns are simple and fractions: 1 % is 0.01.", topic="units", of=name)


def _doubt(values: FloatMatrix, labels: Labels, lowest: float) -> str:
    """Return why a column can hardly hold returns, else an empty text; usual data pass after a few sums."""
    sample = values[:: -(-values.shape[0] // SAMPLE_ROWS)]
    count: Any = sample.shape[0]
    present = None
    sizes = np.add.reduce(np.abs(sample), axis=0)
    if np.isnan(sizes).any():
        present = ~np.isnan(sample)
        sample, count = np.where(present, sample, 0.0), present.sum(axis=0)
        sizes = np.add.reduce(np.abs(sample), axis=0)
    gains = np.add.reduce(sample, axis=0) > SHARE_OF_GAINS_IN_LEVELS * sizes
    # A median is at most twice the mean, so only what is large on average can be large typically.
    if np.logical_or.reduce(gains | (sizes > HALF_A_MOVE_OF_AN_HOUR * count)):
        periods = rows_per_year(labels.dates)
        bound = _half_a_typical_move(periods or UNDATED_PERIODS_PER_YEAR) * count
        for column in map(int, np.flatnonzero(gains | (sizes > bound))):
            numbers = sample[:, column] if present is None else sample[present[:, column], column]
            found = _levels(numbers, periods) or _percent(
                numbers, values[:, column], periods or UNDATED_PERIODS_PER_YEAR
            )
            if found:
                return (f"in column {labels.column_name(column)} " if values.shape[1] > 1 else "") + found
    return _more_than_everything(values, lowest, labels) if lowest < -1.0 else ""


def _more_than_everything(values: FloatMatrix, lowest: float, labels: Labels) -> str:
    row, column = map(int, np.argwhere(values == lowest)[0])
    return (
        f"has {lowest:.6g} at {labels.place(row, column)}: as a fraction that is a loss of {in_percent(-lowest)}, "
        f"more than everything; as percent a loss of {-lowest:.6g} %, which is {lowest / 100.0:.6g}"
    )


def _levels(numbers: FloatVector, periods: float | None) -> str:
    """Return why the numbers look like prices, yields or rates: positive, large, and alike from row to row."""
    positive = numbers > 0.0
    if numbers.size < FEWEST_ROWS_OF_LEVELS or positive.mean() < SHARE_OF_LEVELS_ABOVE_ZERO:
        return ""
    levels = numbers[positive]
    typical = float(np.median(levels))
    alike = float(np.median(np.abs(levels[1:] / levels[:-1] - 1.0))) < MOST_MOVE_BETWEEN_LEVELS
    count = "all its values" if positive.all() else f"{positive.mean():.0%} of its values"
    if typical > TYPICAL_PRICE or (alike and typical > LEAST_TYPICAL_PRICE):
        return (
            f"looks like prices: {count} are positive, typically {typical:.4g}. As returns each row gains "
            f"{in_percent(typical)}; as prices, pass riskresearch.simple_returns of them"
        )
    yearly = 0.0 if periods is None else float(np.mean(numbers)) * periods
    if alike and levels.size >= FEWEST_ROWS_OF_CALM_AND_STORM and yearly > MOST_PLAUSIBLE_YEARLY_GAIN:
        return (
            f"looks like prices, yearly rates or percent: {count} are positive and alike, typically {typical:.4g}. As "
            f"returns they gain {in_percent(yearly)} a year, at {periods:.4g} rows. As prices, pass "
            "riskresearch.simple_returns of them; as yearly rates, the rate of a row, or as a factor their changes, "
            ".diff(); as percent, a hundredth"
        )
    return ""


def _percent(numbers: FloatVector, whole: FloatVector, periods: float) -> str:
    """Return why the numbers look like percent: as fractions they move more than any investment does."""
    if numbers.size < FEWEST_ROWS_OF_MOVES:
        return ""
    typical = float(np.median(np.abs(numbers)))
    volatility = typical / typical_move(1.0, periods)
    few = numbers.size < FEWEST_ROWS_OF_CALM_AND_STORM
    like_options = np.fmax.reduce(whole) > 1.0 and np.fmin.reduce(whole) >= -1.0
    if volatility <= (MOST_VOLATILITY_OF_OPTIONS if few or like_options else MOST_PLAUSIBLE_VOLATILITY):
        return ""
    return (
        f"looks like percent: a row typically moves by {typical:.4g}. As fractions that is a volatility of "
        f"{in_percent(volatility)} a year, at {periods:.4g} rows; as percent, of {volatility:.3g} %: divide by 100"
    )


def in_percent(fraction: float) -> str:
    return f"{100.0 * fraction:,.0f} %" if fraction < 1e6 else f"{fraction:.3g} times 100 %"


def check_rate(
    rate: float,
    *,
    name: str,
    dates: npt.NDArray[np.datetime64] | None,
    periods: float | None = None,
) -> None:
    """Warn if a rate per period is more than 50 % a year, so that a yearly rate was probably meant.

    `periods` is the number per year that the caller uses, None for a measure without; 1 leaves it to the dates.
    """
    doubt = doubt_of_rate(rate, name=name, dates=dates, periods=periods) if rate > 0.0 else ""
    if doubt:
        warn_user(doubt, topic="rates", of=name)


def doubt_of_rate(
    rate: float, *, name: str, dates: npt.NDArray[np.datetime64] | None, periods: float | None = None
) -> str:
    """Return why a rate can hardly be one per period, with both readings; empty where it can."""
    if abs(rate) * MOST_ROWS_PER_YEAR <= MOST_PLAUSIBLE_YEARLY_RATE:
        return ""
    count = _periods_of_rates(dates, periods)
    yearly = rate * count
    if abs(yearly) <= MOST_PLAUSIBLE_YEARLY_RATE:
        return ""
    return (
        f"{name} is a rate per period; {rate:g} at {count:g} periods a year is {yearly:,.0%} a year. "
        f"A yearly rate y is (1 + y) ** (1 / {count:g}) - 1 per period: {rate:g} a year is "
        f"{max(1.0 + rate, 0.0) ** (1.0 / count) - 1.0:.3g}."
    )


def _periods_of_rates(dates: npt.NDArray[np.datetime64] | None, periods: float | None) -> float:
    if periods is not None and periods != 1.0:
        return periods
    try:
        shown = periods_from_dates(dates)
    except InvalidInputError:  # several rows a day, or irregular
        shown = rows_per_year(dates)
    if shown is not None:
        return shown
    return periods or float(options.periods_per_year or UNDATED_PERIODS_PER_YEAR)


def check_impact(coefficient: float, *, name: str) -> None:
    """Warn if the coefficient of a square-root impact is far above 1, so that basis points were probably meant."""
    if coefficient >= LEAST_DOUBTFUL_IMPACT:
        warn_user(
            f"{name} is a coefficient near 1: at {coefficient:g} a fill of the average volume costs {coefficient:g} "
            f"deviations of a bar. As percent it is {coefficient / 100.0:g}."
        )


def check_daily_volatility(typical: float, *, of: str) -> None:
    """Warn of the volatility of the median order or position that can hardly be that of a bar or a day."""
    if typical > MOST_PLAUSIBLE_DAILY_VOLATILITY:
        warn_user(
            f"volatility of the median {of} is {typical:g}, and should be that of a bar, as a fraction: 0.3 a year is "
            "0.3 / sqrt(252) a day, and 2 % is 0.02.",
            topic="units",
            of="volatility",
        )


def check_continuous_bet(excess: float, spread: float) -> None:
    """Warn if a mean or a volatility can hardly be a fraction."""
    if spread > MOST_PLAUSIBLE_VOLATILITY or abs(excess) > MOST_PLAUSIBLE_YEARLY_GAIN:
        warn_user(
            f"mean and volatility look like percent: {excess:g} above risk_free and {spread:g} are "
            f"{in_percent(abs(excess))} and {in_percent(spread)}; as percent {excess / 100.0:g} and "
            f"{spread / 100.0:g}."
        )


def check_gross(gross: float, *, name: str, place: str = "") -> None:
    """Warn if the sum of absolute weights exceeds any leverage, so that percent were probably meant."""
    if gross > MOST_PLAUSIBLE_GROSS:
        warn_user(
            f"{name} has sizes that sum to {gross:.4g}{place}. Weights are fractions of net asset value: that is "
            f"{gross:.4g} times the equity; as percent it is {gross / 100.0:.4g} times: divide by 100."
        )


def check_loss(loss: float, *, name: str, gross: float = 1.0) -> None:
    """Refuse a loss of more than everything, which is a percentage in disguise; `gross` allows for borrowed money."""
    if loss > max(gross, 1.0):
        raise InvalidInputError(
            f"{name} must be at most {max(gross, 1.0):g}, the gross holdings of the portfolio, got {loss:g}. It is "
            f"the fraction lost: {loss:g} is {in_percent(loss)}; {loss:g} % is {loss / 100.0:g}."
        )


def check_shock(shock: float, *, name: str, largest_move: float, of_asset: bool) -> None:
    """Refuse a shock that no price can make; one that is many times the largest move of the history warns."""
    reading = (
        f"It is a simple return: {shock:g} is {in_percent(shock)}; {shock:g} % is {shock / 100.0:g}, and {shock:g} "
        f"basis points are {shock / 10_000.0:g}."
    )
    if shock < -1.0 and (of_asset or largest_move < 1.0):
        raise InvalidInputError(f"{name} must be -1 or more, since no price falls below zero, got {shock:g}. {reading}")
    if abs(shock) <= max(1.0, MOST_MULTIPLES_OF_LARGEST_MOVE * largest_move):
        return
    times = abs(shock) / max(largest_move, 1e-300)
    if abs(shock) >= LEAST_IMPOSSIBLE_SHOCK:
        raise InvalidInputError(
            f"{name} must be a fraction, got {shock:g}, {times:.3g} times the largest move in its history. {reading}"
        )
    warn_user(f"{name} is {times:.3g} times the largest move in its history, got {shock:g}. {reading}")


def check_shock_of_factor(shock: float, *, factor: str, deviation: float) -> None:
    """Warn if the largest shock of a factor is less than it moves on an ordinary row: its unit may be another."""
    if 0.0 < abs(shock) < LEAST_DEVIATIONS_OF_A_SHOCK * deviation:
        warn_user(
            f"shocks has {shock:g} as the largest move of {factor!r}, {abs(shock) / deviation:.2g} times its standard "
            f"deviation per row, {deviation:.3g}. A shock has the unit of its factor: +200 basis points are 0.02 where "
            "the factor is the change of a yield as a fraction, and 2 where it is in percent."
        )
