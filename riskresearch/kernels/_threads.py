"""Split a panel over threads by columns; each column's result is the same whatever the split."""

from collections.abc import Callable
from itertools import pairwise

from riskresearch.core._options import options

# Elements that a thread should have at least: for a pass that memory limits, and for one that computes more.
LIGHT_ELEMENTS_PER_THREAD = 8_000_000
HEAVY_ELEMENTS_PER_THREAD = 1_000_000


def over_columns(task: Callable[[int, int], object], shape: tuple[int, int], *, heavy: bool = False) -> None:
    """Call `task(first, last)` on ranges that cover the columns of `shape`, in parallel where that pays."""
    rows, columns = shape
    per_thread = HEAVY_ELEMENTS_PER_THREAD if heavy else LIGHT_ELEMENTS_PER_THREAD
    pieces = min(columns, max(1, rows * columns // per_thread))
    if pieces > 1:
        pieces = min(pieces, options.threads)
    if pieces == 1:
        task(0, columns)
        return
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 (13 ms that small inputs need not pay)

    edges = [columns * piece // pieces for piece in range(pieces + 1)]
    with ThreadPoolExecutor(pieces) as pool:
        for future in [pool.submit(task, first, last) for first, last in pairwise(edges)]:
            future.result()
