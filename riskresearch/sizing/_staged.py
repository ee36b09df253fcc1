"""Sizers made of stages, each a recursion or a formula: wired once, run over a history or on a ring of rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from riskresearch.core._errors import InvalidInputError
from riskresearch.models._tail_forecasters import flat_state
from riskresearch.sizing._protocol import RunSizer
from riskresearch.sizing._run import Notes

if TYPE_CHECKING:
    from riskresearch.core._types import FloatMatrix, FloatVector, State
    from riskresearch.kernels._rolling import Sweep
    from riskresearch.models._forecasters import Forecaster
    from riskresearch.sizing._run import Extras


BLOCK_CELLS = 8_192


class Feed:
    """What the stages of a sizer read and write.

    Over a history the inputs are whole panels and every array has their rows. Live, the main input is a ring of the
    last rows and all other arrays are single rows.

    Parameters
    ----------
    source : array of shape (rows, columns)
        The main input, or the ring.
    extras : mapping of arrays
        The other inputs; live, one row of each that there may be.
    live : bool
        Whether this is a stream.
    """

    def __init__(self, source: FloatMatrix, extras: Extras, *, live: bool) -> None:
        rows, columns = (1 if live else source.shape[0]), source.shape[1]
        self.source, self.extras, self.live = source, dict(extras), live
        self.given = set() if live else set(extras)
        """The names of the other inputs that came with this row, or with the history."""
        self.extras.setdefault("signals", np.ones((1, columns)))
        self.held, self.weights = np.zeros(columns), np.zeros((rows, columns))
        self.notes = Notes(np.zeros((int(live), columns)), np.zeros((int(live), columns), dtype=np.longlong))
        self.state: State = {"held": self.held}
        """All that is carried from row to row, each stage adds its own."""

    def answers(self) -> FloatMatrix:
        """Return an output array for a stage, which writes every row of a history."""
        return np.full(self.weights.shape, np.nan) if self.live else np.empty(self.weights.shape)

    def rows(self, array: FloatMatrix, first: int, last: int) -> FloatMatrix:
        """Return the rows of an array from `first` to before `last`; a single row is that of all."""
        return array if self.live or array.shape[0] == 1 else array[first:last]


class Formula:
    """A stage without memory: arrays that are a function of other arrays' same rows."""

    def __init__(
        self,
        feed: Feed,
        function: Callable[..., tuple[FloatMatrix, ...]],
        parts: Sequence[FloatMatrix],
        answers: Sequence[FloatMatrix],
    ) -> None:
        self._feed, self._function, self._parts, self._answers = feed, function, parts, answers

    def run(self, first: int, last: int) -> None:
        """Go from row `first` to before `last`, some rows at a time, so that what is computed stays in the cache."""
        rows = self._feed.rows
        block = max(1, BLOCK_CELLS // self._feed.source.shape[1])
        for start in range(first, last, block):
            end = min(start + block, last)
            try:
                found = self._function(*(rows(part, start, end) for part in self._parts))
            except InvalidInputError:
                self._function(*(rows(part, first, last) for part in self._parts))  # to name the row of the history
                raise
            for answer, values in zip(self._answers, found, strict=True):
                rows(answer, start, end)[...] = values


class Forecasts:
    """A stage that forecasts the risk of each column, or of a short position in it."""

    def __init__(self, feed: Feed, forecaster: Forecaster, *, name: str, short: bool = False) -> None:
        self._feed, self._forecaster, self._short = feed, forecaster, short
        self.answers = feed.answers()
        if feed.live:
            own = forecaster.new_state(feed.source.shape[1])
            self._mirror = np.full(feed.source.shape, np.nan) if short else feed.source
            self._sweep = forecaster.bind(self._mirror, own, self.answers)
            feed.state |= flat_state({name: own}) | ({f"{name}.mirror": self._mirror} if short else {})

    def run(self, first: int, last: int) -> None:
        """Go from row `first` to before `last`."""
        source = self._feed.source
        if not self._feed.live:
            self.answers[...] = self._forecaster.over_time(-source if self._short else source)
            return
        if self._short:
            self._mirror[first % len(source)] = -source[first % len(source)]
        self._sweep.run(first, last)


class StagedSizer(RunSizer):
    """Base of sizers made of stages: a subclass wires them in `_stages`, the last one writing the feed's weights."""

    __slots__ = ()
    required: ClassVar[tuple[str, ...]] = ()
    """The inputs that every row needs beside the main one."""

    if TYPE_CHECKING:

        def _stages(self, feed: Feed, periods: float) -> Sequence[Sweep]: ...

    def _memory(self, columns: int) -> int:
        """Return how many rows of the main input the stages read."""
        return 1

    def _check_given(self, given: Collection[str]) -> None:
        """Require the inputs that every row needs."""
        for name in self.required:
            if name not in given:
                raise InvalidInputError(f"{name} must be given with each row of {self.inputs[0]}, got None.")

    def _start(self, columns: int, periods: float) -> StagedRun:
        return StagedRun(self, columns, periods)

    def _history(self, values: FloatMatrix, extras: Extras, periods: float) -> FloatMatrix:
        self._check_given(extras)
        feed = Feed(values, extras, live=False)
        for stage in self._stages(feed, periods):
            stage.run(0, values.shape[0])
        return feed.weights


class StagedRun:
    """The stages of a sizer over a ring of the last rows."""

    def __init__(self, sizer: StagedSizer, columns: int, periods: float) -> None:
        self._check_given = sizer._check_given
        ring = np.full((sizer._memory(columns), columns), np.nan)
        self._feed = Feed(ring, {name: np.ones((1, columns)) for name in sizer.inputs[1:]}, live=True)
        self._tick, self._stages = np.zeros(1, dtype=np.int64), sizer._stages(self._feed, periods)
        self._state = {**self._feed.state, "ring": ring, "tick": self._tick}

    @property
    def state(self) -> State:
        """The ring, the number of rows so far, the weights held, and the states of the stages."""
        return self._state

    @property
    def notes(self) -> Notes:
        """What the last step noted of caps."""
        wanted, reasons = self._feed.notes
        return Notes(wanted[0], reasons[0])

    def step(self, row: FloatVector, extras: Extras) -> FloatVector:
        """Go on by one row and return the weights decided after it."""
        self._check_given(extras)
        feed, tick = self._feed, int(self._tick[0])
        feed.source[tick % len(feed.source)] = row
        feed.given = set(extras)
        for name, buffer in feed.extras.items():
            buffer[0] = extras.get(name, 1.0)
        for stage in self._stages:
            stage.run(tick, tick + 1)
        self._tick[0] = tick + 1
        weights: FloatVector = feed.weights[0]
        return weights
