"""The result of applying caps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core.output._tables import Block, as_html, as_text, frame_table

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from riskresearch.core._types import OverTime


@dataclass(frozen=True, slots=True, repr=False)
class CappedWeights:
    """Weights within caps, and which cap bound where: what `apply_caps` returns.

    Parameters
    ----------
    weights : same type as the targets
        Capped weights, fractions of net asset value.
    reasons : same type as the targets
        For each weight the bits of `CapReason` that changed it, 0 if none did.
    targets : same type as the targets
        The weights that were wanted.
    columns : tuple of str
        Names of the assets.
    names : tuple of str
        Names of the bits, the lowest first.
    """

    weights: OverTime
    reasons: OverTime
    targets: OverTime
    columns: tuple[str, ...]
    names: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each weight that a cap changed: row, asset, target, weight, and the caps by name."""
        import pandas as pd  # noqa: PLC0415 (arrays need no pandas)

        reasons = self._matrix(self.reasons).astype(np.int64)
        rows, columns = np.nonzero(reasons)
        labels: Any = getattr(self.weights, "index", np.arange(reasons.shape[0]))
        return pd.DataFrame(
            {
                "row": labels[rows],
                "asset": [self.columns[column] for column in columns],
                "target": self._matrix(self.targets)[rows, columns],
                "weight": self._matrix(self.weights)[rows, columns],
                "caps": [self.names_of(int(reason)) for reason in reasons[rows, columns]],
            }
        )

    def names_of(self, reason: int) -> str:
        """Return the names of the bits of `reason`, joined by plus signs.

        Parameters
        ----------
        reason : int
            A number of `reasons`.
        """
        return "+".join(name for bit, name in enumerate(self.names) if reason >> bit & 1)

    def counts(self) -> pd.DataFrame:
        """Return for each cap how many weights and rows it bound on."""
        import pandas as pd  # noqa: PLC0415 (arrays need no pandas)

        reasons = self._matrix(self.reasons).astype(np.int64)
        bound = [(reasons >> bit & 1).astype(bool) for bit in range(len(self.names))]
        table = {
            "weights": [int(each.sum()) for each in bound],
            "rows": [int(each.any(axis=1).sum()) for each in bound],
        }
        return pd.DataFrame(table, index=pd.Index(self.names, name="cap"))

    def summary(self) -> str:
        """Return the counts and what they are of, as text."""
        return as_text(*self._blocks())

    def _blocks(self) -> list[Block]:
        rows, columns = self._matrix(self.reasons).shape
        of_all = f"of {rows * columns:,} weights in {rows:,} rows; a weight may be bound by several caps"
        return [frame_table(self.counts()), of_all]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw on how many weights each cap bound."""
        from riskresearch.plots import plot_bars  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        return plot_bars(
            self.counts()["weights"], label="Number of weights", title="Weights that each cap bound", ax=ax
        )

    def __repr__(self) -> str:
        """Return one line."""
        reasons = self._matrix(self.reasons)
        return f"CappedWeights(rows={reasons.shape[0]}, columns={reasons.shape[1]}, bound={int((reasons > 0).sum())})"

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())

    def _matrix(self, values: Any) -> Any:
        """Return numbers over time as an array of shape (rows, columns)."""
        if hasattr(values, "select"):
            values = values.select(list(self.columns)).to_numpy()
        array = np.asarray(values)
        return array[:, None] if array.ndim == 1 else array
