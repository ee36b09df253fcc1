"""Weights of a portfolio, by the names of its columns or by position; a column that is not named leaves it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._arguments import column_numbers, values_by_name
from riskresearch.core._checks import listed, name_remedy
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._labels import is_instance_of
from riskresearch.core._panel import Panel, as_panel
from riskresearch.core._plausibility import MOST_PLAUSIBLE_GROSS, check_gross, warn_user
from riskresearch.core.frames._native import native

if TYPE_CHECKING:
    from collections.abc import Sequence

    from riskresearch.core._types import FloatVector, Holds, NanPolicy

ONE_SERIES = "Of one series it is weights=[1.0]."
EXACT_SUM_TOLERANCE = 1e-6
ROUNDING_OF_ONE_WEIGHT = 0.5e-4
"""Half a unit of the last digit of a percentage with two decimals."""
MOST_ROUNDING_OF_ALL = 25e-4  # rounding errors cancel: 500 of them make 0.065 %, one deviation


@dataclass(frozen=True, slots=True)
class HeldColumns:
    """The columns of data that weights name, those that they do not name, and a sentence about these."""

    data: Any
    left: tuple[str, ...] = ()
    note: str = ""


def held_columns(data: Any, weights: Any, *, name: str = "returns") -> Any:
    """Return the columns of `data` that `weights` names, with a warning if some leave; all for weights by position."""
    held = select_held(data, weights, name=name)
    if held.left:
        warn_user(f"{held.note} Pass {name}[list(weights)] to select the columns without this warning.")
    return held.data


def select_held(data: Any, weights: Any, *, name: str) -> HeldColumns:
    """Return what `held_columns` returns and the names of the columns that leave; nothing warns."""
    frame = native(data, name=name)
    columns = _names_of_columns(frame)
    if not columns:
        return HeldColumns(data)
    named = values_by_name(weights, name="weights", owner=name, what="column")
    if named is None:
        return HeldColumns(data)
    if not named:
        raise InvalidInputError(f"weights must name at least one column of {name}, got none.")
    wrong = next((each for each in named if each not in columns.values()), None)
    by_number = not isinstance(weights, Mapping) and list(named) == [str(number) for number in range(len(columns))]
    if wrong is not None:
        raise InvalidInputError(
            f"weights must name the columns of {name}, but {wrong!r} is in weights only."
            f"{_remedy(wrong, list(columns.values()), by_number=by_number)}"
        )
    left = tuple(text for text in columns.values() if text not in named)
    if not left:
        return HeldColumns(data)
    note = f"{_count_of_left(len(named), tuple(columns), left, name)} A weight of 0 keeps a column."
    leave = [column for column, text in columns.items() if text not in named]
    return HeldColumns(frame.drop(leave) if _is_polars(frame) else frame.drop(columns=leave), left, note)


def prices_held(weights: Any, panels: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[Any, ...]]:
    """Return the columns of prices that leave, and all `panels` with the columns of weights of every bar.

    `panels` are prices and what goes with them, by the name of the argument, prices first. The columns take the order
    of `weights`, and a warning names those that leave. Nothing changes where weights have no names, name every column,
    or name one that prices lack.
    """
    frames = {name: panel if panel is None else native(panel, name=name) for name, panel in panels.items()}
    wanted = tuple(_names_of_columns(native(weights, name="weights")).values())
    there = tuple(_names_of_columns(next(iter(frames.values()))).values())
    left = tuple(name for name in there if name not in set(wanted))
    if not left or not wanted or not set(wanted) <= set(there):
        return (), tuple(panels.values())
    warn_user(
        f"{_count_of_left(len(wanted), there, left, 'prices')} A weight of 0 keeps a column. Pass "
        "prices[weights.columns] to select the columns without this warning."
    )
    return left, tuple(_with_columns(frame, wanted) for frame in frames.values())


def _with_columns(frame: Any, wanted: Sequence[str]) -> Any:
    """Return these columns of a frame, and its dates; other data, and frames without all of them, unchanged."""
    names = _names_of_columns(frame)
    if not set(wanted) <= set(names.values()):
        return frame
    own = {text: column for column, text in names.items()}
    if _is_polars(frame):
        return frame.select([column for column in frame.columns if column not in names] + list(wanted))
    return frame[[own[text] for text in wanted]]


def _count_of_left(held: int, columns: Sequence[str], left: Sequence[str], name: str) -> str:
    return (
        f"weights name {held:,} of the {len(columns):,} columns of {name}; {listed(left)} "
        f"{'has' if len(left) == 1 else 'have'} no weight and left the portfolio."
    )


def weighted_panel(
    returns: Any, weights: Any, *, nan_policy: NanPolicy = "raise", min_rows: int = 1, holds: Holds = "returns"
) -> tuple[Panel, FloatVector]:
    """Return the panel of the columns that `weights` holds and the weight of each.

    `returns` that are a panel come from a caller that checked the size of its weights.
    """
    if isinstance(returns, Panel):
        panel = as_panel(returns, holds=holds, nan_policy=nan_policy, min_rows=min_rows)
        return panel, column_numbers(weights, panel, name="weights")
    panel = as_panel(held_columns(returns, weights), holds=holds, nan_policy=nan_policy, min_rows=min_rows)
    return panel, weight_vector(weights, panel)


def weight_vector(weights: Any, panel: Panel) -> FloatVector:
    """Return the weight of each column of `panel`, as `column_numbers` does; weights that look like percent warn."""
    vector = column_numbers(weights, panel, name="weights")
    check_gross(float(np.abs(vector).sum()), name="weights")
    return vector


def sum_of_weights(vector: FloatVector) -> float:
    """Return 1, or the sum of weights that are 1 but for the rounding of printed percentages, which warns."""
    total = float(vector.sum())
    if abs(total - 1.0) <= EXACT_SUM_TOLERANCE:
        return 1.0
    if abs(total - 1.0) <= rounding_of(vector.size):
        warn_user(rounding_note(vector))
        return total
    percent = " They are fractions: 60 % is 0.6." if total > MOST_PLAUSIBLE_GROSS else ""
    raise InvalidInputError(
        f"weights must sum to 1, got {total:.6g}. Give the rest to a cash column.{percent} Rounding explains at most "
        f"{rounding_of(vector.size):.3%} for {vector.size} weights; weights are not rescaled."
    )


def rounding_note(vector: FloatVector) -> str:
    """Return what becomes of the rest of weights that sum to 1 but for their rounding; empty without a rest."""
    total = float(vector.sum())
    if abs(total - 1.0) <= EXACT_SUM_TOLERANCE:
        return ""
    rest = f"{1.0 - total:.4%} stays in cash" if total < 1.0 else f"{total - 1.0:.4%} is borrowed"
    return (
        f"weights sum to {total:.6g}, which is 1 within the rounding of {vector.size} percentages with two decimals "
        f"({rounding_of(vector.size):.3%}). No weight is changed: {rest}, at no interest."
    )


def rounding_of(count: int) -> float:
    """Return the largest distance from 1 of a sum of weights that rounded percentages explain."""
    return min(count * ROUNDING_OF_ONE_WEIGHT, MOST_ROUNDING_OF_ALL) + EXACT_SUM_TOLERANCE


def _names_of_columns(frame: Any) -> dict[Any, str]:
    """Return each column of a frame with its name as text, without a column of dates.

    Empty for other data, and for a frame with two names that are one as text, which no mapping can tell apart.
    """
    if is_instance_of(frame, "pandas", "DataFrame"):
        names = {column: str(column) for column in frame.columns}
        return names if len(set(names.values())) == len(frame.columns) else {}
    if _is_polars(frame):
        return {column: column for column, dtype in frame.schema.items() if not str(dtype).startswith("Date")}
    return {}


def _is_polars(frame: Any) -> bool:
    return is_instance_of(frame, "polars", "DataFrame")


def _remedy(wrong: str, columns: Sequence[str], *, by_number: bool) -> str:
    if by_number:
        return " A Series goes by its index: pass weights.to_numpy() for weights in the order of the columns."
    return name_remedy(wrong, columns, what="column") + _remedy_of_cash(wrong)


CASH = ("cash", "usd", "eur", "gbp", "chf", "jpy", "money market", "liquidity", "cash & equivalents")


def _remedy_of_cash(wrong: str) -> str:
    if wrong.strip().casefold() not in CASH:
        return ""
    return " Cash needs a column of its own: returns of 0, or prices of 1."
