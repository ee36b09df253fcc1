"""The readings that the numbers of a column allow, each with the number that speaks for or against it.

Thresholds of `core/_plausibility` decide what an investment can do. What is added here:

* Percent and fractions differ by 100. A volatility of 1 to 5 % in percent is one of 100 to 500 % in fractions, which
  coins and books of options have, so both fit there; below 1 % a fund is cash, and its returns are positive throughout.
* Positive numbers that are alike are prices, or the returns of a deposit. Money markets of the larger currencies paid
  0.01 to 10 % a year since 1990; in percent, rates below 0.1 % are left out: as fractions
  the same numbers are 1 to 10 %.
  Loans and funds that mark to models gain up to 50 % a year, but do not move as smoothly as prices.
* Cumulative returns begin at exactly zero, neighbours are alike, and 1 + c moves as wealth does.
"""

import math
from dataclasses import dataclass
from typing import Literal

from riskresearch.core._plausibility import (
    FEWEST_ROWS_OF_LEVELS,
    MOST_MOVE_BETWEEN_LEVELS,
    MOST_PLAUSIBLE_VOLATILITY,
    MOST_PLAUSIBLE_YEARLY_RATE,
    MOST_VOLATILITY_OF_OPTIONS,
    SHARE_OF_LEVELS_ABOVE_ZERO,
)
from riskresearch.files.kinds._evidence import Evidence

DecidedKind = Literal["prices", "returns", "percent", "log-returns", "cumulative", "pnl"]

