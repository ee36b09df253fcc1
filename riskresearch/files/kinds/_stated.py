"""A kind that the user states: it is used, refused where it is impossible, and doubted with both readings."""

from collections.abc import Callable, Sequence

import numpy as np

from riskresearch.core import InvalidInputError
from riskresearch.core._plausibility import MOST_PLAUSIBLE_VOLATILITY, TYPICAL_PRICE, warn_user
from riskresearch.files.kinds._evidence import ROUGHEST_LONG_LEVELS, SAMPLE_ROWS, Evidence, roughness_of
from riskresearch.files.kinds._fits import (
    CUMULATIVE,
    CUMULATIVE_IN_PERCENT,
    LOG_RETURNS,
    LOG_RETURNS_IN_PERCENT,
    MOST_MOVE_OF_PEGS,
    PERCENT,
    PNL,
    PRICES,
    RETURNS,
    SUM_OF_PNL,
    DecidedKind,
    Form,
    could_be_cumulative,
    could_be_returns,
    forms_that_fit,
    option,
    reading_in_words,
)
from riskresearch.files.kinds._words import says_percent, says_so_far

CellInWords = Callable[[Evidence, int], str]
"""Words for the n-th value of a column: the number and its place."""


def form_as_stated(
    kind: DecidedKind, columns: Sequence[tuple[Evidence, str, bool]], *, name: str, cell: CellInWords
) -> Form:
    """Return the form of a stated kind; refuse a column that cannot hold it, warn of one that hardly does.

    `columns` are the evidence, the header and whether the cells carried a percent sign and are fractions now.
    """
    if kind == "prices":
        _refuse_prices_below_zero([evidence for evidence, _, _ in columns], name, cell)
        return PRICES
    if kind == "pnl":
        return _only(
            {SUM_OF_PNL if says_so_far(header) or not each.could_be_changes() else PNL for each, header, _ in columns},
            f"{name} was given as profit and loss, but some columns hold it by row and others its sum so far",
        )
    if kind == "cumulative":
        return _only(
            {_cumulative_form(each, header, name) for each, header, is_signed in columns if not is_signed}
            or {CUMULATIVE},
            f"{name} was given as cumulative returns, but some columns are percent and others fractions",
        )
    form = RETURNS if kind == "returns" else PERCENT
    if kind == "log-returns":
        is_percent = all(says_percent(header) and not is_signed for _, header, is_signed in columns)
        form = LOG_RETURNS_IN_PERCENT if is_percent else LOG_RETURNS
    for evidence, _, is_signed in columns:
        _check_changes(evidence, RETURNS if is_signed and form == PERCENT else form, name, cell, stated=kind)
    return form


def _refuse_prices_below_zero(columns: Sequence[Evidence], name: str, cell: CellInWords) -> None:
    for evidence in columns:
        if evidence.lowest <= 0.0:
            place = int(np.argmax(evidence.values <= 0.0))
            raise InvalidInputError(
                f"{name} was given as prices, but prices are positive and it holds {cell(evidence, place)}. If it is "
                f"a bad "
                f"price, leave its cell empty; if {name} holds returns, pass {option('returns')}."
            )


def refuse_signs_of_prices(evidence: Evidence, name: str, cell: CellInWords) -> None:
    """Refuse prices some of which carry a minus sign as a mark, as those of CRSP where nothing was traded."""
    if evidence.lowest >= 0.0 or evidence.positive in (0, evidence.count) or evidence.has_few:
        return
    sizes = np.abs(evidence.values[evidence.values != 0.0])
    if float(np.median(sizes)) < TYPICAL_PRICE:  # as fractions may be that have one size, such as those of a bet
        return
    if float(np.median(np.abs(np.diff(np.log(sizes))))) > MOST_MOVE_OF_PEGS or (evidence.values < 0.0).mean() > 0.5:
        return
    if roughness_of(sizes[-SAMPLE_ROWS:]) > ROUGHEST_LONG_LEVELS or not evidence.could_be_changes():
        return
    place, negative = int(np.argmax(evidence.values < 0.0)), int((evidence.values < 0.0).sum())
    raise InvalidInputError(
        f"column {str(evidence.column)!r} of {name} holds sizes that run like prices, {negative:,} of them with a "
        f"minus sign, the first {cell(evidence, place)}: CRSP marks the mean of bid and ask so. "
        "Take their absolute values, or choose a column of returns with columns= (--columns)."
    )


