"""What a running checker said of the orders that did not simply pass, kept as numbers until the table is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.pretrade._codes import LimitCode, Outcome, names_of

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from riskresearch.core._types import FloatVector

BEFORE_THE_FIRST_BAR = -1
OF_AN_ORDER = ("outcome", "denied", "units", "accepted")
OF_A_RULE = ("values", "bounds", "grades")


class RunningVerdicts:
    """The verdicts of an account's orders, bar after bar.

    Parameters
    ----------
    columns : tuple of str
        Names of the account's columns.
    plan : Plan
        The limits bound to a book, whose rules are the same on every bar.
    """

    def __init__(self, columns: tuple[str, ...], plan: Any) -> None:
        self.columns = columns
        rules = [(place, plan.limits[place]) for place, _ in plan.rules]
        rules += [] if plan.other is None else list(plan.other.limits)
        self._order = np.argsort([place for place, _ in rules], kind="stable")
        limits = [rules[place][1] for place in self._order]
        self._codes = np.array([limit.code.name for limit in limits], dtype=object)
        self._is_state = np.array([limit.counted_in == "state" for limit in limits], dtype=bool)
        self._bars: list[tuple[Any, ...]] = []

    def note(self, row: int | None, columns: npt.NDArray[np.intp], flow: Any) -> None:
        """Keep what a flow found of the orders of a bar, which trade `columns`, if one of them did not simply pass."""
        places = flow.arrays["outcome"][: len(columns)].nonzero()[0]
        if not len(places):
            return
        other = flow.plan.other
        of_rules = [
            [flow.arrays[name][places], *([] if other is None else [getattr(other, name)[places]])]
            for name in OF_A_RULE
        ]
        self._bars.append((
            BEFORE_THE_FIRST_BAR if row is None else row, columns[places],
            *(flow.arrays[name][places] for name in OF_AN_ORDER), *map(np.hstack, of_rules),
        ))  # fmt: skip

    def note_unpriced(self, row: int | None, columns: npt.NDArray[np.intp], *, passed: bool) -> None:
        """Keep the orders of a bar that no limit could judge, for there is no price yet."""
        count = len(columns)
        unknown: FloatVector = np.full(count, np.nan)
        numbers = np.full((count, len(self._order)), np.nan)
        self._bars.append((
            BEFORE_THE_FIRST_BAR if row is None else row, columns, np.full(count, int(Outcome.DENY)),
            np.full(count, int(LimitCode.INVALID_ORDER)), unknown, unknown if passed else np.zeros(count),
            numbers, numbers, np.zeros(numbers.shape),
        ))  # fmt: skip

    def to_frame(self) -> pd.DataFrame:
        """Return a row for each reason of each order that did not simply pass: see `Backtest.limit_verdicts`."""
        import pandas as pd  # noqa: PLC0415 (only when a frame is wanted)

        if not self._bars:
            return pd.DataFrame({name: [] for name in ("row", "asset", "outcome", "code", "value", "limit")})
        counts = [len(bar[1]) for bar in self._bars]
        rows = np.repeat([bar[0] for bar in self._bars], counts)
        column, outcome, denied, wanted, accepted, values, bounds, grades = (
            np.concatenate([bar[place] for bar in self._bars]) for place in range(1, 9)
        )
        values, bounds, grades = (each[:, self._order] for each in (values, bounds, grades))
        bounds = np.where(self._is_state, 1.0, bounds)
        entry, rule = grades.nonzero()
        alone = np.flatnonzero(~grades.any(axis=1))  # denied before any rule was asked
        whole = np.concatenate([entry, alone])
        codes = [*self._codes[rule], *("+".join(names_of(int(mask))) for mask in denied[alone])]
        unknown = np.full(len(alone), np.nan)
        frame = pd.DataFrame(
            {
                "row": rows[whole], "asset": np.array(self.columns, dtype=object)[column[whole]],
                "outcome": np.array([each.name for each in Outcome], dtype=object)[outcome[whole].astype(np.intp)],
                "code": codes, "value": np.concatenate([values[entry, rule], unknown]),
                "limit": np.concatenate([bounds[entry, rule], unknown]), "units_wanted": wanted[whole],
                "units_accepted": accepted[whole],
            }
        )  # fmt: skip
        return frame.iloc[np.argsort(whole, kind="stable")].reset_index(drop=True)
