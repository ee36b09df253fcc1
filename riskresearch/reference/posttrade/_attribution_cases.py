"""Cases of Brinson attribution: Bacon's tables and Frongello's example."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

from riskresearch.posttrade import Attribution, CurrencyLegs, brinson
from riskresearch.reference._case import TABLE_TOLERANCE, Case
from riskresearch.reference.posttrade import _published_attribution as published

OF_TABLE_8_2 = 1e-4
"""See `_published_attribution`."""


def attribution_cases() -> Iterator[Case]:
    """Yield the tables of one quarter, of four quarters, and of currencies."""
    for table, model, interaction, effect, numbers in published.SINGLE:
        yield from _by_market(table, effect, numbers, quarters=1, model=model, interaction=interaction)
    for table, linking, effect, numbers in published.LINKED:
        yield from _by_market(table, effect, numbers, linking=linking, interaction="selection")
    yield from _rows()
    for effect, number in published.ANKRIM_HENSEL:
        source = published.BACON.format("6.2")
        yield Case("brinson", f"ankrim_hensel, {effect}", number, partial(_currency, effect), source, TABLE_TOLERANCE)
    yield from _frongello()


def _by_market(table: str, effect: str, numbers: tuple[float, ...], **options: Any) -> Iterator[Case]:
    named = ", ".join(str(value) for name, value in options.items() if name != "quarters")
    for market, number in zip((*published.MARKETS, "total"), numbers, strict=True):
        compute = partial(_effect, effect, market, **options)
        source = published.BACON.format(table)
        tolerance = OF_TABLE_8_2 if table == "8.2" else TABLE_TOLERANCE
        yield Case("brinson", f"{named}, {effect}, {market}", number, compute, source, tolerance)


def _rows() -> Iterator[Case]:
    for effect, quarter, number in published.FRONGELLO_ROWS:
        compute = partial(_row, effect, quarter, linked=True, linking="frongello", interaction="selection")
        yield _case(f"frongello, {effect}, quarter {quarter + 1}", number, compute, "8.5")
    for effect, quarters, whole in published.GEOMETRIC:
        for quarter, number in enumerate(quarters):
            compute = partial(_row, effect, quarter, linked=False, linking="geometric")
            yield _case(f"geometric, {effect}, quarter {quarter + 1}", number, compute, "8.6")
        yield _case(f"geometric, {effect}, total", whole, partial(_effect, effect, "total", linking="geometric"), "8.6")
    yield _case("geometric, excess", published.GEOMETRIC_EXCESS, _geometric_excess, "8.6")


def _case(options: str, number: float, compute: Any, table: str) -> Case:
    return Case("brinson", options, number, compute, published.BACON.format(table), TABLE_TOLERANCE)


def _bacon(*, quarters: int = 4, **options: Any) -> Attribution:
    weights, others, returns, rivals = (
        _frame(np.array(rows[:quarters]), published.MARKETS)
        for rows in (published.WEIGHTS, published.BENCHMARK_WEIGHTS, published.RETURNS, published.BENCHMARK_RETURNS)
    )
    return brinson(weights, others, returns, benchmark_returns=rivals, **options)


def _frame(values: Any, names: tuple[str, ...]) -> Any:
    import pandas as pd  # noqa: PLC0415 (the other cases need none)

    return pd.DataFrame(values, columns=list(names))


def _effect(effect: str, market: str, **options: Any) -> float:
    found = _bacon(**options)
    return float(found.totals()[effect] if market == "total" else found.to_frame().loc[market, effect])  # type: ignore[arg-type]


def _row(effect: str, quarter: int, *, linked: bool, **options: Any) -> float:
    return float(_bacon(**options).to_frame(by="period", linked=linked)[effect].iloc[quarter])


def _geometric_excess() -> float:
    return _bacon(linking="geometric").excess_return


def _currency(effect: str) -> float:
    legs = CurrencyLegs(
        _named(published.CURRENCY_RETURNS, published.CURRENCIES),
        weights=_net(published.WEIGHTS[0], published.FORWARDS),
        benchmark_weights=_net(published.BENCHMARK_WEIGHTS[0], published.BENCHMARK_FORWARDS),
        currencies=dict(zip(published.MARKETS, published.CURRENCIES, strict=True)),
        forward_premia=_named(published.FORWARD_PREMIA, published.CURRENCIES),
    )
    found = brinson(
        _named(published.WEIGHTS[0], published.MARKETS),
        _named(published.BENCHMARK_WEIGHTS[0], published.MARKETS),
        _named(published.BASE_RETURNS, published.MARKETS),
        benchmark_returns=_named(published.BASE_BENCHMARK_RETURNS, published.MARKETS),
        currency="ankrim_hensel",
        currency_legs=legs,
    )
    return float(found.totals()[effect])


def _net(weights: tuple[float, ...], forwards: tuple[float, ...]) -> dict[str, float]:
    return _named(tuple(held + sold for held, sold in zip(weights, forwards, strict=True)), published.CURRENCIES)


def _named(numbers: tuple[float, ...], names: tuple[str, ...]) -> dict[str, float]:
    return dict(zip(names, numbers, strict=True))


def _frongello() -> Iterator[Case]:
    for name, number in (("allocation", published.FRONGELLO_ALLOCATION), ("total", published.FRONGELLO_EXCESS)):
        compute = partial(_frongello_total, name)
        yield Case("brinson", f"frongello, selection, {name}", number, compute, published.FRONGELLO)


def _frongello_total(effect: str) -> float:
    weights, others, returns, rivals = (
        _frame(np.array([period[place] for period in published.FRONGELLO_PERIODS]), ("Stock", "Bond"))
        for place in range(4)
    )
    options: Any = {"linking": "frongello", "interaction": "selection"}
    return float(brinson(weights, others, returns, benchmark_returns=rivals, **options).totals()[effect])
