"""Many breakers over one history: sets of a single breaker each, run one after the other without any object."""

import cython

if cython.compiled:
    from cython.cimports.riskresearch.kernels.inlined import _breaker_rules as rules
    from cython.cimports.riskresearch.kernels.inlined._formulas import drawdown
else:
    from riskresearch.kernels.inlined import _breaker_rules as rules
    from riskresearch.kernels.inlined._formulas import drawdown


@cython.ccall
@cython.locals(row=cython.Py_ssize_t, number=cython.Py_ssize_t, slot=cython.Py_ssize_t, clock=cython.Py_ssize_t)
@cython.locals(opening=cython.Py_ssize_t)
@cython.locals(period=cython.Py_ssize_t, kind=cython.int, reentry=cython.int, inclusive=cython.int, missing=cython.int)
@cython.locals(trailing=cython.int, status=cython.int, change=cython.int, restart=cython.int, trips=cython.int)
@cython.locals(bars_halted=cython.int, on_shadow=cython.int, on_peak=cython.bint)  # doubles are inferred
def sweep(
    returns: cython.const[cython.double][::1], observed: cython.const[cython.double][:, ::1],
    clocks: cython.const[cython.double][:, ::1], whole: cython.const[cython.longlong][:, ::1],
    levels: cython.const[cython.double][:, ::1], cost: cython.double, totals: cython.double[:, ::1],
) -> None:  # fmt: skip
    """Run sets of one breaker each, a row of `whole` and `levels` for each, over `returns` and fill their totals.

    `whole`: kind, slot, reentry, inclusive, missing, clock, period, trailing, stage, slot of the opening (-1: none);
    `levels`: limit, rearm, cooldown, fraction, stale; totals: final equity, worst drawdown, sum and squares of net
    returns, moved, trips, bars halted.
    """
    for number in range(levels.shape[0]):
        kind, slot, reentry, inclusive = whole[number, 0], whole[number, 1], whole[number, 2], whole[number, 3]
        missing, clock, period, trailing = whole[number, 4], whole[number, 5], whole[number, 6], whole[number, 7]
        opening = whole[number, 9]
        limit, rearm, cooldown, stale = levels[number, 0], levels[number, 1], levels[number, 2], levels[number, 4]
        equity = top = low = peak = last = shadow = shadow_peak = before = held = 1.0
        worst = total = square = moved = since = 0.0
        status = trips = bars_halted = restart = row = 0
        on_peak = kind == rules.EQUITY and period < 0
        while row < returns.shape[0]:
            # Bars that can trip and re-arm nothing are passed over: out of the market, then far from the limit.
            if on_peak and status != rules.ARMED and reentry != rules.SHADOW and held == 0.0 == before:
                while row < returns.shape[0] and clocks[clock, row] - since < cooldown:
                    row += 1
                    bars_halted += 1
            elif on_peak and trailing != 0 and limit > 0.0 and status == rules.ARMED and before == 1.0:
                floor = 1.0 - limit + 1e-14 if limit < 1.0 else 0.0
                while row < returns.shape[0]:
                    value = equity * (1.0 + rules.net_return(1.0, 1.0, returns[row], cost))
                    if not value > floor * peak:
                        break
                    peak = value if value > peak else peak
                    equity, top, low, worst, total, square = rules.account_step(
                        1.0, 1.0, returns[row], cost, equity, top, low, worst, total, square
                    )
                    last = equity
                    row += 1
            if row == returns.shape[0]:
                break
            if equity <= 0.0:
                held = before = 0.0
            moved += held - before if held > before else before - held
            equity, top, low, worst, total, square = rules.account_step(
                held, before, returns[row], cost, equity, top, low, worst, total, square
            )
            bars_halted += held != 1.0
            if period >= 0 and row > 0:
                restart = clocks[period, row] != clocks[period, row - 1]
            on_shadow = status != rules.ARMED and reentry == rules.SHADOW
            value, peak, last, shadow, shadow_peak = rules.equity_step(
                on_shadow, trailing, restart, equity, returns[row], peak, last, shadow, shadow_peak
            )
            value = value if kind == rules.EQUITY else observed[slot, row]
            if status != rules.ARMED and rules.may_rearm(kind, value, stale, equity, on_shadow, shadow) == 0:
                value = float("nan")
            change = rules.NOTHING
            if status != rules.ARMED or opening < 0 or rules.opens(observed[opening, row], rules.NEW) != 0:
                status, since, change = rules.machine_step(
                    status, since, value, clocks[clock, row], limit, rearm, cooldown, reentry, inclusive, missing
                )
            if change != rules.NOTHING:
                trips += change & rules.TRIP
                peak, shadow, shadow_peak = rules.equity_after(change, reentry, peak, last, shadow, shadow_peak)
            before = held
            held = 1.0 if status == rules.ARMED else rules.next_exposure(held, whole[number, 8], levels[number, 3])
            row += 1
        low = drawdown(top, low)
        totals[number, 0], totals[number, 1] = equity, low if low > worst else worst
        totals[number, 2], totals[number, 3], totals[number, 4] = total, square, moved
        totals[number, 5], totals[number, 6] = trips, bars_halted
