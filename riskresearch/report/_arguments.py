"""Checks of arguments that reports and comparisons share."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from riskresearch.core import InvalidInputError
from riskresearch.core._checks import check_choice
from riskresearch.core._plausibility import doubt_of_rate

MIN_DEFAULT_WINDOW = 12


def refuse_yearly_rate(risk_free: float, portfolio: pd.Series, periods: float) -> None:
    """Refuse a risk-free rate that is none per period: every ratio on the page would be wrong."""
    doubt = doubt_of_rate(risk_free, name="risk_free (--risk-free)", dates=portfolio.index.to_numpy(), periods=periods)
    if doubt:
        raise InvalidInputError(
            f"{doubt} Pass the rate of one period. Where rates are really that high, report on returns in excess of "
            "the rate, without risk_free."
        )


def rolling_window(given: int | None, periods: float, n_dates: int) -> int:
    """Return the given window, or else one year, or half of the dates if they span less than two years."""
    if given is None:
        return max(2, min(max(round(periods), MIN_DEFAULT_WINDOW), n_dates // 2))
    if isinstance(given, bool) or not isinstance(given, int | np.integer) or not 2 <= given <= n_dates:
        raise InvalidInputError(f"window must be a whole number from 2 to the {n_dates:,} dates, got {given!r}.")
    return int(given)


def check_sections(names: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """Return the names of sections, each of which is known and there once."""
    if isinstance(names, str):
        raise InvalidInputError(f"sections must be a sequence of names, got the text {names!r}.")
    if not len(names):
        raise InvalidInputError(f"sections must name one section or more of {', '.join(map(repr, known))}, got none.")
    checked = tuple(check_choice(name, known, name="sections") for name in names)
    twice = [name for number, name in enumerate(checked) if name in checked[:number]]
    if twice:
        raise InvalidInputError(f"sections must name each section once, got {twice[0]!r} twice.")
    return checked
