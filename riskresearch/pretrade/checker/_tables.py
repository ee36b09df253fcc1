"""The tables by asset that the rules of the kernel read, and the sums over positions that they judge."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np

from riskresearch.core._records import SIDES, Decision, TradingState
from riskresearch.pretrade.limits._rule import Rule, Table, Total, threshold_for
from riskresearch.pretrade.orders._orders import NO_TIME

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._types import FloatMatrix, FloatVector
    from riskresearch.pretrade.book._book import Book

NAN = float("nan")
STATES = {TradingState.ACTIVE: 0.0, TradingState.REDUCING: 1.0, TradingState.HALTED: 2.0}
FROZEN = 3.0


class Tables:
    """Rows of numbers by asset, each made once, for a book and the assets that orders name."""

    def __init__(
        self, book: Book, assets: tuple[str, ...], strategies: tuple[str, ...], fields: Mapping[str, Any]
    ) -> None:
        self.book, self.assets, self.strategies, self.fields = book, assets, strategies, fields
        self.rows: list[FloatVector] = []
        self._places: dict[Any, int] = {}

    def row(self, table: Table | None) -> int:
        """Return the number of a table's first row, -1 for none."""
        if table is None:
            return -1
        if table not in self._places:
            self._places[table] = len(self.rows)
            self.rows.extend(self._made(table))
        return self._places[table]

    def wide(self, threshold: Any) -> int:
        """Return the row of a threshold that differs by asset, -1 for one that does not."""
        if isinstance(threshold, Table):
            return self.row(threshold)
        return self.row(Table("given", threshold)) if isinstance(threshold, Mapping) else -1

    def field_rows(self) -> dict[int, str]:
        """Return the argument of the book that each row shows, of those that do."""
        return {row: table.key for table, row in self._places.items() if table.source == "book"}

    def matrix(self) -> FloatMatrix:
        """Return all rows, one at least; from here on they are kept there."""
        found = np.array(self.rows or [np.zeros(len(self.assets))], dtype=np.float64, order="C")
        self.rows = list(found)[: len(self.rows)]
        return found

    def refill(self, book: Book) -> None:
        """Replace what is read from the book by that of another one with the same names, whose fields are known."""
        self.book = book
        for table, place in self._places.items():
            if table.source in ("book", "state"):
                for row, values in enumerate(self._made(table), place):
                    self.rows[row][:] = values

    def _made(self, table: Table) -> list[FloatVector]:
        if table.source == "book":
            return [self.fields[table.key]]
        if table.source == "given":
            return [np.array([threshold_for(table.key, asset) for asset in self.assets])]
        if table.source == "listed":
            return [np.array([float(asset in table.key) for asset in self.assets])]
        if table.source == "allowed":
            named = table.key if isinstance(table.key, Mapping) else dict.fromkeys(self.strategies, table.key)
            return [
                np.array([float(asset not in named.get(strategy, ())) for asset in self.assets])
                for strategy in self.strategies
            ]
        if table.source == "group":
            by, thresholds = table.key
            return [np.array([threshold_for(thresholds, group) for group in self.groups(by)])]
        return list(self.states())

    def groups(self, by: str) -> tuple[str, ...]:
        """Return the group of each asset, empty where it has none."""
        if by == "asset":
            return self.assets
        known = self.fields["groups"].get(by, ())
        return (*known, *[""] * (len(self.assets) - len(known)))

    def states(self) -> FloatMatrix:
        """Return for the long and the short side of each asset what trades: see `STATES`; nan where it is not known."""
        found = np.full((2, len(self.assets)), NAN)
        decision = self.fields["decision"]
        if decision is None:
            return found
        if isinstance(decision, TradingState):
            found[:] = STATES[decision]
            return found
        count = len(self.book.assets)
        for column, asset in enumerate(self.assets):
            own = decision.units.get(asset, Decision())
            for row, side in enumerate(SIDES):
                each = (decision, own, decision.units.get(side, Decision()))
                place = column if column < count else None
                found[row, column] = max(_state_of(one, place, count) for one in each)
        return found

    def strategy_states(self) -> FloatVector:
        """Return what trades of each strategy by its own decision."""
        decision = self.fields["decision"]
        if not isinstance(decision, Decision):
            return np.zeros(len(self.strategies))
        others = {*self.assets, *SIDES}
        return np.array([
            _state_of(decision.units.get(name, Decision()), None, 0) if name not in others else 0.0
            for name in self.strategies
        ])  # fmt: skip


def _state_of(decision: Decision, column: int | None, count: int) -> float:
    """Return the state of a decision, of one column where it differs by column."""

    def of(flags: Any) -> Any:
        if getattr(flags, "shape", ()) == ():
            return flags
        return flags[column] if column is not None and len(flags) == count else flags.any()

    if of(decision.frozen):
        return FROZEN
    if of(decision.reduce_only):
        return STATES[TradingState.HALTED]
    multiplier = decision.multiplier
    if getattr(multiplier, "shape", ()) != ():
        one: Any = multiplier
        multiplier = one[column] if column is not None and len(one) == count else one.min()
    return STATES[TradingState.REDUCING if multiplier < 1.0 else TradingState.ACTIVE]


