"""How far trades went against their holder and with him: one pass over the bars of each."""

import cython


@cython.ccall
@cython.locals(
    trip=cython.Py_ssize_t, leg=cython.Py_ssize_t, end=cython.Py_ssize_t, bar=cython.Py_ssize_t, last=cython.Py_ssize_t,
    asset=cython.Py_ssize_t, held=cython.double, spent=cython.double, low=cython.double, high=cython.double,
    worst=cython.double, best=cython.double, missing=cython.Py_ssize_t, traded=cython.bint,
)  # fmt: skip
def excursions(
    first: cython.const[cython.Py_ssize_t][::1],
    column: cython.const[cython.Py_ssize_t][::1],
    until: cython.const[cython.Py_ssize_t][::1],
    leg_bar: cython.const[cython.Py_ssize_t][::1],
    leg_units: cython.const[cython.double][::1],
    leg_money: cython.const[cython.double][::1],
    leg_price: cython.const[cython.double][::1],
    close: cython.const[cython.double][:, :],
    lowest: cython.const[cython.double][:, :],
    highest: cython.const[cython.double][:, :],
    adverse: cython.double[::1],
    favourable: cython.double[::1],
    unpriced: cython.Py_ssize_t[::1],
) -> None:
    """Write the largest loss and gain of each trip from its entry to its exit, and the bars without a price.

    Parameters
    ----------
    first : array, shape (trips + 1,)
        Where the legs of each trip begin; they are in order of time.
    column, until : array, shape (trips,)
        Column of prices; the last bar of a trip that is open, -1 of one that is closed.
    leg_bar, leg_units, leg_money, leg_price : array, shape (legs,)
        Bar, signed units, what they cost, and the price: marks of the trip besides those of the bars.
    close, lowest, highest : array, shape (bars, columns)
        Marks at the end of a bar, and its range, which counts on bars without a leg: what came before an entry or after
        an exit on its own bar is no part of the trip.
    adverse, favourable, unpriced : array, shape (trips,)
        Answers, all at least zero.
    """
    for trip in range(column.shape[0]):
        leg, end, asset, last = first[trip], first[trip + 1], column[trip], until[trip]
        bar = leg_bar[leg]
        held, spent, worst, best = 0.0, 0.0, 0.0, 0.0
        missing = 0
        while leg < end or bar <= last:
            traded = False
            while leg < end and leg_bar[leg] <= bar:
                held += leg_units[leg]
                spent += leg_money[leg]
                low = held * leg_price[leg] - spent
                worst, best = min(worst, low), max(best, low)
                leg += 1
                traded = True
            if leg < end or bar <= last:
                if close[bar, asset] == close[bar, asset]:
                    low = held * close[bar, asset] - spent
                    worst, best = min(worst, low), max(best, low)
                else:
                    missing += 1
                if not traded:
                    low, high = held * lowest[bar, asset] - spent, held * highest[bar, asset] - spent
                    if low == low and high == high:
                        worst, best = min(worst, low, high), max(best, low, high)
            bar += 1
        adverse[trip], favourable[trip], unpriced[trip] = 0.0 - worst, best, missing
