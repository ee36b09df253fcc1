"""Effects of currencies beside those of markets: Karnosky & Singer (1994), and Ankrim & Hensel (1994)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from riskresearch.core._arguments import column_labels, same_rows
from riskresearch.core._checks import listed, text_keys
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._groups import group_of_each
from riskresearch.core._labels import is_instance_of
from riskresearch.kernels.attribution._brinson_effects import sums_of_members
from riskresearch.posttrade.attribution._levels import Leg
from riskresearch.posttrade.attribution._sides import Sides
from riskresearch.posttrade.attribution._weight_rows import weight_rows

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._types import FloatMatrix, FloatVector
    from riskresearch.posttrade.attribution._currency_legs import CurrencyLegs

SUM_TOLERANCE = 1e-9
BASE = "base currency"


class CurrencyEffects(NamedTuple):
    """The markets' sides without the currencies' part, the legs of the currencies, and what both sides earned there."""

    markets: Sides
    names: tuple[str, ...]
    legs: list[Leg]
    returns: FloatVector
    """What the portfolio earns beyond its markets' own part."""
    benchmark_returns: FloatVector
    notes: tuple[str, ...]


class Exposures(NamedTuple):
    """The currencies, their returns and net weights on both sides, and the markets' weights by currency."""

    names: tuple[str, ...]
    returns: FloatMatrix
    benchmark_returns: FloatMatrix
    weights: FloatMatrix
    benchmark_weights: FloatMatrix
    of_markets: FloatMatrix
    benchmark_of_markets: FloatMatrix
    currency_of: npt.NDArray[np.intp]


def currency_effects(sides: Sides, legs: CurrencyLegs, model: str) -> CurrencyEffects:
    """Return the effects of currencies by `model`, and the sides of the markets that remain."""
    return _karnosky_singer(sides, legs) if model == "karnosky_singer" else _ankrim_hensel(sides, legs)


def _karnosky_singer(sides: Sides, legs: CurrencyLegs) -> CurrencyEffects:
    if legs.local_cash_returns is None:
        raise InvalidInputError(
            'currency_legs must have local_cash_returns with currency="karnosky_singer", got none. They are the return '
            "of cash in the currency of each market."
        )
    held = _exposures(sides, legs, need_markets=legs.weights is None or legs.benchmark_weights is None)
    markets = [each for each in sides.columns if each != sides.cash]
    cash = _table(legs.local_cash_returns, sides, tuple(markets), name="local_cash_returns")
    if sides.cash:
        cash = np.column_stack([cash, sides.returns[:, -1]])
    own, other, local = (_logs(values, sides) for values in (sides.returns, sides.benchmark_returns, cash))
    currency, rival = (_logs(values, sides) for values in (held.returns, held.benchmark_returns))
    rest, other_rest = (_rest(weights) for weights in (held.weights, held.benchmark_weights))
    base = _logs(sides.returns[:, -1:], sides)[:, 0] if sides.cash else np.zeros(len(rest))
    earned = (held.weights * currency).sum(axis=1) + rest * base
    total = (held.benchmark_weights * rival).sum(axis=1) + other_rest * base
    node = [f"{name} (currency)" for name in held.names]
    found = []
    for number, name in enumerate(node):
        active = held.weights[:, number] - held.benchmark_weights[:, number]
        found.append(Leg(name, "currency", active * (rival[:, number] - total)))
        found.append(Leg(name, "hedging", held.weights[:, number] * (currency[:, number] - rival[:, number])))
    if sides.cash:
        found.append(Leg(BASE, "currency", (rest - other_rest) * (base - total)))
    return CurrencyEffects(
        replace(sides, returns=own - local, benchmark_returns=other - local),
        ("currency", "hedging"),
        found,
        earned,
        total,
        (
            "Karnosky and Singer: markets earn log(1 + local return) less log(1 + local cash), currencies "
            "log(1 + return of their cash in the base currency) on net weights; effects of logarithms add over rows, "
            "so no linking is used.",
        ),
    )


def _ankrim_hensel(sides: Sides, legs: CurrencyLegs) -> CurrencyEffects:
    if legs.forward_premia is None or legs.benchmark_returns is not None or legs.local_cash_returns is not None:
        raise InvalidInputError(
            "currency_legs must have forward_premia, and neither benchmark_returns nor local_cash_returns, with "
            'currency="ankrim_hensel": both sides see the same spot and forward rates.'
        )
    held = _exposures(sides, legs, need_markets=True)
    premia = _table(legs.forward_premia, sides, held.names, name="forward_premia")
    surprise = held.returns - premia
    forward = surprise / (1.0 + premia)
    forwards, others = held.weights - held.of_markets, held.benchmark_weights - held.benchmark_of_markets
    mean_surprise = (held.benchmark_of_markets * surprise).sum(axis=1)[:, None]
    mean_premium = (held.benchmark_of_markets * premia).sum(axis=1)[:, None]
    active = held.of_markets - held.benchmark_of_markets
    currency = active * (surprise - mean_surprise) + (forwards - others) * (forward - mean_surprise)
    premium = active * (premia - mean_premium)
    found = []
    for number, name in enumerate(held.names):
        found.append(Leg(f"{name} (currency)", "currency", currency[:, number]))
        found.append(Leg(f"{name} (currency)", "forward_premium", premium[:, number]))
    if sides.cash:  # base currency, of which the exchange rate and the premium are 0
        rest = sides.weights[:, -1] - sides.benchmark_weights[:, -1]
        unsold = rest - (forwards - others).sum(axis=1)
        found.append(Leg(BASE, "currency", -unsold * mean_surprise[:, 0]))
        found.append(Leg(BASE, "forward_premium", -rest * mean_premium[:, 0]))
    spot = np.column_stack([held.returns[:, held.currency_of], *([np.zeros(len(premia))] if sides.cash else [])])
    return CurrencyEffects(
        replace(sides, returns=sides.returns - spot, benchmark_returns=sides.benchmark_returns - spot),
        ("currency", "forward_premium"),
        found,
        (held.of_markets * held.returns + forwards * forward).sum(axis=1),
        (held.benchmark_of_markets * held.returns + others * forward).sum(axis=1),
        (
            "Ankrim and Hensel: markets earn their return in the base currency less the exchange rate's; currency is "
            "its surprise over the forward rate, on markets and forwards; the totals hold the return of forwards.",
        ),
    )


