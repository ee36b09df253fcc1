"""Forget a component: its modules, the names cached for it, and our components that hold on to it."""

import gc
import sys
from types import ModuleType

from riskresearch.core._errors import InvalidInputError
from riskresearch.core.importing._components import components, loaded_modules, public_names, unknown
from riskresearch.core.importing._record import ROOT, forget

_KEPT = {
    "core": "options and the exception classes live in it, so every other component holds on to it",
    "kernels": "a process cannot load a compiled module twice",
}


def unload(name: str) -> tuple[str, ...]:
    """Forget a component and its caches, so that its next use imports it afresh.

    Components that hold a module, class, function or instance of it are forgotten with it. Objects that you hold
    yourself stay alive, with the memory they need, and are no longer instances of the classes imported afresh.
    Third-party modules are never touched.

    Parameters
    ----------
    name : str
        A component: "metrics" or "riskresearch.metrics". Not "core" nor "kernels".

    Returns
    -------
    tuple of str
        The components forgotten, `name` first; empty if it was not loaded.

    Raises
    ------
    InvalidInputError
        If `name` is not a component, or one that has to stay.

    See Also
    --------
    import_report : What the components cost to import.

    Examples
    --------
    >>> import riskresearch
    >>> riskresearch.preload("metrics")
    >>> riskresearch.unload("metrics")[0]
    'metrics'
    """
    component = _check_component(name)
    loaded = {name: module for name, module in loaded_modules().items() if component_of(name) not in ("", *_KEPT)}
    dropped = _with_holders(component, loaded)
    _drop({module for module in loaded if component_of(module) in dropped}, {*public_names(), *dropped})
    loaded.clear()
    gc.collect()
    return tuple(dropped)


def component_of(module: str) -> str:
    """Return the component that the absolute name of a `module` belongs to; "" for the top level and for others."""
    root, _, inside = module.partition(".")
    return inside.partition(".")[0] if root == ROOT else ""


def _drop(modules: set[str], top_level_names: set[str]) -> None:
    for module in modules:
        sys.modules.pop(module, None)
    top = vars(sys.modules[ROOT])
    # Every cached name goes, for it is looked up again in no time; that of a kept component is the same object then.
    for name in top_level_names:
        top.pop(name, None)
    forget(modules)


def _check_component(name: object) -> str:
    component = name.removeprefix(f"{ROOT}.") if isinstance(name, str) else ""
    if component in _KEPT:
        raise InvalidInputError(f"name must be a component that can be unloaded, got {name!r}: {_KEPT[component]}.")
    if component not in components():
        known = [known for known in components() if known not in _KEPT]
        raise unknown(name, component, known, "a component that can be unloaded")
    return component


def _with_holders(component: str, loaded: dict[str, ModuleType]) -> list[str]:
    holds = {module: _held_components(found) for module, found in loaded.items()}
    dropped = [component] if any(component_of(module) == component for module in loaded) else []
    for gone in dropped:
        for module, held in holds.items():
            if gone in held and component_of(module) not in dropped:
                dropped.append(component_of(module))
    return dropped


def _held_components(module: ModuleType) -> set[str]:
    held = set()
    for value in list(vars(module).values()):
        if isinstance(value, ModuleType):
            held.add(component_of(value.__name__))
        else:
            for owner in (value, type(value)):
                origin = getattr(owner, "__module__", None)
                held.add(component_of(origin) if isinstance(origin, str) else "")
    return held