class Sums:
    """Sums over positions: coefficients of long and short positions, and the cell that each asset adds to."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.longs: list[FloatVector] = []
        self.shorts: list[FloatVector] = []
        self.cells: list[npt.NDArray[np.longlong]] = []
        self.count = 0
        self._places: dict[Total, int] = {}

    def row(self, total: Total | None) -> int:
        """Return the number of a sum, -1 for none."""
        if total is None:
            return -1
        if total not in self._places:
            self._places[total] = len(self.longs)
            self._add(total)
        return self._places[total]

    def _add(self, total: Total) -> None:
        cells = np.full(len(self.tables.assets), self.count, dtype=np.longlong)
        if total.kind == "group":
            groups = self.tables.groups(total.key)
            names = list(dict.fromkeys(group for group in groups if group))
            places = {name: self.count + place for place, name in enumerate(names)}
            cells = np.array([places.get(group, -1) for group in groups], dtype=np.longlong)
            self.count += len(names) - 1
        self.count += 1
        longs, shorts = self._coefficients(total)
        self.longs.append(longs)
        self.shorts.append(shorts)
        self.cells.append(cells)

    def _coefficients(self, total: Total) -> tuple[FloatVector, FloatVector]:
        """Return what a unit of value adds to a sum, of a long and of a short position."""
        assets, fields = self.tables.assets, self.tables.fields
        if total.kind == "beta":
            return fields["betas"], fields["betas"]
        if total.kind == "factor":
            exposure = fields["factors"].get(total.key, np.full(len(assets), NAN))
            return exposure, exposure
        if total.kind == "shock":
            loss = -np.array([threshold_for(total.key, asset) for asset in assets])
            return loss, loss
        if total.kind == "margin":
            rate = np.array([threshold_for(total.key, asset) for asset in assets])
            return 1.0 - rate, 1.0 + rate
        ones = np.ones(len(assets))
        return ones, ones if total.kind == "net" else -ones

    def refill(self) -> None:
        """Replace the coefficients that are read from the book."""
        for total, place in self._places.items():
            if total.kind in ("beta", "factor"):
                self.longs[place][:], self.shorts[place][:] = self._coefficients(total)

    def arrays(self) -> tuple[FloatMatrix, FloatMatrix, npt.NDArray[np.longlong]]:
        """Return coefficients of long and of short positions, and cells, each of shape (sums, assets)."""
        shape = (len(self.longs), len(self.tables.assets))
        longs, shorts = (np.array(each, dtype=np.float64).reshape(shape) for each in (self.longs, self.shorts))
        self.longs, self.shorts = list(longs), list(shorts)
        return longs, shorts, np.array(self.cells, dtype=np.longlong).reshape(shape)


def outside_session(session: Any, times: npt.NDArray[np.int64]) -> FloatVector:
    """Return for each time 0 if it is within the session, 1 if not, nan if it is not known."""
    zone = ZoneInfo(session.time_zone)
    found = np.full(len(times), NAN)
    known = times != NO_TIME
    # The clock of the zone changes at whole quarters of an hour only: one look-up for each of them.
    quarters, place = np.unique(times[known] // 900_000_000_000, return_inverse=True)
    local = [datetime.fromtimestamp(int(quarter) * 900, UTC).astimezone(zone) for quarter in quarters]
    begun = np.array([_seconds(each) for each in local])
    within = begun[place] + (times[known] % 900_000_000_000) / 1e9
    opens, closes = _seconds(session.opens), _seconds(session.closes)
    weekday = np.array([each.weekday() for each in local], dtype=np.int64)[place] if len(local) else place
    today = np.array([each.date() in session.holidays for each in local], dtype=bool)
    before = np.array([each.date() - timedelta(1) in session.holidays for each in local], dtype=bool)
    days = np.array(session.weekdays)
    on, after = np.isin(weekday, days), np.isin((weekday - 1) % 7, days)
    if len(local):
        on, after = on & ~today[place], after & ~before[place]
    if opens < closes:
        inside = on & (within >= opens) & (within <= closes)
    else:
        inside = (on & (within >= opens)) | (after & (within <= closes))
    found[known] = ~inside
    return found


def _seconds(clock: Any) -> float:
    seconds: float = clock.hour * 3600.0 + clock.minute * 60.0 + clock.second + clock.microsecond / 1e6
    return seconds


def flagged(
    rule: Rule, tables: Tables, times: npt.NDArray[np.int64], strategy: npt.NDArray[np.longlong]
) -> FloatVector:
    """Return the numbers by order of a rule that has them."""
    if rule.table is not None and rule.table.source == "session":
        return outside_session(rule.table.key, times)
    return np.asarray(tables.strategy_states()[strategy])
