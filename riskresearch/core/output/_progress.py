"""Progress bars on terminals and in notebooks; elsewhere the command line says each stage in a line."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from importlib import import_module
from importlib.util import find_spec
from typing import TypeVar, cast

from riskresearch.core._options import options

Item = TypeVar("Item")
Say = Callable[[str], None]

_listener: ContextVar[Say | None] = ContextVar("riskresearch_listener_to_stages", default=None)


@contextmanager
def stages_said(say: Say) -> Iterator[None]:
    """Pass each stage that begins to `say` in words, where no bar is shown."""
    token = _listener.set(say)
    try:
        yield
    finally:
        _listener.reset(token)


def progress_bar(
    iterable: Iterable[Item],
    *,
    description: str,
    total: int | None = None,
    stage: Callable[[Item], str] | None = None,
) -> Iterable[Item]:
    """Show a progress bar while `iterable` is consumed, if `options.progress` allows it.

    With "auto" the bar is shown on a terminal and in Jupyter with ipywidgets; elsewhere tqdm is not even imported.

    Parameters
    ----------
    iterable : iterable
        Items to iterate over.
    description : str
        Text before the bar.
    total : int, optional
        Number of items, if `iterable` has no length.
    stage : callable, optional
        The name of the stage that an item begins, for the lines of the command line.

    Returns
    -------
    iterable
        The same items; `iterable` itself if no bar is shown and no stage is said.

    Examples
    --------
    >>> import riskresearch
    >>> from riskresearch.core import progress_bar
    >>> with riskresearch.options.context(progress=False):
    ...     [number**2 for number in progress_bar([1, 2, 3], description="squares")]
    [1, 4, 9]
    """
    widgets = _in_jupyter_kernel() and find_spec("ipywidgets") is not None
    wanted = options.progress
    if wanted == "auto":
        wanted = widgets or _on_terminal()
    if not wanted:
        say = _listener.get()
        return iterable if say is None or stage is None else _said(iterable, description, total, stage, say)
    # tqdm.auto would import asyncio on a terminal and warn in a kernel without ipywidgets.
    bar = import_module("tqdm.auto" if widgets else "tqdm.std").tqdm
    return cast(Iterable[Item], bar(iterable, desc=description, total=total))


def _said(
    iterable: Iterable[Item], description: str, total: int | None, stage: Callable[[Item], str], say: Say
) -> Iterator[Item]:
    of_all = "" if total is None else f" of {total:,}"
    for number, item in enumerate(iterable, start=1):
        say(f"{description}: {stage(item)} ({number:,}{of_all})")
        yield item


def _on_terminal() -> bool:
    return sys.stderr is not None and sys.stderr.isatty()


def _in_jupyter_kernel() -> bool:
    get_ipython = getattr(sys.modules.get("IPython"), "get_ipython", None)
    return get_ipython is not None and getattr(get_ipython(), "kernel", None) is not None
