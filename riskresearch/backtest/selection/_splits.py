"""Splits of a history into rows that train and rows that test."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._errors import InvalidInputError
from riskresearch.core.output._tables import Block, as_html, as_text, frame_table

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd
    from matplotlib.axes import Axes

    from riskresearch.core._types import FloatMatrix

    IntVector = npt.NDArray[np.int64]

SHOWN = 10


@dataclass(frozen=True, slots=True, eq=False)
class Splits:
    """Pairs of index arrays (train, test), made one by one: see `walk_forward_splits`, `purged_splits` and others.

    Thousands of splits take no memory. scikit-learn accepts them as `cv`.
    """

    tests: tuple[tuple[range, ...], ...]
    """Consecutive rows that each split tests, one range or more."""
    candidates: tuple[range, ...]
    """Rows that each split may train on, before those next to the tested ones are purged."""
    label_ends: IntVector
    """Last row that the label of each row depends on; the row itself where labels do not look ahead."""
    embargo: int
    """Number of further rows after the end of the tested labels that do not train."""
    path_of: tuple[tuple[int, ...], ...]
    """The path over the history that each tested range of each split belongs to."""
    row_names: Any
    """Labels of the rows."""
    method: str

    def __len__(self) -> int:
        """Return the number of splits."""
        return len(self.tests)

    def __iter__(self) -> Iterator[tuple[IntVector, IntVector]]:
        """Iterate over the pairs (train, test) of row numbers, both increasing."""
        return (self._pair(number) for number in range(len(self.tests)))

    def __getitem__(self, number: int) -> tuple[IntVector, IntVector]:
        """Return the pair (train, test) of one split."""
        return self._pair(range(len(self.tests))[number])

    @property
    def rows(self) -> int:
        """Number of rows of the history."""
        return int(self.label_ends.size)

    @property
    def paths(self) -> int:
        """Number of paths over the whole history that the tested ranges make."""
        return 1 + max(path for split in self.path_of for path in split)

    def labelled(self) -> Iterator[tuple[Any, Any]]:
        """Iterate over the pairs (train, test) of row labels: dates, or numbers where there are none."""
        names = self.row_names if hasattr(self.row_names, "take") else np.asarray(self.row_names)
        return ((names[train], names[test]) for train, test in self)

    def assemble(self, results: Sequence[npt.ArrayLike]) -> FloatMatrix:
        """Assemble the results of the splits into paths over the history, shape (rows, paths).

        `results` has one vector for each split: a number for each tested row, in order. A row that no split of a path
        tests is nan.
        """
        if len(results) != len(self):
            raise InvalidInputError(f"results must have one vector for each of {len(self)} splits, got {len(results)}.")
        assembled = np.full((self.rows, self.paths), np.nan)
        for number, (result, ranges, paths) in enumerate(zip(results, self.tests, self.path_of, strict=True)):
            vector = np.asarray(result, dtype=np.float64)
            tested = sum(len(rows) for rows in ranges)
            if vector.shape != (tested,):
                raise InvalidInputError(
                    f"results must have a number for each of the {tested} tested rows of split {number}, "
                    f"got shape {vector.shape}."
                )
            start = 0
            for rows, path in zip(ranges, paths, strict=True):
                assembled[rows.start : rows.stop, path] = vector[start : start + len(rows)]
                start += len(rows)
        return assembled

    def to_frame(self) -> pd.DataFrame:
        """Return one row per split: first and last tested row, rows tested, trained on, and purged."""
        import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

        records = []
        for number, (train, test) in enumerate(self):
            outside = len(self.candidates[number]) - sum(
                len(range(max(rows.start, self.candidates[number].start), min(rows.stop, self.candidates[number].stop)))
                for rows in self.tests[number]
            )
            first, last = (self.row_names[int(test[place])] for place in (0, -1))
            records.append((first, last, test.size, train.size, outside - train.size))
        columns = ["test_first", "test_last", "test_rows", "train_rows", "purged_rows"]
        return pd.DataFrame(records, columns=columns, index=pd.RangeIndex(len(records), name="split"))

    def summary(self) -> str:
        """Return the first splits and the method as text."""
        return as_text(*self._blocks())

    def _blocks(self) -> list[Block]:
        table = self.to_frame()
        more = [f"... and {len(table) - SHOWN:,} more"] * (len(table) > SHOWN)
        return [frame_table(table.head(SHOWN)), *more, f"{self.method}, {len(table):,} splits."]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw which rows train and which are tested, one line per split."""
        import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

        from riskresearch.plots import plot_splits  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        spans = [(_spans(train), _spans(test)) for train, test in self]
        index = self.row_names if isinstance(self.row_names, pd.Index) else pd.Index(np.asarray(self.row_names))
        title = f"Training and test rows, {self.method}"
        return plot_splits([pair[0] for pair in spans], [pair[1] for pair in spans], index=index, title=title, ax=ax)

    def __repr__(self) -> str:
        return f"Splits({self.method}: {len(self):,} splits of {self.rows:,} rows)"

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())

    def _pair(self, number: int) -> tuple[IntVector, IntVector]:
        rows = self.candidates[number]
        place = np.arange(self.rows)
        keep = (place >= rows.start) & (place < rows.stop)
        for tested in self.tests[number]:
            ends = int(self.label_ends[tested.start : tested.stop].max()) + self.embargo
            keep &= (self.label_ends < tested.start) | (place > ends)
        return np.flatnonzero(keep), np.concatenate([np.arange(rows.start, rows.stop) for rows in self.tests[number]])


def _spans(rows: IntVector) -> list[tuple[int, int]]:
    if rows.size == 0:
        return []
    breaks = np.flatnonzero(np.diff(rows) > 1)
    first, last = np.append(0, breaks + 1), np.append(breaks, rows.size - 1)
    return [(int(rows[one]), int(rows[other]) + 1) for one, other in zip(first, last, strict=True)]
