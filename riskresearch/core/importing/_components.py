"""The components (subpackages) and public names of the package, read from its stub at run time."""

import sys
from difflib import get_close_matches
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import cast

from riskresearch.core._errors import InvalidInputError
from riskresearch.core.importing._record import ROOT


def public_names() -> list[str]:
    """Return the names of the top level, components included."""
    return list(import_module(ROOT).__all__)


def is_component(name: str) -> bool:
    """Return whether `name` is a subpackage, without importing it."""
    spec = find_spec(f"{ROOT}.{name}")
    return spec is not None and spec.submodule_search_locations is not None


def components() -> list[str]:
    """Return the subpackages that the top level names."""
    return [name for name in public_names() if is_component(name)]


def split(name: str) -> tuple[str, str]:
    """Return the component and the public name in it: "riskresearch.metrics.summary" is ("metrics", "summary").

    A component alone has the name "", a name of the top level the component "".
    """
    if not isinstance(name, str):
        raise InvalidInputError(f"name must be a string such as 'metrics', got {name!r}.")
    head, _, tail = name.removeprefix(f"{ROOT}.").partition(".")
    if head not in public_names():
        raise unknown(name, head, public_names())
    if not is_component(head):
        if tail:
            raise unknown(name, name, public_names())
        return "", head
    if tail and tail not in names_of(component_package(head)):
        raise unknown(name, tail, names_of(component_package(head)))
    return head, tail


def component_package(component: str) -> ModuleType:
    """Return the package of a component, loaded the way a user would, so that the import report has it."""
    return cast(ModuleType, getattr(import_module(ROOT), component))


def names_of(package: ModuleType) -> list[str]:
    """Return the public names of a loaded `package`."""
    return list(getattr(package, "__all__", []))


def unknown(
    name: object, word: str, known: list[str], rule: str = f"a component or a public name of {ROOT}"
) -> InvalidInputError:
    """Return the error that states the rule and lists `known` and the one of them closest to `word`."""
    close = get_close_matches(word, known, n=1)
    hint = f" Did you mean {close[0]!r}?" if close else ""
    return InvalidInputError(f"name must be {rule}, got {name!r}.{hint} Known: {', '.join(known)}.")


def loaded_modules() -> dict[str, ModuleType]:
    """Return the modules of the package that this process has loaded."""
    return {name: module for name, module in list(sys.modules.items()) if name == ROOT or name.startswith(f"{ROOT}.")}