def _check_changes(evidence: Evidence, form: Form, name: str, cell: CellInWords, *, stated: DecidedKind) -> None:
    column = str(evidence.column)
    if form.kind != "log-returns" and evidence.lowest * form.scale < -1.0:
        place = int(np.argmax(evidence.values * form.scale < -1.0))
        rule = "a fraction (-0.05 is -5 %)" if form == RETURNS else "percent (-5 is -5 %)"
        other = f"if these are percent, pass {option('percent')}; if" if form == RETURNS else "if these are"
        raise InvalidInputError(
            f"{name} was given as {stated}, but holds {cell(evidence, place)}: neither a price nor a simple return as "
            f"{rule}, since no one loses more than everything; {other} log returns, {option('log-returns')}."
        )
    fits = forms_that_fit(evidence)
    are_levels = PRICES in fits and form not in fits and evidence.count > 1
    if are_levels and evidence.typical * form.scale > (TYPICAL_PRICE if form == RETURNS else 0.5):
        raise InvalidInputError(
            f"{name} was given as {stated}, but column {column!r} is positive throughout and typically "
            f"{evidence.typical:.4g}. If it holds prices, pass {option('prices')}."
        )
    if form.kind == "log-returns":
        fits = frozenset({form}) if could_be_returns(evidence, form.scale, least=-np.inf) else fits
    if _is_doubtful(evidence, form, fits) and evidence.highest != evidence.lowest and evidence.count > 1:
        rivals = [rival for rival in (PRICES, RETURNS, PERCENT, CUMULATIVE, PNL) if rival in fits - {form}]
        if rivals:
            readings = "; ".join(f"{reading_in_words(evidence, each)}: {option(each.kind)}" for each in rivals)
            warn_user(
                f"{name} was given as {stated}, which the numbers of column {column!r} hardly are: "
                f"{reading_in_words(evidence, form)}; {readings}."
            )


def _is_doubtful(evidence: Evidence, form: Form, fits: frozenset[Form]) -> bool:
    """Return whether a stated form does not fit, or moves more than any investment but a book of options."""
    if form not in fits:
        return True
    is_like_options = evidence.highest > 1.0 and evidence.lowest >= -1.0
    return (
        form == RETURNS
        and PERCENT in fits
        and evidence.volatility > MOST_PLAUSIBLE_VOLATILITY
        and not (evidence.has_few or is_like_options)
    )


def _cumulative_form(evidence: Evidence, header: str, name: str) -> Form:
    column = str(evidence.column)
    fits = [form for form in (CUMULATIVE, CUMULATIVE_IN_PERCENT) if could_be_cumulative(evidence, form.scale)]
    if says_percent(header) and CUMULATIVE_IN_PERCENT in fits:
        return CUMULATIVE_IN_PERCENT
    if len(fits) == 1:
        return fits[0]
    if evidence.highest == evidence.lowest == 0.0:
        return CUMULATIVE
    readings = "; ".join(reading_in_words(evidence, form) for form in (CUMULATIVE, CUMULATIVE_IN_PERCENT))
    rule = "could hold cumulative returns as fractions or in percent" if fits else "can hardly hold cumulative returns"
    raise InvalidInputError(
        f"column {column!r} of {name} {rule}: {readings}. Write the cells with a percent sign, or 'percent' "
        f"into the header, "
        "if they are percent; for fractions write 1 plus each value, which are prices."
    )


def _only(forms: set[Form], rule: str) -> Form:
    if len(forms) > 1:
        raise InvalidInputError(f"{rule}. Choose columns of one kind with columns= (--columns), or drop= (--drop).")
    return forms.pop()