def _exposures(sides: Sides, legs: CurrencyLegs, *, need_markets: bool) -> Exposures:
    names = _names_of(legs.returns)
    returns = _table(legs.returns, sides, names, name="returns")
    given = legs.benchmark_returns
    rivals = returns if given is None else _table(given, sides, names, name="benchmark_returns")
    markets = tuple(each for each in sides.columns if each != sides.cash)
    rows, count = sides.weights.shape[0], len(names)
    numbers = np.zeros(len(markets), dtype=np.intp)
    own = other = np.zeros((rows, count))
    if need_markets:
        given_names = legs.currencies
        labels = markets if given_names is None else group_of_each(given_names, markets, what="market")
        unknown = next((label for label in labels if label not in names), None)
        if unknown is not None:
            raise InvalidInputError(
                f"currency_legs must have the returns of the currency of each market, got none of {unknown!r}. The "
                f"currencies are {listed(names)}; currencies={{market: currency}} names that of each market."
            )
        numbers = np.array([names.index(label) for label in labels], dtype=np.intp)
        own, other = (
            sums_of_members(values[:, : len(markets)], numbers, count)
            for values in (sides.weights, sides.benchmark_weights)
        )
    return Exposures(
        names,
        returns,
        rivals,
        _net_weights(legs.weights, own, sides, names, name="weights"),
        _net_weights(legs.benchmark_weights, other, sides, names, name="benchmark_weights"),
        own,
        other,
        numbers,
    )


def _names_of(given: Any) -> tuple[str, ...]:
    if hasattr(given, "items") and getattr(given, "ndim", 1) == 1:
        return tuple(text_keys(given, name="currency_legs.returns"))
    columns = getattr(given, "columns", None)
    if columns is None:
        raise InvalidInputError("currency_legs.returns must name the currencies: a DataFrame, a Series or a mapping.")
    return tuple(map(str, columns))


def _table(given: Any, sides: Sides, names: tuple[str, ...], *, name: str) -> FloatMatrix:
    """Return numbers over the rows, a column for each of `names`, from constants by name or a table."""
    label = f"currency_legs.{name}"
    if hasattr(given, "items") and getattr(given, "ndim", 1) == 1:
        by_name = text_keys(given, name=label)
        _refuse_missing(names, tuple(by_name), label)
        row = np.array([float(by_name[each]) for each in names])
        values: FloatMatrix = np.broadcast_to(row, (sides.weights.shape[0], len(names)))
    else:
        other = same_rows(given, sides.panel, name=label, nan_policy="raise", holds="numbers")
        columns = column_labels(other)
        _refuse_missing(names, columns, label)
        values = other.values[sides.first :, [columns.index(each) for each in names]]
    if not np.isfinite(values).all():
        raise InvalidInputError(f"{label} must be finite, got a value that is not.")
    return values


def _refuse_missing(names: tuple[str, ...], given: tuple[str, ...], label: str) -> None:
    missing = next((each for each in names if each not in given), None)
    if missing is not None:
        raise InvalidInputError(f"{label} must have a number for {missing!r}, got those of {listed(given)}.")


def _net_weights(
    given: Any, of_markets: FloatMatrix, sides: Sides, names: tuple[str, ...], *, name: str
) -> FloatMatrix:
    if given is None:
        return of_markets
    label = f"currency_legs.{name}"
    if is_instance_of(given, "pandas", "DataFrame") or not hasattr(given, "items"):
        rows = weight_rows(given, sides.panel, names, name=label, at_end=False)
        values = rows.values[sides.first :]
    else:
        values = _table({each: dict(given).get(each, 0.0) for each in names}, sides, names, name=name)
    cash = sides.weights if name == "weights" else sides.benchmark_weights
    rest = 1.0 - values.sum(axis=1)
    far = (np.abs(rest) > SUM_TOLERANCE) & (np.abs(rest - (cash[:, -1] if sides.cash else 0.0)) > SUM_TOLERANCE)
    if far.any():
        row = int(far.argmax())
        raise InvalidInputError(
            f"{label} must sum to 1 net of forwards, got {values[row].sum():.6g} at {sides.place(row)}: a forward buys "
            "one currency with another, so the base currency has the rest. Add it, and its returns."
        )
    return values


def _rest(weights: FloatMatrix) -> FloatVector:
    """Return what net weights leave to the base currency."""
    rest = 1.0 - weights.sum(axis=1)
    known: FloatVector = np.where(np.abs(rest) > SUM_TOLERANCE, rest, 0.0)
    return known


def _logs(values: FloatMatrix, sides: Sides) -> FloatMatrix:
    lost = values <= -1.0
    if lost.any():
        row = int(np.argwhere(lost)[0][0])
        raise InvalidInputError(
            f'currency="karnosky_singer" takes logarithms, so returns must be above -1, got {values[lost][0]:g} at '
            f"{sides.place(row)}."
        )
    logs: FloatMatrix = np.log1p(values)
    return logs
