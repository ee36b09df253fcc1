"""An estimate with its interval, which every measure returns if an interval is requested."""

from __future__ import annotations

from dataclasses import dataclass, replace
from numbers import Real
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np

from riskresearch.core._checks import check_number
from riskresearch.core._errors import InvalidInputError
from riskresearch.core.output._formats import counted, p_value, percent_of, significant
from riskresearch.core.output._tables import Block, as_html, as_text, frame_table

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from riskresearch.core._panel import Panel
    from riskresearch.core._types import FloatMatrix, FloatVector, PerColumn


@dataclass(frozen=True, slots=True, eq=False)
class Interval:
    """An estimate, its interval and its method; the numbers have the form and labels of the measure's result."""

    measure: str
    """Name of the measure."""
    estimate: PerColumn
    lower: PerColumn
    """Infinite, as is `upper`, where the sample is too short to bound it at this confidence."""
    upper: PerColumn
    standard_error: PerColumn
    """nan where the method does not give one."""
    p_value: PerColumn
    """Two-sided, of the hypothesis that the true value is zero; None where the method is no test."""
    confidence: float
    """Nominal coverage probability."""
    method: str
    """Description of the method."""
    seed: int | None
    """Seed of the random draws, which `Bootstrap(rng=seed)` repeats; None where there are none."""
    kind: Literal["interval", "range"] = "interval"
    """What the bounds are: a "range" of resampled histories for a measure of a path, such as the largest drawdown,
    which has no true value that could be covered."""

    __array_ufunc__: ClassVar[None] = None
    """A number of NumPy leaves the multiplication to the interval."""

    def __mul__(self, factor: Any) -> Interval:
        """Return the interval of the measure times a number, such as an amount of money; the p-value stays."""
        if not isinstance(factor, Real):
            return NotImplemented
        number = check_number(factor, name="the factor of an Interval")
        if number == 0.0:
            raise InvalidInputError("the factor of an Interval must not be zero, got 0.")
        low, high = (self.lower, self.upper) if number > 0.0 else (self.upper, self.lower)
        return replace(
            self,
            measure=f"{number:,.12g} * {self.measure}",
            estimate=self.estimate * number,
            lower=low * number,
            upper=high * number,
            standard_error=self.standard_error * abs(number),
        )

    __rmul__ = __mul__

    def to_frame(self) -> pd.DataFrame:
        """Return one row per asset, with the estimate, its bounds, its standard error and, of a test, the p-value."""
        import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

        names = ["estimate", "lower", "upper", "standard_error"] + ["p_value"] * (self.p_value is not None)
        numbers = {name: _numbers(getattr(self, name)) for name in names}
        return pd.DataFrame(numbers, index=_assets(self.estimate))

    def summary(self) -> str:
        """Return the table and the method as text."""
        return as_text(*self._blocks())

    def _blocks(self) -> list[Block]:
        formats = {name: significant for name in ("estimate", "lower", "upper", "standard_error")}
        return [frame_table(self.to_frame(), {**formats, "p_value": p_value}), self._what()]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw each estimate as a point on its interval."""
        from riskresearch.plots import plot_intervals  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        name = self.measure.replace("_", " ").capitalize()
        what = "interval" if self.kind == "interval" else "range of resampled histories"
        title = f"{name} with its {percent_of(self.confidence)} {what}"
        return plot_intervals(self.to_frame(), label=name, title=title, ax=ax)

    def __repr__(self) -> str:
        of = "" if self.kind == "interval" else " of resampled histories"
        if isinstance(self.estimate, float):
            test = "" if self.p_value is None else f", p_value={self.p_value:.4g}"
            return (
                f"Interval({self.measure}={self.estimate:.6g}, {self.confidence:.4g}{of} in "
                f"[{self.lower:.6g}, {self.upper:.6g}]{test})"
            )
        assets = counted(len(_assets(self.estimate)), "asset")
        return f"Interval({self.measure} of {assets}, confidence={self.confidence:.4g}{of})"

    def __str__(self) -> str:
        """Return one line for one number, else the table, for `print`."""
        return repr(self) if isinstance(self.estimate, float) else self.summary()

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())

    def _what(self) -> str:
        seed = "" if self.seed is None else f"; seed {self.seed}"
        what = f"interval of confidence {self.confidence:.4g}" if self.kind == "interval" else self._words()
        return f"{self.measure}, {what}: {self.method}{seed}."

    def _words(self) -> str:
        if self.kind == "interval":
            return f"{self.confidence:.4g} interval"
        return f"range of {self.confidence:.4g} of resampled histories"


def label_interval(
    panel: Panel,
    rows: FloatMatrix,
    *,
    measure: str,
    confidence: float,
    method: str,
    seed: int | None = None,
    kind: Literal["interval", "range"] = "interval",
) -> Interval:
    """Label `rows`: estimate, lower, upper, standard error and perhaps p-value, each of shape (columns,)."""
    numbers = [panel.labels.per_column(np.ascontiguousarray(row)) for row in rows]
    estimate, lower, upper, error = numbers[:4]
    test = numbers[4] if len(numbers) > 4 else None
    return Interval(measure, estimate, lower, upper, error, test, confidence, method, seed, kind)


def _numbers(value: Any) -> FloatVector:
    if hasattr(value, "row"):  # one row of a polars frame
        value = value.row(0)
    return np.atleast_1d(np.asarray(value, dtype=np.float64))


def _assets(estimate: Any) -> Any:
    if isinstance(estimate, float):
        return ["returns"]
    if hasattr(estimate, "index"):
        return estimate.index
    return list(getattr(estimate, "columns", range(len(estimate))))
