"""Split a panel over threads by columns; each column's result is the same whatever the split."""

from collections.abc import Callable
from itertools import pairwise

from riskresearch.core._options import options

MIN_ELEMENTS_PER_THREAD = 4_000_000


def over_columns(task: Callable[[int, int], object], shape: tuple[int, int]) -> None:
    """Call `task(first, last)` on ranges that cover the columns of `shape`, in parallel where that pays."""
    rows, columns = shape
    pieces = min(columns, 1 + rows * columns // MIN_ELEMENTS_PER_THREAD)
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
