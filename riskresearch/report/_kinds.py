"""Prices or returns: inferred from the numbers where they are unambiguous, otherwise an error."""

from typing import Literal

import numpy as np
import pandas as pd

from riskresearch.core import InvalidInputError

Kind = Literal["auto", "prices", "returns"]

# A positive column whose typical value is above this holds no fractions.
TYPICAL_PRICE = 1.5
# Yearly volatility above this, as a fraction, is percent taken for fractions.
MOST_PLAUSIBLE_VOLATILITY = 3.0
DAYS_PER_YEAR = 365.25


def decide_kind(values: pd.DataFrame, *, kind: Kind, name: str) -> tuple[Literal["prices", "returns"], str]:
    """Return whether `values` are prices or simple returns, and the reason.

    Parameters
    ----------
    values : DataFrame, shape (n_dates, n_columns)
        The numbers, missing ones NaN.
    kind : {"auto", "prices", "returns"}
        What the user says they are.
    name : str
        What errors call them.

    Returns
    -------
    kind : {"prices", "returns"}
    reason : str

    Raises
    ------
    InvalidInputError
        If the numbers contradict `kind`, each other, or with "auto" fit both.
    """
    if kind not in ("auto", "prices", "returns"):
        raise InvalidInputError(f"kind must be 'auto', 'prices' or 'returns', got {kind!r}.")
    for column in values:
        if values[column].isna().all():
            raise InvalidInputError(f"column {column!r} of {name} holds no number at all.")
    no_prices = _first(values, values <= 0.0)
    below = _first(values, values < -1.0)
    typical = {str(column): float(values[column].abs().median()) for column in values}
    large = [name for name in typical if typical[name] > TYPICAL_PRICE and (values[name].dropna() > 0.0).all()]
    if kind == "prices":
        if no_prices:
            raise InvalidInputError(
                f"{name} was given as prices, but prices are positive and it holds {no_prices}. "
                "If it holds returns, pass kind='returns' (--kind returns)."
            )
        return "prices", "as stated"
    if below:
        raise InvalidInputError(
            f"{name} holds {below}: neither a price nor a simple return as a fraction (-0.05 is -5 %). "
            "Divide percent by 100; log returns are turned by exp(x) - 1."
        )
    if kind == "returns":
        if large:
            raise InvalidInputError(
                f"{name} was given as returns, but column {large[0]!r} is positive throughout and typically "
                f"{typical[large[0]]:.4g}. If it holds prices, pass kind='prices' (--kind prices)."
            )
        return "returns", "as stated"
    return _decided(values, no_prices, large, typical, name)


def _decided(
    values: pd.DataFrame, no_prices: str, large: list[str], typical: dict[str, float], name: str
) -> tuple[Literal["prices", "returns"], str]:
    if no_prices and large:
        raise InvalidInputError(
            f"{name} mixes prices and returns: column {large[0]!r} is positive throughout and typically "
            f"{typical[large[0]]:.4g}, but there is also {no_prices}."
        )
    if no_prices:
        _refuse_percent(values, name)
        share = float((values <= 0.0).to_numpy().sum() / values.count().sum())
        return "returns", f"{share:.0%} of its values are zero or negative, which no price is"
    if large:
        return "prices", f"all its values are positive and column {large[0]!r} is typically {typical[large[0]]:.4g}"
    middle = float(np.median(list(typical.values())))
    raise InvalidInputError(
        f"{name} could hold prices or returns: all its values are positive, typically {middle:.4g}. "
        "Say which: kind='prices' or 'returns' (--kind prices, --kind returns)."
    )


def _refuse_percent(values: pd.DataFrame, name: str) -> None:
    index = values.index
    if not isinstance(index, pd.DatetimeIndex) or len(index) < 3:
        return
    years = (index[-1] - index[0]).days / DAYS_PER_YEAR
    rows_per_year = (len(index) - 1) / max(years, 1.0 / DAYS_PER_YEAR)
    volatility = float((values.std() * np.sqrt(rows_per_year)).median())
    if volatility > MOST_PLAUSIBLE_VOLATILITY:
        raise InvalidInputError(
            f"{name} as returns has a volatility of {volatility:.0%} a year: percent? Divide by 100, or pass "
            "kind='returns' (--kind returns) if these are fractions."
        )


def _first(values: pd.DataFrame, flags: pd.DataFrame) -> str:
    """Return the place of the first flagged value in words; empty without one."""
    where = np.argwhere(flags.to_numpy())
    if not len(where):
        return ""
    row, column = where[0]
    return f"{values.to_numpy()[row, column]:.6g} at {values.index[row]:%Y-%m-%d} in column {values.columns[column]!r}"
