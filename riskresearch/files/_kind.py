"""What kind of numbers a table holds: one decision for all its columns, or a refusal with all readings."""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd

from riskresearch.core import InvalidInputError
from riskresearch.core._checks import check_choice, check_positive
from riskresearch.core._plausibility import SHARE_OF_LEVELS_ABOVE_ZERO, TYPICAL_PRICE, warn_user
from riskresearch.files._grid import Step
from riskresearch.files.kinds._evidence import Evidence, measure_columns
from riskresearch.files.kinds._fits import (
    FORMS,
    LOG_RETURNS,
    PERCENT,
    PERCENT_OF_ONE,
    PNL,
    PRICES,
    RETURNS,
    DecidedKind,
    Form,
    could_be_interest,
    forms_that_fit,
    in_percent,
    option,
    reading_in_words,
    yearly_gain,
)
from riskresearch.files.kinds._header import Choice, choose_by_header
from riskresearch.files.kinds._notes import bad_quotes, notes_of_prices, notes_of_splits
from riskresearch.files.kinds._stated import form_as_stated, refuse_signs_of_prices
from riskresearch.kernels._prices import moves_over_gaps

Kind = Literal["auto", "prices", "returns", "percent", "log-returns", "cumulative", "pnl"]
KINDS: tuple[Kind, ...] = ("auto", "prices", "returns", "percent", "log-returns", "cumulative", "pnl")
Place: TypeAlias = Callable[[int, str], str]
"""Words for the place of a cell in the file, from its row and its column."""
MOST_NAMES = 4
LEAST_LOG_DRIFT_TO_NAME = 0.001
"""Per year: half the variance, by which the mean of log returns is below that of simple ones."""
CHOOSE_COLUMNS = "Choose columns with columns= (--columns), or leave some out with drop= (--drop)."


@dataclass(frozen=True, slots=True)
class KindReading:
    """Hold what kind of numbers a table has, and how they become returns.

    Attributes
    ----------
    kind : {"prices", "returns", "percent", "log-returns", "cumulative", "pnl"}
        The kind of all columns.
    reason : str
        How that was decided, in words.
    steps : tuple of Step
        The decision, for `--explain`.
    notes : tuple of str
        What a reader should know, in sentences.
    in_percent : tuple of str
        The columns whose numbers are to be divided by 100.
    is_sum : bool
        Whether profit and loss is the sum so far, not that of each row.
    capital : float or None
        What profit and loss begins with.
    """

    kind: DecidedKind
    reason: str
    steps: tuple[Step, ...] = ()
    notes: tuple[str, ...] = ()
    in_percent: tuple[str, ...] = ()
    is_sum: bool = False
    capital: float | None = None


def decide_kind(
    values: pd.DataFrame,
    *,
    kind: Kind = "auto",
    name: str,
    percent: Collection[str] = (),
    hints: Mapping[str, str] | None = None,
    capital: float | None = None,
    capital_decides: bool = True,
    place: Place | None = None,
) -> KindReading:
    """Return what kind of numbers `values` are.

    Parameters
    ----------
    values : DataFrame, shape (n_dates, n_columns)
        The numbers, dates ascending, missing ones NaN.
    kind : {"auto", "prices", "returns", "percent", "log-returns", "cumulative", "pnl"}
        What the user states. "auto" decides where only one reading fits.
    name : str
        What errors call the file.
    percent : collection of str
        Columns whose cells carried a percent sign and are divided by 100 already.
    hints : mapping of column to str, optional
        The words of each header; the column's name by default.
    capital : float, optional
        Money that profit and loss begins with.
    capital_decides : bool
        Whether capital is for profit and loss alone, so that it decides for it; a report has other uses for it.
    place : callable, optional
        Words for the place of a cell, from its row and its column; its date by default.

    Returns
    -------
    KindReading

    Raises
    ------
    InvalidInputError
        If the numbers contradict `kind` or one another, or fit no kind or several.

    Examples
    --------
    >>> import pandas as pd
    >>> from riskresearch.files._kind import decide_kind
    >>> days = pd.bdate_range("2024-01-01", periods=5)
    >>> nav = pd.DataFrame({"nav": [1.0, 1.0007, 0.9924, 0.9829, 0.9811]}, index=days)
    >>> decide_kind(nav, name="nav.csv").kind
    'prices'
    """
    check_choice(kind, KINDS, name="kind")
    _check_numbers(values, name)
    money = None if capital is None else check_positive(capital, name="capital (--capital)")
    table = _Table(values, name, frozenset(map(str, percent)), hints or {}, place)
    columns = [(each, table.header(each), str(each.column) in table.signed) for each in measure_columns(values)]
    if kind != "auto":
        form, reason, notes = form_as_stated(kind, columns, name=name, cell=table.cell), "as stated", []
    else:
        choices = [choose_by_header(*pair[:2], is_signed=pair[2], name=name) for pair in columns]
        form = _only_form(choices, table, money if capital_decides else None)
        reason = _reason(choices, form, table)
        notes = list(dict.fromkeys(choice.note for choice in choices if choice.note))
    _check_capital(form, money, name, decides=capital_decides)
    evidence = [each for each, _, _ in columns]
    notes += _notes(form, evidence, table)
    return KindReading(
        kind=form.kind,
        reason=reason,
        steps=(Step("kind", form.kind, reason), *_compounding(form, evidence, is_stated=kind != "auto")),
        notes=tuple(f"{note[0].upper()}{note[1:]}" for note in notes),
        in_percent=tuple(
            str(each.column) for each, _, signed in columns if form.scale == PERCENT_OF_ONE and not signed
        ),
        is_sum=form.is_sum,
        capital=money if form.kind == "pnl" else None,
    )


