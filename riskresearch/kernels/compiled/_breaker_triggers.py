"""The triggers of breakers on anything but the account: each makes a number of one or two numbers of a bar.

The number of a trigger depends on the bars so far and not on what a breaker does, so its history is computed once for
all limits. Sums and deviations are computed from the whole window on each bar, in the order of time: no drift.
A bar with a missing number gives nan and leaves the memory as it is, except in `STALE`, which counts such bars.
"""

from array import array

import cython
from cython.cimports.libc.math import sqrt

if cython.compiled:
    from cython.cimports.riskresearch.kernels.inlined import _breaker_rules as rules
    from cython.cimports.riskresearch.kernels.inlined._formulas import drawdown, is_over_one, is_rounding
else:
    from riskresearch.kernels.inlined import _breaker_rules as rules
    from riskresearch.kernels.inlined._formulas import drawdown, is_over_one, is_rounding

LEVEL = cython.declare(cython.int, 0)
DISTANCE = cython.declare(cython.int, 1)
VOLATILITY = cython.declare(cython.int, 2)
VOLATILITY_RATIO = cython.declare(cython.int, 3)
BREACHES = cython.declare(cython.int, 4)
STREAK = cython.declare(cython.int, 5)
RATE = cython.declare(cython.int, 6)
STALE = cython.declare(cython.int, 7)
BAND = cython.declare(cython.int, 8)
JUMP = cython.declare(cython.int, 9)
FALL = cython.declare(cython.int, 10)
SUM = cython.declare(cython.int, 12)
EITHER_WAY = cython.declare(cython.int, 11)


@cython.ccall
@cython.exceptval(check=False)
def distance(x: cython.double, reference: cython.double, side: cython.double) -> cython.double:
    """Return how far `x` is from the reference, as a fraction of it: up for side 1, down for -1, either way for 0."""
    value: cython.double = (x - reference) / reference if reference != 0.0 else float("nan")
    if side == 0.0:
        return value if value >= 0.0 else -value
    return value * side


