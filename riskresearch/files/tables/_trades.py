"""Units with their sign, and fills that stand twice in a table."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from riskresearch.core._checks import check_choice
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._types import FloatVector
from riskresearch.files.tables._columns import Columns

Duplicates = Literal["raise", "keep"]
DUPLICATES: tuple[Duplicates, ...] = ("raise", "keep")
SAME = ("asset", "account", "time", "units", "price", "order", "side", "strategy", "lot", "kind", "id")
"""Columns of which one at least tells two fills apart."""
SIGNS = {"buy": 1.0, "sell": -1.0}


def signed_units(columns: Columns, *, zero: bool = True) -> FloatVector:
    """Return the units of a table, negative where a column `side` says so beside positive units.

    Zero units are refused unless `zero`.
    """
    units = columns.needed_numbers("units")
    if not zero and (units == 0.0).any():
        row = int((units == 0.0).argmax())
        raise InvalidInputError(f"{columns.name}['units'] must not be zero, got 0 on row {row}.")
    if "side" not in columns:
        return units
    codes, words = pd.factorize(columns.frame["side"].astype(str))
    sign = np.array([SIGNS.get(str(word).strip().lower(), 0.0) for word in words])
    wrong = (codes < 0) | (sign[codes] == 0.0) if len(words) else codes < 0
    if wrong.any():
        row = int(wrong.argmax())
        given = str(words[codes[row]]) if codes[row] >= 0 else "none"
        raise InvalidInputError(
            f"{columns.name}['side'] must be 'buy' or 'sell' on each row, got {given!r} on row {row}. Others' "
            f'words are replaced before: {columns.name}["side"].replace({{"B": "buy", "S": "sell"}}).'
        )
    if (units < 0.0).any():
        row = int((units < 0.0).argmax())
        raise InvalidInputError(
            f"{columns.name}['units'] must be positive beside a column 'side', got {units[row]:g} on row {row}. Leave "
            "out the side where the sign of the units tells it."
        )
    return np.asarray(units * sign[codes]) if len(words) else units


def refuse_twice(columns: Columns, instants: npt.NDArray[Any] | None, duplicates: Duplicates) -> None:
    """Refuse a repeated id and, unless they are to be kept, fills that are equal in all that tells them apart.

    Without their times, which are whole numbers or dates, no fills are told to be equal.
    """
    check_choice(duplicates, DUPLICATES, name="duplicates")
    frame = columns.frame
    if "id" in frame:
        twice = (frame["id"].duplicated() & frame["id"].notna()).to_numpy()
        if twice.any():
            row = int(twice.argmax())
            raise InvalidInputError(
                f"{columns.name}['id'] must be different on each row, got {shown_name(frame['id'].iloc[row])} twice, "
                f"the second time on row {row}. A file that was read twice: {columns.name}.drop_duplicates('id')."
            )
        if frame["id"].notna().all():
            return
    if duplicates == "keep" or instants is None:
        return
    same = [column for column in SAME if column in frame]
    # Few fills have a time that another one has, and only those can be equal.
    alike = np.flatnonzero(_shared(instants))
    repeated = alike[frame.iloc[alike].duplicated(same).to_numpy()] if alike.size else alike
    if repeated.size:
        row = int(repeated[0])
        known = ", ".join(f"{column} {frame[column].iloc[row]}" for column in same)
        raise InvalidInputError(
            f"fills must differ from one another, got {repeated.size:,} that are equal to an earlier one, "
            f"the first on row {row}: {known}. Give them a column 'id', "
            f'or pass duplicates="keep" if all of them happened. Fills that were read twice: fills.drop_duplicates().'
        )


def _shared(instants: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Return whether each time stands on another row as well."""
    order = np.argsort(instants, kind="stable") if (instants[1:] < instants[:-1]).any() else None
    rising = instants if order is None else instants[order]
    same = rising[1:] == rising[:-1]
    beside: npt.NDArray[np.bool_] = np.append(same, False) | np.insert(same, 0, False) if instants.size else same
    if order is None:
        return beside
    shared = np.empty_like(beside)
    shared[order] = beside
    return shared


def shown_name(value: Any) -> str:
    """Return the name of one order for messages."""
    return repr(value.item() if isinstance(value, np.generic) else value)