@dataclass(frozen=True, slots=True)
class _Table:
    """Hold a table and the words for its places."""

    values: pd.DataFrame
    name: str
    signed: frozenset[str]
    hints: Mapping[str, str]
    place: Place | None

    def header(self, evidence: Evidence) -> str:
        return self.hints.get(str(evidence.column)) or str(evidence.column)

    def date(self, row: int) -> str:
        label: Any = self.values.index[row]
        if not isinstance(label, pd.Timestamp):
            return f"row {label}" if not isinstance(label, pd.Period) else str(label)
        return f"{label:%Y-%m-%d}" if label == label.normalize() else f"{label:%Y-%m-%d %H:%M:%S}"

    def cell(self, evidence: Evidence, number: int) -> str:
        row, column = int(evidence.rows[number]), str(evidence.column)
        where = f"on {self.place(row, column)} ({self.date(row)})" if self.place else f"at {self.date(row)}"
        return f"{evidence.values[number]:.6g} {where} in column {column!r}"


def _check_numbers(values: pd.DataFrame, name: str) -> None:
    if not values.shape[0] or not values.shape[1]:
        raise InvalidInputError(f"{name} must hold at least one row and one column of numbers, got {values.shape}.")
    numbers = values.to_numpy(dtype=np.float64)
    if np.isfinite(numbers).all():
        return
    empty = np.flatnonzero(np.isnan(numbers).all(axis=0))
    if empty.size:
        column = str(values.columns[empty[0]])
        raise InvalidInputError(
            f"column {column!r} of {name} holds no number at all. Leave it out with drop=[{column!r}] (--drop)."
        )
    if np.isinf(numbers).any():
        row, place = map(int, np.argwhere(np.isinf(numbers))[0])
        raise InvalidInputError(f"column {str(values.columns[place])!r} of {name} is infinite at {values.index[row]}.")


def _only_form(choices: Sequence[Choice], table: _Table, capital: float | None) -> Form:
    """Return the one form that all columns allow; refuse none and several."""
    for choice in choices:
        _refuse_price_of_zero(choice, table)
    for choice in choices:
        refuse_signs_of_prices(choice.evidence, table.name, table.cell)
        if not choice.forms:
            raise InvalidInputError(_fits_nothing(choice, table))
    common = frozenset.intersection(*(choice.forms for choice in choices)) or _beside_cash(choices)
    if not common:
        raise InvalidInputError(_mixed(choices, table.name))
    if all(_has_no_scale(choice, table) for choice in choices):  # fractions, then
        unscaled = frozenset(form for form in common if form.scale == 1.0)
        common = frozenset({RETURNS}) if RETURNS in unscaled else unscaled
    if capital is not None and any(form.kind == "pnl" for form in common):
        common = frozenset(form for form in common if form.kind == "pnl")
    is_said = any(choice.reason for choice in choices)
    if LOG_RETURNS in common and not is_said:
        raise InvalidInputError(_below_a_loss_of_all(choices, table))
    if len(common) == 1:
        return next(iter(common))
    raise InvalidInputError(_several(choices[0], common, table))


