"""The readings of a column, narrowed by what its header says."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from riskresearch.core import InvalidInputError
from riskresearch.files.kinds._evidence import Evidence
from riskresearch.files.kinds._fits import (
    CUMULATIVE,
    CUMULATIVE_IN_PERCENT,
    LOG_RETURNS,
    LOG_RETURNS_IN_PERCENT,
    PERCENT,
    PERCENT_OF_ONE,
    PNL,
    PRICES,
    RETURNS,
    SUM_OF_PNL,
    Form,
    could_be_cumulative,
    could_be_returns,
    forms_that_fit,
    option,
    reading_in_words,
)
from riskresearch.files.kinds._words import Said, kind_said, says_basis_points, says_percent, says_so_far

HIGHEST_YIELD = 30.0
"""Percent; what is typically above is a price or an index with a yield in its name."""
_FORMS_SAID: Mapping[Said, frozenset[Form]] = {
    "prices": frozenset({PRICES}),
    "levels": frozenset({PRICES}),
    "returns": frozenset({RETURNS, PERCENT}),
    "log-returns": frozenset({LOG_RETURNS, LOG_RETURNS_IN_PERCENT}),
    "cumulative": frozenset({CUMULATIVE, CUMULATIVE_IN_PERCENT}),
    "pnl": frozenset({PNL, SUM_OF_PNL, RETURNS}),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """Hold the forms of one column that its numbers and its header allow, and why the header matters."""

    evidence: Evidence
    forms: frozenset[Form]
    reason: str = ""
    note: str = ""


def choose_by_header(evidence: Evidence, header: str, *, is_signed: bool, name: str) -> Choice:
    """Return the forms of a column that its numbers and the words of its header allow.

    `is_signed` marks cells that carried a percent sign and are fractions now: percent and returns are one for them.
    """
    said = kind_said(header)
    fits = forms_that_fit(evidence) | _fits_as_said(evidence, said, header)
    if is_signed:
        fits = _of_signed(fits)
    if said == "yield" and evidence.could_be_levels() and evidence.typical < HIGHEST_YIELD:
        raise InvalidInputError(_is_a_yield(evidence, header, name))
    if not is_signed and says_percent(header):
        return _in_percent_as_said(evidence, header, fits, said, name)
    if said in ("returns", "log-returns") and says_basis_points(header):
        raise InvalidInputError(
            f"column {str(evidence.column)!r} of {name} is headed {header!r}: basis points are no kind. Divide "
            f"them by 100 and pass {option('percent')}, or leave the column out with drop= (--drop)."
        )
    if said == "returns" and fits == {PRICES} and not evidence.could_be_levels():
        raise InvalidInputError(
            f"column {str(evidence.column)!r} of {name} is headed {header!r} and holds values of typically "
            f"{evidence.typical:.4g} that do not run like prices: 1 + return? Subtract 1 and pass "
            f"{option('returns')}, or pass {option('prices')} if they are prices all the same."
        )
    narrowed = fits & _FORMS_SAID.get(said, fits)
    if narrowed and narrowed != fits:
        return Choice(evidence, narrowed, reason=f"the header {header!r} of column {str(evidence.column)!r} says so")
    if narrowed or not fits or said == "levels":
        return Choice(evidence, fits)
    return Choice(evidence, fits, note=f"The header {header!r} names another kind than the numbers of its column show.")


def _fits_as_said(evidence: Evidence, said: Said, header: str) -> frozenset[Form]:
    """Return the forms that fit once a header names their kind, and that the numbers alone could not show."""
    if said == "log-returns":
        pairs = ((LOG_RETURNS, 1.0), (LOG_RETURNS_IN_PERCENT, PERCENT_OF_ONE))
        return frozenset(form for form, scale in pairs if could_be_returns(evidence, scale, least=-math.inf))
    if said == "cumulative":
        pairs = ((CUMULATIVE, 1.0), (CUMULATIVE_IN_PERCENT, PERCENT_OF_ONE))
        return frozenset(form for form, scale in pairs if could_be_cumulative(evidence, scale))
    if said == "pnl":
        return frozenset({SUM_OF_PNL if says_so_far(header) else PNL})
    return frozenset()


def _of_signed(fits: frozenset[Form]) -> frozenset[Form]:
    """Return the forms of cells that carried a percent sign: no prices and no money, and their scale is settled."""
    kept = fits & {RETURNS, LOG_RETURNS, CUMULATIVE}
    return kept | ({PERCENT} if RETURNS in kept else set()) | ({CUMULATIVE_IN_PERCENT} if CUMULATIVE in kept else set())


def _in_percent_as_said(evidence: Evidence, header: str, fits: frozenset[Form], said: Said, name: str) -> Choice:
    if said in ("prices", "levels") and PRICES in fits:  # in percent of par
        return Choice(evidence, frozenset({PRICES}))
    named = _FORMS_SAID.get(said, frozenset({PERCENT, CUMULATIVE_IN_PERCENT}))
    narrowed = frozenset(form for form in fits & named if form.scale == PERCENT_OF_ONE)
    column = str(evidence.column)
    if narrowed:
        return Choice(evidence, narrowed, reason=f"the header {header!r} of column {column!r} says percent")
    if fits == {PRICES} and evidence.typical < HIGHEST_YIELD:
        raise InvalidInputError(_is_a_yield(evidence, header, name))
    rival = next((form for form in (RETURNS, CUMULATIVE, LOG_RETURNS) if form in fits), None)
    if rival is None:
        return Choice(evidence, fits, note=f"The header {header!r} says percent, which its numbers do not show.")
    percent = next(form for form in (PERCENT, CUMULATIVE_IN_PERCENT, LOG_RETURNS_IN_PERCENT) if _is_pair(form, rival))
    stated = f"{option(rival.kind)}"
    if percent.kind != rival.kind:
        stated = f"{option(percent.kind)} or {stated}"
    raise InvalidInputError(
        f"column {column!r} of {name} is headed {header!r}, but {reading_in_words(evidence, percent)}; "
        f"{reading_in_words(evidence, rival)}. Pass {stated}."
    )


def _is_pair(percent: Form, fraction: Form) -> bool:
    kinds = {percent.kind, fraction.kind}
    return len(kinds) == 1 or kinds == {"percent", "returns"}


def _is_a_yield(evidence: Evidence, header: str, name: str) -> str:
    return (
        f"column {str(evidence.column)!r} of {name} is headed {header!r} and holds levels of typically "
        f"{evidence.typical:.4g}: a yield or a rate, neither a price nor a return. Leave it out with drop= (--drop), "
        'or, if its relative changes are wanted, pass kind="prices" (--kind prices).'
    )
