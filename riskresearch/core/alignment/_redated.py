"""Chosen rows of labelled data with new numbers, and data dated as other data are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._labels import is_instance_of

if TYPE_CHECKING:
    from riskresearch.core._panel import Panel
    from riskresearch.core._types import FloatMatrix
    from riskresearch.core.alignment._clock import IntVector


def on_rows(panel: Panel, rows: IntVector, values: FloatMatrix) -> Any:
    """Return `values` with the labels that `rows` of the panel have, in the form of its input."""
    whole = np.full(panel.values.shape, np.nan)
    whole[rows] = values
    labelled = panel.labels.over_time(whole)
    first, last = int(rows[0]), int(rows[-1]) + 1
    chosen: Any = slice(first, last) if rows.size == last - first else rows  # a slice keeps the freq of an index
    return labelled.iloc[chosen] if hasattr(labelled, "iloc") else labelled[chosen]


def redated(data: Any, other: Any) -> Any:
    """Return `data` with the dates of `other`, row by row."""
    if not is_instance_of(data, "polars", "DataFrame"):
        return data.set_axis(other.index, axis=0)
    import narwhals as nw  # noqa: PLC0415 (50 ms that only polars users pay)

    frame, model = nw.from_native(data, eager_only=True), nw.from_native(other, eager_only=True)
    own, theirs = (
        next(name for name, dtype in each.schema.items() if dtype in (nw.Date, nw.Datetime)) for each in (frame, model)
    )
    return frame.with_columns(model[theirs].alias(own)).to_native()