@cython.cclass
class Trigger:
    """One trigger's memory.

    Parameters
    ----------
    kind, window, short : int
        Which trigger; rows that it remembers; rows of the short window of a ratio.
    scale : float
        Factor of a deviation, side of a distance, smallest loss of a streak, smallest divisor of a rate, whether a
        price that stands still is stale.
    ring : writable buffer of 2 * window doubles
    """

    cython.declare(kind=cython.int, window=cython.Py_ssize_t, short=cython.Py_ssize_t, scale=cython.double)
    cython.declare(ring=cython.double[::1])
    memory = cython.declare(object, visibility="public")
    filled = cython.declare(cython.Py_ssize_t, visibility="public")
    last = cython.declare(cython.double, visibility="public")
    count = cython.declare(cython.double, visibility="public")

    def __init__(self, kind, window, short, scale, ring) -> None:  # type: ignore[no-untyped-def]
        self.kind, self.window, self.short, self.scale = kind, window, short, scale
        self.memory = self.ring = ring
        self.filled, self.last, self.count = 0, float("nan"), 0.0

    @cython.cfunc
    @cython.exceptval(check=False)
    def _sum(self, rows: cython.Py_ssize_t, which: cython.Py_ssize_t) -> cython.double:
        """Return the sum of the last `rows` rows, or of those there are, the oldest first."""
        i: cython.Py_ssize_t
        total: cython.double = 0.0
        rows = rows if rows < self.filled else self.filled
        for i in range(self.filled - rows, self.filled):
            total += self.ring[2 * (i % self.window) + which]
        return total

    @cython.cfunc
    @cython.exceptval(check=False)
    def _deviation(self, rows: cython.Py_ssize_t) -> cython.double:
        """Return the sample deviation of the last `rows` rows, 0 if they differ by rounding; nan while fewer."""
        i: cython.Py_ssize_t
        mean: cython.double
        off: cython.double
        total: cython.double = 0.0
        if self.filled < rows:
            return float("nan")
        mean = self._sum(rows, 0) / rows
        for i in range(self.filled - rows, self.filled):
            off = self.ring[2 * (i % self.window)] - mean
            total += off * off
        if total <= 4e-27 * rows * (1.0 + mean * mean) and self._is_flat(rows):
            return 0.0
        return sqrt(total / (rows - 1))

    @cython.cfunc
    @cython.exceptval(check=False)
    def _is_flat(self, rows: cython.Py_ssize_t) -> cython.bint:
        """Return whether the last rows differ by rounding alone."""
        i: cython.Py_ssize_t
        value: cython.double = self.ring[2 * ((self.filled - 1) % self.window)]
        low: cython.double = value
        high: cython.double = value
        over_one: cython.bint = True
        for i in range(self.filled - rows, self.filled):
            value = self.ring[2 * (i % self.window)]
            low = value if value < low else low
            high = value if value > high else high
            over_one = over_one and is_over_one(value)
        return is_rounding(high - low, high if high > -low else -low, over_one)

    @cython.cfunc
    @cython.exceptval(check=False)
    def _fall(self) -> cython.double:
        """Return the drawdown at the end of the window, the start of its first row included, of compounded returns."""
        i: cython.Py_ssize_t
        wealth: cython.double = 1.0
        peak: cython.double = 1.0
        for i in range(self.filled - self.window if self.filled > self.window else 0, self.filled):
            wealth = wealth * (1.0 + self.ring[2 * (i % self.window)])
            peak = wealth if wealth > peak else peak
            if peak > 1e150:  # a drawdown does not depend on the unit, and a double ends somewhere
                wealth = wealth / peak
                peak = 1.0
        return drawdown(peak, wealth)

    @cython.cfunc
    @cython.exceptval(check=False)
    def _keep(self, x: cython.double, y: cython.double) -> cython.void:
        self.ring[2 * (self.filled % self.window)] = x
        self.ring[2 * (self.filled % self.window) + 1] = y
        self.filled += 1

    @cython.ccall
    @cython.exceptval(check=False)
    def step(self, x: cython.double, y: cython.double) -> cython.double:
        """Return the trigger's number after a bar; a trigger of one number is given it twice."""
        value: cython.double
        if self.kind == STALE:
            fresh: cython.bint = x == x and not (self.scale != 0.0 and x == self.last)
            self.count = 0.0 if fresh else self.count + 1.0
            self.last = x if x == x else self.last
            return self.count
        if x != x or y != y:
            return float("nan")
        if self.kind == LEVEL:
            return x
        if self.kind == EITHER_WAY:
            return x if x >= 0.0 else -x
        if self.kind == DISTANCE:
            return distance(x, y, self.scale)
        if self.kind == JUMP:
            value = distance(x, self.last, self.scale)
            self.last = y
            return value
        if self.kind == STREAK:
            self.count = self.count + 1.0 if x < -self.scale else 0.0
            return self.count
        if self.kind == BAND:
            value = distance(x, self._sum(self.window, 0) / self.window, self.scale)
            value = value if self.filled >= self.window else float("nan")
            self._keep(x, y)
            return value
        self._keep(x if self.kind != BREACHES else cython.cast(cython.double, -x > y), y)
        return self._of_window()

    @cython.cfunc
    @cython.exceptval(check=False)
    def _of_window(self) -> cython.double:
        if self.kind == VOLATILITY:
            return self._deviation(self.window) * self.scale
        if self.kind == VOLATILITY_RATIO:
            long: cython.double = self._deviation(self.window)
            return self._deviation(self.short) / long if long > 0.0 else long + float("nan")
        if self.kind == FALL:
            return self._fall()
        if self.kind == BREACHES:
            return self._sum(self.window, 0)
        if self.kind == SUM:
            return self._sum(self.window, 0)
        orders: cython.double = self._sum(self.window, 1)
        return self._sum(self.window, 0) / (orders if orders > self.scale else self.scale)

    def run(  # type: ignore[no-untyped-def]
        self, xs: cython.const[cython.double][:], ys: cython.const[cython.double][:], numbers: cython.double[:]
    ):
        """Fill `numbers` with what `step` returns for each bar."""
        row: cython.Py_ssize_t
        for row in range(numbers.shape[0]):
            numbers[row] = self.step(xs[row], ys[row])


