# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""One step of the limit-up limit-down state machine: from one best bid and offer to the next."""

import cython

NORMAL, STRADDLE, LIMIT, PAUSED = 0, 1, 2, 3


@cython.ccall
@cython.exceptval(check=False)
def limit_step(
    state: cython.int,
    since: cython.double,
    now: cython.double,
    bid: cython.double,
    offer: cython.double,
    lower: cython.double,
    upper: cython.double,
    limit_seconds: cython.double,
    pause_seconds: cython.double,
) -> cython.int:
    """Return the state at `now`, given that of before and `since` when it has lasted; times are in seconds.

    LIMIT where the best offer is at the lower band or the best bid at the upper one; after `limit_seconds` of it PAUSED
    for `pause_seconds`. STRADDLE where a bid is under the lower band or an offer over the upper one.
    """
    if state == 3 and now - since < pause_seconds:
        return 3
    if offer <= lower or bid >= upper:
        if state == 2 and now - since >= limit_seconds:
            return 3
        return 2
    if bid < lower or offer > upper:
        return 1
    return 0
