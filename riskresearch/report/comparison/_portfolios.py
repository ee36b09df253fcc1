"""Several portfolios on the dates that all of them have."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pandas as pd

from riskresearch import metrics
from riskresearch.core import InvalidInputError
from riskresearch.core._panel import as_panel
from riskresearch.core.alignment._deciding import Asked
from riskresearch.core.frames._as_pandas import as_dated_pandas
from riskresearch.core.output._text import readable
from riskresearch.report._inputs import Inputs, NanPolicy, aligned, checksum, gather, outside_note
from riskresearch.report._intervals import Intervals
from riskresearch.report._section import Context, Settings

MOST_PORTFOLIOS = 12
"""More lines could not be told apart."""
Portfolios = Mapping[str, pd.Series | pd.DataFrame] | pd.DataFrame


@dataclass(frozen=True, slots=True, eq=False)
class Together:
    """Portfolios as columns, the first one the base of every test, and a benchmark on the same dates."""

    returns: pd.DataFrame
    benchmark: pd.Series | None
    inputs: Inputs
    """Those of the first portfolio, with the conventions of all."""

    @property
    def compared(self) -> pd.DataFrame:
        """The portfolios and the benchmark, as columns."""
        return self.returns if self.benchmark is None else pd.concat([self.returns, self.benchmark], axis=1)


def gather_together(
    portfolios: Portfolios, *, benchmark: pd.Series | None, nan_policy: NanPolicy, how: Asked
) -> Together:
    """Check each portfolio and put all of them, and the benchmark, on their common dates."""
    given = _named(portfolios)
    if benchmark is not None:
        given[_free(str(benchmark.name or "Benchmark"), given)] = benchmark
    each = {name: _gathered(name, data, nan_policy) for name, data in given.items()}
    matched: dict[str, None] = {}
    left_out: list[str] = []
    names = list(each)
    first = names[0]
    frame = each[first].portfolio.rename(first).to_frame()
    for name in names[1:]:
        pair = aligned(
            _clocked(frame, given[first], first),
            _clocked(each[name].portfolio, given[name], name),
            names=(first, name), holds="returns", how=how, nan_policy=nan_policy,
        )  # fmt: skip
        other = pair.benchmark.set_axis(pair.data.index, axis=0).rename(name)
        frame = pd.concat([pair.data, other], axis=1)
        frame.index = frame.index.tz_localize(None)
        matched |= dict.fromkeys(pair.matched)
        left_out += pair.left_out
    if len(frame) < 2:
        raise InvalidInputError(f"portfolios must share two dates or more, got {len(frame)}.")
    alike = [
        f"{name} has the same returns as {other}: nothing tells them apart."
        for number, name in enumerate(frame.columns)
        for other in frame.columns[:number]
        if frame[name].equals(frame[other].rename(name))
    ]
    weighting = "; ".join(f"{name}: {inputs.weighting}" for name, inputs in each.items())
    inputs = replace(
        each[first],
        portfolio=frame[first], assets=None, weights=None, weighting=weighting,
        common_dates=" ".join(matched), left_out="; ".join(line.removesuffix(".") for line in left_out) or "none",
        notes=tuple(
            f"{name}: {note}"
            for name, inputs in each.items()
            for note in (*inputs.notes, outside_note(inputs.portfolio.index, frame.index, of="the others"))
            if note
        )
        + tuple(alike),
        sha256=checksum(frame, None),
    )  # fmt: skip
    count = len(names) - (benchmark is not None)
    return Together(frame.iloc[:, :count], None if benchmark is None else frame.iloc[:, -1], inputs)


def _named(portfolios: Portfolios) -> dict[str, Any]:
    if isinstance(portfolios, pd.DataFrame):
        found: dict[str, Any] = {readable(str(name)): portfolios[name] for name in portfolios}
    elif isinstance(portfolios, Mapping):
        found = {readable(str(name)): data for name, data in portfolios.items()}
    else:
        raise InvalidInputError(
            f"portfolios must be a mapping of names to returns, or a DataFrame of one column each, got "
            f"{type(portfolios).__name__}."
        )
    if not 2 <= len(found) <= MOST_PORTFOLIOS:
        raise InvalidInputError(f"portfolios must be 2 to {MOST_PORTFOLIOS} to be compared, got {len(found)}.")
    return found


def _gathered(name: str, data: Any, nan_policy: NanPolicy) -> Inputs:
    """Return one portfolio; what warnings and errors say of it names it."""
    called = f"portfolio {name!r}"
    try:
        given = as_dated_pandas(data, name=called)
        return gather(given, benchmark=None, weights=None, nan_policy=nan_policy, name=called)
    except InvalidInputError as error:
        if called in str(error):
            raise
        raise InvalidInputError(f"{called}: {error}") from error


def _free(name: str, taken: Mapping[str, Any]) -> str:
    return name if name not in taken else f"{name} (benchmark)"


def _clocked(frame: Any, given: Any, name: str) -> Any:
    """Return checked numbers on the clock that was given, zone and all."""
    zone = getattr(getattr(given, "index", None), "tz", None)
    data = frame if zone is None or len(frame) != len(given) else frame.set_axis(given.index, axis=0)
    return as_panel(data, name=name, holds="numbers", nan_policy="omit")


class EachInterval:
    """The intervals of every portfolio."""

    def __init__(self, together: Together, summaries: Mapping[str, metrics.RiskSummary], confidence: float) -> None:
        self.of_each = {
            name: Intervals(
                replace(together.inputs, portfolio=together.returns[name], benchmark=together.benchmark),
                own,
                confidence,
            )
            for name, own in summaries.items()
        }

    def doubts(self) -> str:
        """Return in words which intervals may be too short, and why, portfolio by portfolio."""
        return "".join(f" {name}:{doubt}" for name, each in self.of_each.items() if (doubt := each.doubts()))


class ComparisonContext(Context):
    """The portfolios of one comparison with their measures; sections of a report show all columns of `compared`."""

    intervals: Any

    def __init__(self, together: Together, settings: Settings, summaries: Mapping[str, metrics.RiskSummary]) -> None:
        super().__init__(together.inputs, settings, next(iter(summaries.values())))
        self.together, self.summaries = together, dict(summaries)
        self.compared = together.compared
        self.intervals = EachInterval(together, summaries, settings.confidence)

    @cached_property
    def of_benchmark(self) -> metrics.RiskSummary | None:
        """The measures of the benchmark alone; None without one."""
        if self.together.benchmark is None:
            return None
        return metrics.summary(
            self.together.benchmark.to_frame(), level=self.summary.level, risk_free=self.settings.risk_free,
            periods_per_year=self.summary.periods_per_year,
        )  # fmt: skip