def _beside_cash(choices: Sequence[Choice]) -> frozenset[Form]:
    """Return percent if all columns show it but those that may be interest in percent, such as a risk-free rate."""
    others = [choice.forms for choice in choices if not could_be_interest(choice.evidence)]
    if not others or len(others) == len(choices):
        return frozenset()
    return frozenset.intersection(*others) & {PERCENT}


def _has_no_scale(choice: Choice, table: _Table) -> bool:
    """Return whether percent and fractions are one: a percent sign was there, or all values are zero."""
    is_zero = choice.evidence.highest == choice.evidence.lowest == 0.0
    return is_zero or str(choice.evidence.column) in table.signed


def _refuse_price_of_zero(choice: Choice, table: _Table) -> None:
    """Refuse a few values of zero or below among numbers that can only be prices."""
    evidence = choice.evidence
    others = evidence.count - evidence.positive
    few = max(1, math.floor((1.0 - SHARE_OF_LEVELS_ABOVE_ZERO) * evidence.count))
    if not 0 < others <= few or evidence.positive < 2 or any(form.kind == "cumulative" for form in choice.forms):
        return
    kept = table.values[[evidence.column]].iloc[evidence.rows[evidence.values > 0.0]]
    if forms_that_fit(measure_columns(kept)[0]) != {PRICES}:
        return
    bad = int(np.argmax(evidence.values <= 0.0))
    what = "a price of zero" if evidence.values[bad] == 0.0 else "a price below zero"
    raise InvalidInputError(
        f"column {str(evidence.column)!r} of {table.name} looks like prices, typically "
        f"{evidence.typical:.4g}, but prices "
        f"are positive and there is {what}: {table.cell(evidence, bad)}. If the price is missing, leave the "
        f"cell empty; "
        f"if these are returns, pass {option('returns')} or {option('percent')}."
    )


def _fits_nothing(choice: Choice, table: _Table) -> str:
    evidence = choice.evidence
    column = str(evidence.column)
    if evidence.lowest <= 0.0 and not evidence.could_be_changes():
        bad = int(np.argmax(evidence.values <= 0.0))
        return (
            f"column {column!r} of {table.name} holds levels, as neighbours are alike, but "
            f"{table.cell(evidence, bad)} is no "
            f"price: a yield, a spread, or returns over overlapping spans? {CHOOSE_COLUMNS} Returns since the "
            f"start are "
            f"{option('cumulative')}, the sum of profit and loss is {option('pnl')} with capital= (--capital)."
        )
    readings = "; ".join(reading_in_words(evidence, form) for form in (PRICES, RETURNS, PERCENT))
    remedy = f"Pass {option('prices')} or another kind"
    return f"column {column!r} of {table.name} fits no kind of number: {readings}. {remedy}."


def _below_a_loss_of_all(choices: Sequence[Choice], table: _Table) -> str:
    evidence = next(choice.evidence for choice in choices if choice.evidence.lowest < -1.0)
    loss = float(evidence.lowest)
    cell = table.cell(evidence, int(np.argmin(evidence.values)))
    return (
        f"{table.name} holds {cell}: as a simple return it loses more than everything, as a log return "
        f"{in_percent(-math.expm1(loss))}, as percent {in_percent(-PERCENT_OF_ONE * loss)}. The volatility is "
        f"{in_percent(evidence.volatility)} a year as log returns, "
        f"{in_percent(PERCENT_OF_ONE * evidence.volatility)} as "
        f"percent. Pass {option('log-returns')} or {option('percent')}, or correct the cell."
    )


def _several(choice: Choice, common: frozenset[Form], table: _Table) -> str:
    forms = [form for form in FORMS if form in common]
    names = list(dict.fromkeys(form.kind for form in forms))
    readings = "; ".join(reading_in_words(choice.evidence, form) for form in forms)
    subject = f"{table.name} could hold {' or '.join(names)}" if len(names) > 1 else f"{table.name} may hold {names[0]}"
    where = f" in column {str(choice.evidence.column)!r}" if table.values.shape[1] > 1 else ""
    return f"{subject}: {readings}{where}. Pass {' or '.join(option(each) for each in names)}."


def _mixed(choices: Sequence[Choice], name: str) -> str:
    groups: dict[str, list[str]] = {}
    for choice in choices:
        kinds = " or ".join(dict.fromkeys(form.kind for form in FORMS if form in choice.forms))
        groups.setdefault(kinds, []).append(repr(str(choice.evidence.column)))
    parts = [
        f"{kinds} in {', '.join(names[:MOST_NAMES])}"
        + (f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else "")
        for kinds, names in groups.items()
    ]
    return f"{name} mixes kinds of numbers: {'; '.join(parts)}. {CHOOSE_COLUMNS}"