@cython.cclass
class CrossTrigger:
    """The memory of a trigger over the returns of several assets: their dispersion, or their average correlation.

    Dispersion is the sample deviation of one bar's returns. The average correlation of a window is that of all pairs,
    each with the product of its deviations as weight: (Var(sum) - sum of Var) / ((sum of deviations)^2 - sum of Var).

    Parameters
    ----------
    columns, window : int
        Assets; rows that it remembers, 0 for dispersion.
    ring : writable buffer of max(window, 1) * columns doubles
    """

    cython.declare(columns=cython.Py_ssize_t, window=cython.Py_ssize_t, ring=cython.double[::1])
    memory = cython.declare(object, visibility="public")
    filled = cython.declare(cython.Py_ssize_t, visibility="public")

    def __init__(self, columns, window, ring) -> None:  # type: ignore[no-untyped-def]
        self.columns, self.window, self.filled = columns, window, 0
        self.memory = self.ring = ring

    @cython.cfunc
    @cython.exceptval(check=False)
    def _variance(self, first: cython.Py_ssize_t, step: cython.Py_ssize_t, count: cython.Py_ssize_t) -> cython.double:
        """Return the sample variance of every `step`-th number of the memory."""
        i: cython.Py_ssize_t
        mean: cython.double = 0.0
        total: cython.double = 0.0
        for i in range(count):
            mean += self.ring[first + i * step]
        mean = mean / count
        for i in range(count):
            total += (self.ring[first + i * step] - mean) * (self.ring[first + i * step] - mean)
        return total / (count - 1)

    @cython.cfunc
    @cython.exceptval(check=False)
    def _correlation(self) -> cython.double:
        i: cython.Py_ssize_t
        column: cython.Py_ssize_t
        own: cython.double = 0.0
        deviations: cython.double = 0.0
        whole: cython.double = 0.0
        mean: cython.double = 0.0
        total: cython.double
        for column in range(self.columns):
            total = self._variance(column, self.columns, self.window)
            own += total
            deviations += sqrt(total)
        for i in range(self.window * self.columns):
            mean += self.ring[i]
        mean = mean / self.window
        for i in range(self.window):
            total = -mean
            for column in range(self.columns):
                total += self.ring[i * self.columns + column]
            whole += total * total
        whole = whole / (self.window - 1)
        return (whole - own) / (deviations * deviations - own) if deviations > 0.0 else float("nan")

    @cython.ccall
    def step(self, row) -> float:  # type: ignore[no-untyped-def]
        """Return the trigger's number after a bar of these returns; nan if one is missing."""
        column: cython.Py_ssize_t
        value: cython.double
        place: cython.Py_ssize_t = self.columns * (self.filled % self.window if self.window > 0 else 0)
        for column in range(self.columns):
            value = row[column]
            if value != value:
                return value
        for column in range(self.columns):
            self.ring[place + column] = row[column]
        self.filled += 1
        if self.window == 0:
            return sqrt(self._variance(0, 1, self.columns))
        return self._correlation() if self.filled >= self.window else float("nan")


