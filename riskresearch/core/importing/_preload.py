"""Load components before they are needed: at once, in a thread, or beside a running event loop."""

from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Literal, overload

from riskresearch.core.importing._components import component_package, components, names_of, split
from riskresearch.core.importing._lazy import load_every_name
from riskresearch.core.importing._record import ROOT

if TYPE_CHECKING:
    from concurrent.futures import Future


@overload
def preload(*names: str, background: Literal[False] = False) -> None: ...


@overload
def preload(*names: str, background: Literal[True]) -> "Future[None]": ...


def preload(*names: str, background: bool = False) -> "Future[None] | None":
    """Load components or public names before they are needed.

    What a function imports only when it runs, such as pandas for a result with dates, is not loaded.

    Parameters
    ----------
    *names : str
        Components ("metrics") or public names ("value_at_risk", "metrics.summary"); none is every component. Names
        that lack an optional dependency are skipped unless they are asked for one by one.
    background : bool, default False
        Load in a daemon thread and return at once.

    Returns
    -------
    concurrent.futures.Future or None
        With `background`, a future that is done when everything is loaded; its `result()` raises what went wrong.

    Raises
    ------
    InvalidInputError
        If a name is unknown.

    See Also
    --------
    preload_async : The same from a coroutine, without stalling its event loop.

    Examples
    --------
    >>> import riskresearch
    >>> riskresearch.preload("core")
    >>> riskresearch.preload("core", background=True).result()
    """
    wanted = targets(names)
    if not background:
        load(wanted)
        return None
    return _load_in_thread(wanted)


async def preload_async(*names: str) -> None:
    """Load components or public names before they are needed, while the event loop goes on.

    The imports run in a thread, one of `names` after the other. The loop still waits while a compiled module is
    initialized: about 0.1 s at worst, against seconds if a coroutine imports by itself.

    Parameters
    ----------
    *names : str
        As for `preload`.

    Raises
    ------
    InvalidInputError
        If a name is unknown.

    See Also
    --------
    preload : The same without an event loop.

    Examples
    --------
    >>> import asyncio
    >>> import riskresearch
    >>> asyncio.run(riskresearch.preload_async("core"))
    """
    import asyncio  # noqa: PLC0415 - whoever awaits has loaded it; nobody else should

    # Splitting further, module by module, was measured: the longest stall is the same.
    for target in targets(names):
        await asyncio.to_thread(load, [target])


def targets(names: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return the (component, name) pairs that `names` stand for."""
    return [split(name) for name in names or components()]


def load(wanted: list[tuple[str, str]]) -> None:
    """Load (component, name) pairs; a component without a name is loaded with every public name it has."""
    for component, name in wanted:
        package = component_package(component) if component else import_module(ROOT)
        if name:
            getattr(package, name)
        else:
            load_every_name(partial(getattr, package), names_of(package))


def _load_in_thread(wanted: list[tuple[str, str]]) -> "Future[None]":
    from concurrent.futures import Future  # noqa: PLC0415 - costs time that most sessions never need
    from threading import Thread  # noqa: PLC0415

    future: Future[None] = Future()
    future.set_running_or_notify_cancel()

    def work() -> None:
        try:
            load(wanted)
        except BaseException as error:
            future.set_exception(error)
        else:
            future.set_result(None)

    Thread(target=work, name=f"{ROOT}-preload", daemon=True).start()
    return future