LEAST_VOLATILITY_OF_PERCENT = 0.01
LEAST_YEARLY_RATE_OF_CASH = {1.0: 1e-4, 0.01: 1e-3}
"""By the scale of the numbers."""
MOST_YEARLY_RATE_OF_CASH = 0.1
MOST_MOVE_OF_PEGS = 0.05
"""Levels whose neighbours are closer than this need no trend: pegged currencies, net asset values near 1."""
MOST_STEPS_OF_A_START = 10.0
"""The first step of cumulative returns, in typical ones; a price of zero among prices is farther from them."""
PERCENT_OF_ONE = 0.01


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of number and how it is written.

    Attributes
    ----------
    kind : str
        As users choose it.
    scale : {1.0, 0.01}
        By which the numbers are multiplied to be fractions.
    is_sum : bool
        Whether each row holds the profit and loss so far, not that of the row.
    """

    kind: DecidedKind
    scale: float = 1.0
    is_sum: bool = False


PRICES = Form("prices")
RETURNS = Form("returns")
PERCENT = Form("percent", PERCENT_OF_ONE)
LOG_RETURNS, LOG_RETURNS_IN_PERCENT = Form("log-returns"), Form("log-returns", PERCENT_OF_ONE)
CUMULATIVE, CUMULATIVE_IN_PERCENT = Form("cumulative"), Form("cumulative", PERCENT_OF_ONE)
PNL, SUM_OF_PNL = Form("pnl"), Form("pnl", is_sum=True)
FORMS = (
    PRICES, RETURNS, PERCENT, LOG_RETURNS, LOG_RETURNS_IN_PERCENT, CUMULATIVE, CUMULATIVE_IN_PERCENT, PNL, SUM_OF_PNL,
)  # fmt: skip


def forms_that_fit(evidence: Evidence) -> frozenset[Form]:
    """Return the forms that the numbers alone allow."""
    return frozenset(form for form in FORMS if _fits(evidence, form))


def _fits(evidence: Evidence, form: Form) -> bool:
    if form == PRICES:
        return could_be_prices(evidence)
    if form.kind in ("returns", "percent"):
        return could_be_returns(evidence, form.scale)
    if form.kind == "log-returns":  # else they look like simple ones
        few_are_below = evidence.lowest < -1.0 and evidence.volatility <= MOST_PLAUSIBLE_VOLATILITY
        return form == LOG_RETURNS and few_are_below and evidence.could_be_changes()
    if form.kind == "cumulative":
        return starts_at_zero(evidence) and could_be_cumulative(evidence, form.scale)
    return could_be_profit(evidence, is_sum=form.is_sum)


def could_be_prices(evidence: Evidence) -> bool:
    """Return whether all values are positive and neighbours are as alike as those of prices."""
    if evidence.lowest <= 0.0 or evidence.volatility_as_prices > MOST_VOLATILITY_OF_OPTIONS:
        return False
    return evidence.has_few or evidence.move <= MOST_MOVE_OF_PEGS or evidence.could_be_levels()


def could_be_returns(evidence: Evidence, scale: float, *, least: float = -1.0) -> bool:
    """Return whether the values times `scale` are at least `least` and move as the returns of an investment do."""
    volatility = evidence.volatility * scale
    if evidence.lowest * scale < least or volatility > MOST_VOLATILITY_OF_OPTIONS:
        return False
    if evidence.highest == evidence.lowest == 0.0 or is_like_cash(evidence, scale):
        return True
    if could_be_prices(evidence) and evidence.count >= FEWEST_ROWS_OF_LEVELS and _are_alike(evidence):
        return False
    if scale == PERCENT_OF_ONE and volatility * evidence.margin < LEAST_VOLATILITY_OF_PERCENT:
        return False
    return evidence.could_be_changes()


def is_like_cash(evidence: Evidence, scale: float) -> bool:
    """Return whether the values times `scale` are the returns of a deposit: hardly ever negative, alike and small."""
    if evidence.count < FEWEST_ROWS_OF_LEVELS or evidence.positive == 0 or not _are_alike(evidence):
        return False
    if float((evidence.values < 0.0).mean()) > 1.0 - SHARE_OF_LEVELS_ABOVE_ZERO:
        return False
    is_marked = evidence.move > MOST_MOVE_OF_PEGS and evidence.could_be_changes()
    most = MOST_PLAUSIBLE_YEARLY_RATE if is_marked else MOST_YEARLY_RATE_OF_CASH
    return LEAST_YEARLY_RATE_OF_CASH[scale] <= yearly_gain(evidence, scale) <= most


def could_be_interest(evidence: Evidence) -> bool:
    """Return whether the values may be a rate of interest of each period in percent: none negative, small in a year."""
    return evidence.lowest >= 0.0 and yearly_gain(evidence, PERCENT_OF_ONE) <= MOST_YEARLY_RATE_OF_CASH


def yearly_gain(evidence: Evidence, scale: float) -> float:
    """Return the sum in a year of the values times `scale`."""
    return evidence.mean * scale * evidence.periods


def starts_at_zero(evidence: Evidence) -> bool:
    """Return whether the first value is exactly zero and the path leaves it as it moves later on."""
    if evidence.count < FEWEST_ROWS_OF_LEVELS or evidence.values[0] != 0.0 or evidence.step == 0.0:
        return False
    return abs(float(evidence.values[1])) <= MOST_STEPS_OF_A_START * evidence.step and evidence.could_be_levels()


def could_be_cumulative(evidence: Evidence, scale: float) -> bool:
    """Return whether 1 plus the values times `scale` moves as wealth does."""
    if evidence.count < 2 or evidence.lowest * scale <= -1.0:
        return False
    volatility = evidence.volatility_of_wealth(scale)
    if scale == PERCENT_OF_ONE and volatility * evidence.margin < LEAST_VOLATILITY_OF_PERCENT:
        return False
    return volatility <= MOST_VOLATILITY_OF_OPTIONS


def could_be_profit(evidence: Evidence, *, is_sum: bool) -> bool:
    """Return whether the values have both signs and are too large for percent."""
    if evidence.positive == evidence.count or evidence.highest == evidence.lowest == 0.0:
        return False
    if is_sum:
        step = PERCENT_OF_ONE * evidence.step
        large = evidence.typical > 0.0 and step * math.sqrt(evidence.periods) > MOST_PLAUSIBLE_VOLATILITY
        return starts_at_zero(evidence) and large
    return evidence.could_be_changes() and PERCENT_OF_ONE * evidence.volatility > MOST_PLAUSIBLE_VOLATILITY


def _are_alike(evidence: Evidence) -> bool:
    return evidence.move < MOST_MOVE_BETWEEN_LEVELS


def reading_in_words(evidence: Evidence, form: Form) -> str:
    """Return what the values would mean in a form, with the number that makes it likely or absurd."""
    if form == PRICES:
        if evidence.lowest <= 0.0:
            return "as prices some are zero or negative"
        return f"as prices the volatility is {in_percent(evidence.volatility_as_prices)} a year"
    if form.kind == "cumulative":
        unit = "cumulative percent" if form.scale == PERCENT_OF_ONE else "cumulative returns"
        volatility = evidence.volatility_of_wealth(form.scale)
        moves = "the wealth falls to zero" if math.isinf(volatility) else f"the volatility is {in_percent(volatility)}"
        return f"as {unit} {moves}{'' if math.isinf(volatility) else ' a year'}"
    if form.kind == "pnl":
        what = "the sum of profit and loss" if form.is_sum else "profit and loss"
        return f"as {what} in money a row typically moves by {evidence.step if form.is_sum else evidence.typical:,.4g}"
    unit = {"returns": "returns", "percent": "percent", "log-returns": "log returns"}[form.kind]
    if form == LOG_RETURNS_IN_PERCENT:
        unit = "log returns in percent"
    if evidence.lowest > 0.0:
        yearly = in_percent(yearly_gain(evidence, form.scale))
        return f"as {unit} each row gains {in_percent(evidence.typical * form.scale)}, {yearly} a year"
    return f"as {unit} the volatility is {in_percent(evidence.volatility * form.scale)} a year"


def in_percent(fraction: float) -> str:
    """Return a fraction as percent, with two digits at least."""
    percent = 100.0 * fraction
    return f"{percent:,.0f} %" if 10.0 <= abs(percent) < 1e6 else f"{percent:.2g} %"


def option(kind: DecidedKind) -> str:
    """Return how a kind is chosen, in Python and on the command line."""
    return f'kind="{kind}" (--kind {kind})'
