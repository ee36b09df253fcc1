"""What a file holds, with every decision that was made to read it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from riskresearch.core import InvalidInputError
from riskresearch.core.output._formats import as_read
from riskresearch.core.output._tables import Block, as_html, as_text, frame_table, pairs, table
from riskresearch.files._grid import Step
from riskresearch.files._kind import KindReading
from riskresearch.files._to_returns import to_prices, to_returns

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHOWN_ROWS = 3
SHOWN_COLUMNS = 6


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class DataFile:
    """Hold the numbers of one file by date, and what was decided to read them.

    Attributes
    ----------
    name : str
        Name of the file, without its folder.
    shape : {"wide", "bars", "long", "equity", "fills", "positions"}
        What the table is: a column per asset, bars, one row per date and ticker, an account with statistics beside it,
        or a ledger for post-trade analysis.
    kind : {"prices", "returns", "percent", "log-returns", "cumulative", "pnl", ""}
        What its numbers are; empty for fills and positions.
    values : DataFrame, shape (n_dates, n_assets)
        The numbers as they stand in the file, dates ascending; empty for fills and positions.
    table : DataFrame
        Every typed column that belongs to the values: the fields of bars, or the rows of fills and positions.
    notes : tuple of str
        What a reader of the numbers has to know: what was left out, converted or is doubtful.
    steps : tuple of Step
        Each decision from the bytes to the numbers, in order.
    sha256 : str
        Checksum of the file's bytes.
    call : str
        The Python line that reads the file in the same way.
    """

    name: str
    shape: str
    kind: str
    values: pd.DataFrame
    table: pd.DataFrame
    notes: tuple[str, ...]
    steps: tuple[Step, ...]
    sha256: str
    call: str
    _reading: KindReading | None = field(default=None)

    @property
    def prices(self) -> pd.DataFrame:
        """Prices by date; of returns, the value after each row of 1 invested before the first.

        Raises
        ------
        InvalidInputError
            If the file holds fills or positions.
        """
        return to_prices(self.values, self._known("prices"), name=self.name)

    @property
    def returns(self) -> pd.DataFrame:
        """Simple returns by date as fractions; a return is missing where a price is, and the next spans the gap.

        Raises
        ------
        InvalidInputError
            If the file holds fills or positions, or fewer than two prices.
        """
        return to_returns(self.values, self._known("returns"), name=self.name)

    @property
    def capital(self) -> float | None:
        """The money that profit and loss began with; None for other kinds."""
        return None if self._reading is None else self._reading.capital

    @property
    def read_as(self) -> str:
        """What the file was read as, and why, in words."""
        if self._reading is None:
            return f"{self.name}, read as {self.shape}"
        return f"{self.name}, read as {self.kind}: {self._reading.reason}"

    def to_frame(self) -> pd.DataFrame:
        """Return the values by date, or the rows of fills and positions."""
        return self.values if self._reading is not None else self.table

    def summary(self) -> str:
        """Return what was read and decided as text, with the first and the last rows."""
        return as_text(*self._blocks())

    def _blocks(self) -> list[Block]:
        said = [(f"  {step.name}", _said(step)) for step in self.steps] + [("  note", note) for note in self.notes]
        return [repr(self), pairs(said), "", *_rows(self.to_frame()), "", self.call]

    def plot(self, ax: "Axes | None" = None) -> "Axes":
        """Draw the growth of 1 in each asset."""
        from riskresearch.plots import plot_growth  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        return plot_growth((1.0 + self.returns.fillna(0.0)).cumprod(), title=f"Growth of 1, {self.name}", ax=ax)

    def _known(self, what: str) -> KindReading:
        if self._reading is None:
            ledger = " posttrade.Ledger.from_fills takes the file as it is." if self.shape == "fills" else ""
            raise InvalidInputError(
                f"{self.name} holds {self.shape} and no {what}: its rows are in .to_frame().{ledger} If the table is "
                'another, pass shape="wide", "bars" or "long" (--shape).'
            )
        return self._reading

    def __repr__(self) -> str:
        frame = self.to_frame()
        if self._reading is None:
            return f"DataFile({self.name!r}: {len(frame):,} rows of {self.shape})"
        count = f"{frame.shape[1]:,} column{'' if frame.shape[1] == 1 else 's'}"
        span = f"{frame.index[0]:%Y-%m-%d} to {frame.index[-1]:%Y-%m-%d}"
        return f"DataFile({self.name!r}: {len(frame):,} dates of {self.kind}, {count}, {span})"

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())


def call_of(path: Any, options: Mapping[str, object]) -> str:
    """Return the Python line that reads `path` with these options; an open stream is called so."""
    source = repr(str(path)) if isinstance(path, str | Path) else "stream"
    given = "".join(f", {name}={value!r}" for name, value in options.items())
    return f"rr.read({source}{given})"


def _said(step: Step) -> str:
    return step.decision + (f" ({step.reason})" if step.reason else "")


def _rows(frame: pd.DataFrame) -> list[Block]:
    """Return the first and the last rows of the first columns."""
    shown = frame.iloc[:, :SHOWN_COLUMNS]
    more = frame.shape[1] - shown.shape[1]
    ends = shown if len(shown) <= 2 * SHOWN_ROWS else pd.concat([shown.iloc[:SHOWN_ROWS], shown.iloc[-SHOWN_ROWS:]])
    whole = frame_table(
        ends, dict.fromkeys(map(str, ends.columns), as_read), heads={str(name): str(name) for name in ends}
    )
    if len(shown) > 2 * SHOWN_ROWS:
        left_out = ("...", *("" for _ in whole.head[1:]))
        whole = table(whole.head, [*whole.rows[:SHOWN_ROWS], left_out, *whole.rows[SHOWN_ROWS:]])
    return [whole, f"and {more:,} more columns"] if more else [whole]
