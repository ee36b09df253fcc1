"""The bars of a ledger, and on which of them a moment falls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._errors import InvalidInputError
from riskresearch.core._labels import show_date

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from riskresearch.core._types import IntVector, Labels

DAY = "datetime64[D]"
TIME = "datetime64[ns]"
YEARS = (1678, 2261)
"""Years that nanoseconds count in whole."""


class Bars:
    """The bars of prices: days if all are stamped at midnight, else instants, or row numbers without dates."""

    def __init__(self, labels: Labels, rows: int) -> None:
        self.labels, self.rows = labels, rows
        self.dated = labels.dates is not None
        if self.dated:
            self.days = bool((labels.dates == labels.dates.astype(DAY)).all())  # type: ignore[union-attr]
            self.starts = (labels.dates if self.days else labels.instants).astype(TIME)  # type: ignore[union-attr]
        else:
            self.days, self.starts = False, np.arange(rows)

    def times(self, given: pd.Series, *, name: str) -> npt.NDArray[Any]:
        """Return moments as the bars count them: the clock of days, instants, or row numbers."""
        if not self.dated:
            if given.dtype.kind not in "iu":
                raise InvalidInputError(
                    f"{name} must be row numbers of prices beside prices without dates, got {given.iloc[0]} on the "
                    "first row."
                )
            if len(given) and (low := int(given.min())) < 0:
                raise InvalidInputError(f"{name} must be row numbers from 0, got {low}.")
            return given.to_numpy(dtype=np.int64)

        if given.dtype.kind in "iuf":
            raise InvalidInputError(
                f"{name} must be dates, got the number {given.iloc[0]} on the first row. Convert it with "
                f"pd.to_datetime(..., unit=...)."
            )
        found = _as_dates(given, name)
        if found.isna().any():
            row = int(found.isna().to_numpy().argmax())
            raise InvalidInputError(f"{name} must have a date on each row, got none on row {row}.")
        _check_years(found, name)
        zoned = getattr(found.dtype, "tz", None) is not None
        if zoned and not self.labels.zoned:
            raise InvalidInputError(
                f"{name} must be dates without a zone beside prices without one. Take theirs off with "
                ".dt.tz_localize(None) if both show the same clock."
            )
        if zoned:
            clock = found.dt.tz_convert(self._zone).dt.tz_localize(None) if self.days else found.dt.tz_convert(None)
            return np.asarray(clock.to_numpy(), dtype=TIME)
        times = found.to_numpy().astype(TIME)
        if self.labels.zoned and not self.days:
            local = found.dt.tz_localize(self._zone, ambiguous="NaT", nonexistent="NaT")
            if local.isna().any():
                row = int(local.isna().to_numpy().argmax())
                raise InvalidInputError(
                    f"{name} must be moments that the clock of prices shows once, got {found.iloc[row]} on row {row}, "
                    f"when {self._zone} changed to or from summer time. Give them a zone: .dt.tz_localize('UTC')."
                )
            times = local.dt.tz_convert(None).to_numpy().astype(TIME)
        return times

    def rows_of(self, times: npt.NDArray[Any], *, name: str, last: str) -> IntVector:
        """Return the bar of each moment: that of its day, or the first one at or after it; none after the last bar."""
        if self.days:  # a moment belongs to the first day that ends after it
            found = np.searchsorted(self.starts + np.timedelta64(1, "D"), times, side="right").astype(np.intp)
        else:
            found = np.searchsorted(self.starts, times).astype(np.intp)
        late = found >= self.rows
        if late.any():
            place = int(late.argmax())
            raise InvalidInputError(
                f"{name} must not be after the last bar of prices, {self.label(self.rows - 1)}, got "
                f"{show_date(times[place])} on row {place}. {last}"
            )
        return found

    def label(self, row: int) -> str:
        """Return the name of a bar, for errors and tables."""
        return show_date(self.labels.row_names[row])

    def moved(self, times: npt.NDArray[Any], bar: IntVector) -> int:
        """Return how many moments are on a later bar than that of their own day, or before the first bar."""
        if not len(bar) or not self.dated:
            return 0
        return int((times < (self.starts[bar] if self.days else self.starts[0])).sum())

    @property
    def index(self) -> pd.Index:
        """The labels of the bars."""
        import pandas as pd  # noqa: PLC0415 (who has a frame of fills has loaded it)

        names = self.labels.row_names
        return names if isinstance(names, pd.Index) else pd.Index(names)

    @property
    def _zone(self) -> Any:
        return getattr(self.index, "tz", None)


def _as_dates(given: pd.Series, name: str) -> pd.Series:
    """Return dates; text must be ISO 8601, since any other order of day and month would be a guess."""
    import pandas as pd  # noqa: PLC0415 (who has a frame of fills has loaded it)

    text = given.dtype.kind not in "M" and given.map(lambda each: isinstance(each, str)).any()
    try:
        return pd.to_datetime(given, format="ISO8601") if text else pd.to_datetime(given)
    except (TypeError, ValueError) as error:
        wrong = next((row for row, each in enumerate(given) if not _is_date(each)), 0)
        raise InvalidInputError(
            f"{name} must be dates, text as 2024-01-31 09:30, and all with a zone or none, got {given.iloc[wrong]!r} "
            f"on row {wrong}. Convert them with pd.to_datetime, which asks for the order of day and month."
        ) from error


def _check_years(given: pd.Series, name: str) -> None:
    """Refuse years that nanoseconds can't count: they would become other dates."""
    first, last = YEARS
    if len(given) and (given.min().year < first or given.max().year > last):
        row = int(((given.dt.year < first) | (given.dt.year > last)).to_numpy().argmax())
        raise InvalidInputError(
            f"{name} must be in the years {first} to {last}, got {given.iloc[row]} on row {row}. Leave out rows whose "
            "date stands for none."
        )


def _is_date(value: Any) -> bool:
    import pandas as pd  # noqa: PLC0415 (who has a frame of fills has loaded it)

    try:
        pd.to_datetime(value, format="ISO8601" if isinstance(value, str) else None)
    except (TypeError, ValueError):
        return False
    return True