@cython.cclass
class TradeWindow:
    """The closed trades of a moving window; summed again in the order of time when one came or went: no drift.

    Parameters
    ----------
    measure : int
        See `LOSING_TRADES` and the three after it.
    window : float
        On the clock of the bars: trades that closed later than this before now count.
    min_loss : float
        A loss is more than this.
    fewest : int
        With fewer trades in the window nothing trips.
    """

    cython.declare(measure=cython.int, window=cython.double, min_loss=cython.double, fewest=cython.Py_ssize_t)
    cython.declare(ring=cython.double[::1], room=object, capacity=cython.Py_ssize_t, number=cython.double)
    cython.declare(first=cython.Py_ssize_t, last=cython.Py_ssize_t, summed=cython.bint)
    fresh = cython.declare(cython.bint, visibility="public")

    def __init__(self, measure, window, min_loss, fewest) -> None:  # type: ignore[no-untyped-def]
        self.measure, self.window, self.min_loss, self.fewest = measure, window, min_loss, fewest
        self.restore(array("d"), False)

    def restore(self, kept, fresh) -> None:  # type: ignore[no-untyped-def]
        """Continue with the trades that `kept` returned."""
        self._make_room(kept)
        self.number, self.summed, self.fresh = 0.0, False, fresh

    @cython.cfunc
    def _make_room(self, kept) -> None:  # type: ignore[no-untyped-def]
        """Move trades to a memory with room for as many again."""
        self.capacity, self.first, self.last = max(8, len(kept)), 0, len(kept) // 2
        self.room = array("d", bytes(16 * self.capacity))
        self.room[: len(kept)] = array("d", kept)
        self.ring = self.room

    def kept(self):  # type: ignore[no-untyped-def]
        """Return moment and profit of each trade of the window, one after the other; nan is not known yet."""
        return self.room[2 * self.first : 2 * self.last]

    @cython.ccall
    def add(self, now: cython.double, profit: cython.double) -> cython.void:
        """Add a trade that closed now; nan: on the next bar with a time."""
        if self.last == self.capacity:
            self._make_room(self.kept())  # type: ignore[no-untyped-call]
        self.ring[2 * self.last] = now
        self.ring[2 * self.last + 1] = profit
        self.last += 1
        self.summed = False
        if self.measure >= rules.NET_LOSS or profit < -self.min_loss:
            self.fresh = True

    @cython.cfunc
    @cython.exceptval(check=False)
    def _sum(self) -> cython.void:
        i: cython.Py_ssize_t
        profit: cython.double
        total: cython.double = 0.0
        for i in range(self.first, self.last):
            profit = self.ring[2 * i + 1]
            if self.measure == rules.ALL_TRADES:
                total += 1.0
            elif self.measure == rules.NET_LOSS:
                total -= profit
            elif profit < -self.min_loss:
                total += 1.0 if self.measure == rules.LOSING_TRADES else -profit
        self.number, self.summed = total, True

    @cython.cfunc
    @cython.exceptval(check=False)
    def _after(self, now: cython.double) -> cython.double:
        """Return the number of the window that ends now."""
        i: cython.Py_ssize_t
        if now != now:
            return now
        for i in range(self.last - 1, self.first - 1, -1):
            if self.ring[2 * i] == self.ring[2 * i]:
                break
            self.ring[2 * i] = now
        while self.first < self.last and now - self.ring[2 * self.first] >= self.window:
            self.first += 1
            self.summed = False
        if not self.summed:
            self._sum()
        return self.number

    @cython.cfunc
    @cython.exceptval(check=False)
    def _opening(self, number: cython.double) -> cython.double:
        """Return what this number may do: see `BLOCKED`, `OLD` and `NEW`; nan if it is not known."""
        fresh: cython.bint = self.fresh
        if number != number:
            return number
        self.fresh = False
        if self.last - self.first < self.fewest:
            return rules.BLOCKED
        return rules.NEW if fresh else rules.OLD

    def step(self, now, profits):  # type: ignore[no-untyped-def]
        """Return number and opening after a bar on which trades of these profits closed."""
        for profit in profits:
            self.add(now, profit)
        number = self._after(now)
        return number, self._opening(number)

    def run(  # type: ignore[no-untyped-def]
        self, clocks: cython.const[cython.double][:], ends: cython.const[cython.longlong][:],
        profits: cython.const[cython.double][:], numbers: cython.double[:], openings: cython.double[:]
    ):  # fmt: skip
        """Fill `numbers` and `openings` with what `step` returns after each row; `ends`: trades up to each row."""
        row: cython.Py_ssize_t
        i: cython.Py_ssize_t
        done: cython.Py_ssize_t = 0
        for row in range(numbers.shape[0]):
            for i in range(done, ends[row]):
                self.add(clocks[row], profits[i])
            done = ends[row]
            numbers[row] = self._after(clocks[row])
            openings[row] = self._opening(numbers[row])
