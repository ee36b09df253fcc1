"""The parts of the code of functions, classes and modules that their fingerprints depend on."""

from __future__ import annotations

import builtins
import dis
import hashlib
import importlib.util
import inspect
import pickle
import sys
import sysconfig
import types
from collections.abc import Callable, Iterator
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from typing import Any

LIBRARY = "riskresearch"
READS_A_GLOBAL = ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS")
READS_AN_ATTRIBUTE = ("LOAD_ATTR", "LOAD_METHOD", "IMPORT_FROM")
OF_EVERY_CLASS = frozenset({
    "__dict__", "__weakref__", "__doc__", "__module__", "__qualname__", "__firstlineno__", "__static_attributes__",
    "__annotations__", "__annotate__", "__annotate_func__", "__annotations_cache__", "__abstractmethods__",
    "_abc_impl", "__parameters__", "__orig_bases__", "__dataclass_fields__", "__dataclass_params__", "__match_args__",
})  # fmt: skip
"""Members that differ between two files without any difference in what the class does, or that follow from others."""
SITES = ("site-packages", "dist-packages")
HEAP_TYPE = 1 << 9
"""Flag of classes that are made when a program runs; the others are part of the interpreter or of a C extension."""
_STANDARD_LIBRARY = tuple(Path(sysconfig.get_path(name)).resolve() for name in ("stdlib", "platstdlib"))


def pieces_of_code(code: types.CodeType, digest: Callable[..., bytes]) -> Iterator[bytes]:
    """Yield what a code object does, without the file and the lines it stands in; nested code is a constant of it."""
    counts = (code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags)
    yield code.co_code
    yield getattr(code, "co_exceptiontable", b"")
    yield digest((counts, code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars))
    for constant in code.co_consts:
        yield digest(constant)


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _codes(constant)


def _names(code: types.CodeType, kinds: tuple[str, ...]) -> set[str]:
    return {
        str(step.argval) for each in _codes(code) for step in dis.get_instructions(each) if step.opname in kinds
    }  # fmt: skip


def globals_used(function: types.FunctionType) -> dict[str, object]:
    """Return the globals that a function or a function in it reads; the built-in ones count by their names alone."""
    names = _names(function.__code__, READS_A_GLOBAL)
    return {name: function.__globals__[name] for name in names if name in function.__globals__}


def attributes_used(code: types.CodeType, module: types.ModuleType) -> dict[str, object]:
    """Return what the code may read of a module that is not installed, such as a file beside a notebook."""
    names = _names(code, READS_AN_ATTRIBUTE)
    found: dict[str, object] = {}
    modules = [module]
    for each in modules:
        if installed_version(each) is None:
            read = {f"{each.__name__}.{name}": vars(each)[name] for name in names if name in vars(each)}
            modules += [inner for inner in read.values() if inspect.ismodule(inner) and inner not in modules]
            found |= read
    return found


def imports_used(function: types.FunctionType) -> Iterator[bytes]:
    """Yield name and file of each module that a function imports when it runs, where it is not an installed one."""
    package = str(function.__globals__.get("__package__") or "")
    for name in sorted(_names(function.__code__, ("IMPORT_NAME",))):
        yield f"import {name}".encode()
        for candidate in (name, f"{package}.{name}" if package else ""):
            path = _own_file(candidate)
            if path is not None:
                yield hashlib.sha256(path.read_bytes()).digest()


def _own_file(module: str) -> Path | None:
    """Return the file of a module of the user's own; packages that are installed are not loaded to look."""
    for name in (module.partition(".")[0], module):
        try:
            found = importlib.util.find_spec(name) if name and not name.startswith(f"{LIBRARY}.") else None
        except (ImportError, ValueError, AttributeError):
            return None
        path = None if found is None or found.origin is None else Path(found.origin)
        if path is None or not path.is_file() or _is_installed(path) or name == LIBRARY:
            return None
    return path


def extension_digest(value: Any) -> bytes:
    """Return a digest of the compiled file that something of the user's own comes from; empty for Python files."""
    place = getattr(sys.modules.get(str(getattr(value, "__module__", None))), "__file__", None)
    if place is None or not place.endswith(tuple(EXTENSION_SUFFIXES)) or _is_installed(Path(place)):
        return b""
    return hashlib.sha256(Path(place).read_bytes()).digest()


def class_members(kind: type) -> dict[str, object]:
    """Return what a class adds to its bases: methods, properties, attributes and the fields of a dataclass."""
    members = {
        name: member
        for name, member in vars(kind).items()
        if name not in OF_EVERY_CLASS
        and not inspect.ismemberdescriptor(member)
        and not inspect.isgetsetdescriptor(member)
    }
    for name, field in vars(kind).get("__dataclass_fields__", {}).items():
        kinds = (field.init, field.repr, field.hash, field.compare, field.kw_only)
        members[f"field {name}"] = field.default, field.default_factory, *kinds
    return members


def installed_version(value: Any) -> str | None:
    """Return the version of the package that something comes from; None where it is of the user's own code.

    This library, whose source is compared by itself, and the standard library, which goes with the compiled code,
    have the version "".
    """
    name = value.__name__ if isinstance(value, types.ModuleType) else getattr(value, "__module__", None)
    package = str(name or "").partition(".")[0]
    if package in (LIBRARY, "builtins"):
        return ""
    module = sys.modules.get(package)
    place = getattr(module, "__file__", None)
    if package in sys.stdlib_module_names and package != "__main__" and (place is None or _is_installed(Path(place))):
        return ""
    version = getattr(module, "__version__", None)
    if place is None or not isinstance(version, str) or not _is_installed(Path(place)):
        return None
    return version


def is_constant(value: object, name: str) -> bool:
    """Return whether `name` leads to just this object in the module that pickle would look for it in."""
    found: Any = sys.modules.get(pickle.whichmodule(value, name))  # type: ignore[attr-defined]
    for part in name.split("."):
        found = getattr(found, part, None)
    return found is value


def is_importable(value: Any) -> bool:
    """Return whether its module and its name lead to just this object, in an installed package."""
    if installed_version(value) is None:
        return False
    if isinstance(value, types.ModuleType) or (isinstance(value, type) and not value.__flags__ & HEAP_TYPE):
        return True
    found: Any = sys.modules.get(str(getattr(value, "__module__", None) or "builtins"))
    for part in str(getattr(value, "__qualname__", None) or getattr(value, "__name__", "?")).split("."):
        found = getattr(found, part, None)
    return found is value or (found is None and getattr(builtins, getattr(value, "__name__", "?"), None) is value)


def _is_installed(path: Path) -> bool:
    resolved = path.resolve()
    return any(site in resolved.parts for site in SITES) or any(each in resolved.parents for each in _STANDARD_LIBRARY)
