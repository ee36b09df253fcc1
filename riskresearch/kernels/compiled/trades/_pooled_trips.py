"""Closings of positions at average cost: each takes its share of what the pool went through since it was empty."""

import cython


@cython.ccall
@cython.locals(
    pool=cython.Py_ssize_t, leg=cython.Py_ssize_t, end=cython.Py_ssize_t, bar=cython.Py_ssize_t, part=cython.Py_ssize_t,
    asset=cython.Py_ssize_t, held=cython.double, spent=cython.double, gain=cython.double, low=cython.double,
    high=cython.double, worst=cython.double, best=cython.double,
    share=cython.double, missing=cython.Py_ssize_t, traded=cython.bint,
)  # fmt: skip
def pooled_trips(
    first: cython.const[cython.Py_ssize_t][::1],
    column: cython.const[cython.Py_ssize_t][::1],
    leg_bar: cython.const[cython.Py_ssize_t][::1],
    leg_part: cython.const[cython.Py_ssize_t][::1],
    leg_units: cython.const[cython.double][::1],
    leg_price: cython.const[cython.double][::1],
    close: cython.const[cython.double][:, :],
    lowest: cython.const[cython.double][:, :],
    highest: cython.const[cython.double][:, :],
    adverse: cython.double[::1],
    favourable: cython.double[::1],
    unpriced: cython.Py_ssize_t[::1],
) -> None:
    """Write the largest loss and gain of each closing, and the bars without a price.

    The units of a pool are alike, so a closing of a share of them has this share of each gain that the pool showed
    before, as far as earlier closings left it. One pass over the bars of each pool, as for `excursions`.

    Parameters
    ----------
    first : array, shape (pools + 1,)
        Where the legs of each pool begin; they are in order of time.
    column : array, shape (pools,)
        Column of prices.
    leg_bar, leg_part, leg_units, leg_price : array, shape (legs,)
        Bar, number of the closing or -1 of what opens, signed units (those closed have the sign of the pool), price.
    close, lowest, highest : array, shape (bars, columns)
        Marks at the end of a bar, and its range, which counts on bars without a leg.
    adverse, favourable, unpriced : array, shape (closings,)
        Answers, all at least zero.
    """
    for pool in range(column.shape[0]):
        leg, end, asset = first[pool], first[pool + 1], column[pool]
        if leg == end:
            continue
        bar = leg_bar[leg]
        held, spent, worst, best = 0.0, 0.0, 0.0, 0.0
        missing = 0
        while leg < end:
            traded = False
            while leg < end and leg_bar[leg] <= bar:
                part = leg_part[leg]
                if part < 0:
                    held += leg_units[leg]
                    spent += leg_units[leg] * leg_price[leg]
                gain = held * leg_price[leg] - spent
                worst, best = min(worst, gain), max(best, gain)
                if part >= 0:
                    share = min(leg_units[leg] / held, 1.0)
                    adverse[part], favourable[part], unpriced[part] = 0.0 - share * worst, share * best, missing
                    worst, best, spent = worst * (1.0 - share), best * (1.0 - share), spent * (1.0 - share)
                    held -= leg_units[leg]
                leg += 1
                traded = True
            if leg < end:
                if close[bar, asset] == close[bar, asset]:
                    gain = held * close[bar, asset] - spent
                    worst, best = min(worst, gain), max(best, gain)
                else:
                    missing += 1
                if not traded:
                    low, high = held * lowest[bar, asset] - spent, held * highest[bar, asset] - spent
                    if low == low and high == high:
                        worst, best = min(worst, low, high), max(best, low, high)
            bar += 1