def _reason(choices: Sequence[Choice], form: Form, table: _Table) -> str:
    said = next((choice.reason for choice in choices if choice.reason), "")
    if said:
        return said
    evidence = choices[0].evidence
    column = f" of column {str(evidence.column)!r}"
    if form == PRICES:
        reason = "all its values are positive and neighbours are alike"
        if evidence.typical > TYPICAL_PRICE:
            return reason
        return f"{reason}; as returns those{column} would gain {in_percent(yearly_gain(evidence, 1.0))} a year"
    if form == RETURNS and table.signed:
        return "its cells carry percent signs"
    if form == RETURNS:
        if evidence.positive == evidence.count:
            return f"neighbours differ as returns do; {reading_in_words(evidence, PRICES)}"
        share = float((table.values <= 0.0).to_numpy().sum() / table.values.count().sum())
        return f"{share:.0%} of its values are zero or negative, which no price is"
    if form == PERCENT:
        fractions, percent = (in_percent(evidence.volatility * scale) for scale in (1.0, PERCENT_OF_ONE))
        return f"as percent the volatility{column} is {percent} a year, as fractions it would be {fractions}"
    if form.kind == "cumulative":
        return f"it begins at zero and neighbours are alike; {reading_in_words(evidence, form)}"
    return f"its values have both signs and are too large for percent; {reading_in_words(evidence, form)}"


def _check_capital(form: Form, capital: float | None, name: str, *, decides: bool) -> None:
    if form.kind == "pnl" and capital is None:
        raise InvalidInputError(
            f"{name} holds profit and loss in money, which become returns only with the money at risk. Pass the "
            "capital at its start: capital=100_000 (--capital 100000)."
        )
    if form.kind != "pnl" and capital is not None and decides:
        raise InvalidInputError(
            f"capital (--capital) is for profit and loss in money, but {name} was read as {form.kind}. Leave it out, "
            f"or pass {option('pnl')}."
        )


def _compounding(form: Form, columns: Sequence[Evidence], *, is_stated: bool) -> tuple[Step, ...]:
    """Return the step that takes returns for simple ones where log returns would look alike."""
    if form not in (RETURNS, PERCENT) or is_stated:
        return ()
    drift = max(0.5 * float(np.mean((form.scale * each.values) ** 2)) * each.periods for each in columns)
    if drift <= LEAST_LOG_DRIFT_TO_NAME:
        return ()
    alike = f"log returns look alike, and have a mean {in_percent(drift)} a year lower: {option('log-returns')}"
    return (Step("returns", "simple", alike),)


def _notes(form: Form, columns: Sequence[Evidence], table: _Table) -> list[str]:
    if form == PRICES:
        notes = [note for each in columns for note in notes_of_prices(each, table.date)]
        _warn_of_quotes(columns, table)
        return notes + _gaps(table)
    if form == PNL or form.is_sum:
        each = "each column begins with the capital, and " if len(columns) > 1 else ""
        return [f"{each}a return is the profit over the capital and all profit before its row."]
    return []


def _warn_of_quotes(columns: Sequence[Evidence], table: _Table) -> None:
    """Warn of the first bad quote, and of the first split for which the prices are not adjusted."""
    bad = [(evidence, int(rows[0])) for evidence in columns if (rows := bad_quotes(evidence)).size]
    if bad:
        warn_user(
            f"{table.name} holds {table.cell(*bad[0])}, between prices that are alike: a bad quote? "
            "Leave the cell empty if it is."
        )
    splits = [note for evidence in columns for note in notes_of_splits(evidence, table.date)[:1]]
    if splits:
        more = f" {len(splits) - 1} more columns have such moves." if len(splits) > 1 else ""
        warn_user(f"{table.name}: {splits[0]} Adjust the prices before the date if it is.{more}")


def _gaps(table: _Table) -> list[str]:
    spans = moves_over_gaps(table.values.to_numpy(dtype=np.float64))
    if not spans.any():
        return []
    row, column = map(int, np.argwhere(spans)[0])
    count = int(spans.sum())
    return [
        f"{count:,} return{'s span' if count > 1 else ' spans'} missing prices, the first at "
        f"{table.date(row + 1)} in column "
        f"{str(table.values.columns[column])!r}: the whole move since the last price is booked on the first "
        f"one after the gap."
    ]
