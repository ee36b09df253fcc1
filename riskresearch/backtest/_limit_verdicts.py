"""What the limits of a simulation said of its orders: collected from what ran, as a table, and counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from riskresearch.core._checks import shown
from riskresearch.core._errors import InvalidInputError
from riskresearch.core.output import _formats as formats
from riskresearch.core.output._tables import Block, table

if TYPE_CHECKING:
    import pandas as pd

    from riskresearch.backtest._gated import GatedAccount

TEXTS = ("asset", "code", "outcome")
NUMBERS = ("value", "limit", "units_wanted", "units_accepted")
OUTCOMES = ("PASS", "WARN", "CLIP", "DENY")
"""Outcomes by their numbers."""
COLUMNS = ("time", "account", *TEXTS, *NUMBERS)


@dataclass(frozen=True, slots=True, eq=False)
class LimitRecord:
    """The verdicts of one limit on one account."""

    account: str
    limit: str
    verdicts: Any
    """A table, or what has `to_frame()`: `row`, the number of the bar after which was decided or -1 before the first,
    and the columns of `limit_verdicts`, of which those may lack that are numbers."""

    def to_frame(self, bars: int) -> pd.DataFrame:
        """Return the table, checked, with the account; `bars` is how many there are."""
        import pandas as pd  # noqa: PLC0415 (only when a frame is wanted)

        given = self.verdicts.to_frame() if callable(getattr(self.verdicts, "to_frame", None)) else self.verdicts
        needed = ("row", *TEXTS)
        is_table = isinstance(given, Mapping | pd.DataFrame)
        missing = [column for column in needed if not is_table or column not in given]
        if missing:
            self._refuse(
                f"a mapping or a DataFrame with the columns {', '.join(needed)}, and of {', '.join(NUMBERS)} those "
                f"that are known, got {shown(given)} without {missing[0]!r}"
            )
        try:
            frame = pd.DataFrame(dict(given)).assign(account=self.account)
        except ValueError:
            self._refuse(f"columns of one length, got { ({name: len(given[name]) for name in given}) }")
        for name in ("row", *(name for name in NUMBERS if name in frame)):
            if not pd.api.types.is_numeric_dtype(frame[name].dtype) and len(frame):
                self._refuse(f"numbers, in {name}, got {frame[name].iloc[0]!r}")
        rows = frame["row"]
        wrong = rows[~rows.between(-1, bars - 1) | (rows % 1 != 0)]
        if len(wrong):
            self._refuse(f"in row the number of a bar, or -1 before the first, got {wrong.iloc[0]:g} of {bars} bars")
        if pd.api.types.is_integer_dtype(frame["outcome"].dtype):  # pandas keeps the number of a member of an IntEnum
            frame["outcome"] = frame["outcome"].map(dict(enumerate(OUTCOMES)))
        return frame

    def _refuse(self, rule: str) -> NoReturn:
        raise InvalidInputError(f"{self.limit}.verdicts must return {rule}.")


def collect(accounts: Sequence[GatedAccount]) -> tuple[LimitRecord, ...]:
    """Return the verdicts of the limits that have any."""
    records = []
    for account in accounts:
        for limit in account.limits:
            verdicts: Any = getattr(limit.running, "verdicts", None)
            if callable(verdicts):
                records.append(LimitRecord(account.name, limit.name, verdicts()))
    return tuple(records)


def verdicts_frame(records: Sequence[LimitRecord], index: pd.Index) -> pd.DataFrame:
    """Return one row for each reason that a limit gave, in the order of the bars; `index` are the labels of the bars.

    Columns of a user's own limit that are none of `COLUMNS` come last.
    """
    import pandas as pd  # noqa: PLC0415 (only when a frame is wanted)

    parts = [part for part in (record.to_frame(len(index)) for record in records) if len(part)]
    if not parts:
        numbers = dict.fromkeys(NUMBERS, pd.Series(dtype="float64"))
        texts = dict.fromkeys(("account", *TEXTS), pd.Series(dtype="category"))
        return pd.DataFrame({"time": index[:0], **texts, **numbers})
    whole = pd.concat(parts, ignore_index=True).sort_values("row", kind="stable", ignore_index=True)
    rows = whole.pop("row").to_numpy(dtype=np.intp)
    times = pd.Series(index.take(np.maximum(rows, 0)))
    whole["time"] = times.mask(rows < 0) if (rows < 0).any() else times
    for name in ("account", *TEXTS):
        named = whole[name] if isinstance(whole[name].dtype, pd.CategoricalDtype) else whole[name].map(_name_of)
        whole[name] = named.astype("category")
    for name in NUMBERS:
        whole[name] = whole[name].astype("float64") if name in whole else np.nan
    return whole[[*COLUMNS, *(name for name in whole if name not in COLUMNS)]]


def _name_of(member: Any) -> str:
    """Return the name of a member of an enumeration, or what is text already."""
    return str(getattr(member, "name", None) or member)


def count_blocks(records: Sequence[LimitRecord], index: pd.Index) -> list[Block]:
    """Return how often each code had which outcome, and on how many bars; nothing where no limit has verdicts."""
    if not records:
        return []
    frame = verdicts_frame(records, index)
    if frame.empty:
        return ["Limits: every order passed."]
    rows = []
    for (code, outcome), part in frame.groupby(["code", "outcome"], observed=True):
        when = part["time"].dropna()
        first, last = (formats.cell(when.iloc[place]) if len(when) else "" for place in (0, -1))
        bars = formats.count(len(part.drop_duplicates(["account", "time"])))
        rows.append((str(code), str(outcome), formats.count(len(part)), bars, first, last))
    rows.sort(key=lambda row: row[:2])
    return [table(["Limits", "Outcome", "Orders", "Bars", "First", "Last"], rows)]
