"""Lazy loading by the names of a stub, with the cost of each first use recorded."""

# The record is first, so that it sees what the other imports cost.
from riskresearch.core.importing._record import ROOT, Recording, import_of_the_package

# isort: split
import os
import sys
from collections.abc import Callable
from contextlib import nullcontext
from types import ModuleType

from riskresearch.core._errors import InvalidInputError, OptionalDependencyError

IMPORT_MODE_VARIABLE = "RISKRESEARCH_IMPORT_MODE"


def check_import_mode(value: object, name: str = "import_mode") -> str:
    """Return `value` if it is an import mode."""
    if isinstance(value, str) and value in ("lazy", "eager"):
        return value
    raise InvalidInputError(f'{name} must be "lazy" or "eager", got {value!r}.')


def import_mode_of_environment() -> str:
    """Return "eager" if RISKRESEARCH_IMPORT_MODE or lazy_loader's EAGER_IMPORT asks for it, else "lazy"."""
    mode = check_import_mode(os.environ.get(IMPORT_MODE_VARIABLE) or "lazy", IMPORT_MODE_VARIABLE)
    return "eager" if os.environ.get("EAGER_IMPORT", "") not in ("", "0") else mode


def attach(package: str, file: str) -> tuple[Callable[[str], object], Callable[[], list[str]], list[str]]:
    """Make `package` load the names of its stub on first use; `file` is the package's `__file__`."""
    import lazy_loader  # noqa: PLC0415 - here, so that its cost is in the record of `import riskresearch`

    eager = import_mode_of_environment() == "eager"
    with Recording(package, "eager") if eager else nullcontext():
        resolve, directory, names = lazy_loader.attach_stub(package, file)
        known = frozenset(names)

        def load(name: str) -> object:
            module = sys.modules.get(package)
            if name not in known:
                raise AttributeError(_unknown(package, name), name=name, obj=module)
            with Recording(package, name):
                value: object = resolve(name)
            if not isinstance(value, ModuleType):
                from riskresearch.core.importing._signatures import show_types  # noqa: PLC0415 - not for `import`

                show_types(value)
            if module is not None:
                # lazy_loader caches every name only since 0.6; a cached name never comes here again.
                module.__dict__[name] = value
            return value

        if eager:
            load_every_name(load, names)
    if package == ROOT:
        import_of_the_package.__exit__(None, None, None)
    return load, directory, names


def _unknown(package: str, name: str) -> str:
    """Return the message for a name that `package` does not have."""
    from riskresearch.core.importing._suggest import suggestion  # noqa: PLC0415 - only a wrong name needs it

    root = str(sys.modules[ROOT].__file__)
    hint = suggestion(package, name, os.path.dirname(root))
    return (
        f"module {package!r} has no attribute {name!r}.{hint}"
        if hint
        else f"module {package!r} has no attribute {name!r}"
    )


def load_every_name(load: Callable[[str], object], names: list[str]) -> None:
    """Load `names`; those that lack an optional dependency stay lazy and raise when they are used."""
    for name in names:
        try:
            load(name)
        except OptionalDependencyError:
            continue
