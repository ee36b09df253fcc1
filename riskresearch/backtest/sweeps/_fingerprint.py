"""Digests of the inputs of a result: data and settings by their values, functions and classes by their code.

Every value becomes a sequence of pieces, each written with its length, so that no two values have the same bytes by
chance. Unordered values (sets, attributes) are sorted by digest. An object of none of the kinds below is decomposed as
pickle decomposes it; what pickle refuses, and iterators, which reading would exhaust, are refused.
"""

from __future__ import annotations

import copyreg
import dataclasses
import functools
import hashlib
import struct
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

import riskresearch
from riskresearch.backtest.sweeps._fingerprint_code import (
    attributes_used,
    class_members,
    extension_digest,
    globals_used,
    imports_used,
    installed_version,
    is_constant,
    is_importable,
    pieces_of_code,
)
from riskresearch.core._errors import InvalidInputError

PLAIN = (type(None), bool, int, complex, str, bytes, type(Ellipsis), type(NotImplemented))
PYTHON_SCALARS = (np.bool_, np.int64, np.float64, np.complex128, np.str_, np.bytes_)
"""NumPy scalars that count as the Python number or text of the same value."""
CODE = (types.FunctionType, types.MethodType, types.BuiltinFunctionType, types.ModuleType, type)
PICKLE_PROTOCOL = 4


def fingerprint(value: object, *, name: str = "value") -> str:
    """Return a digest that is the same in another process for the same data, settings or code.

    A function counts by its compiled code, defaults, closure, attributes and the globals that it uses, wherever it
    stands in its file; a class by its members and bases; an installed package by its version.
    """
    try:
        return _Reader(name).digest(value).hex()
    except RecursionError as error:
        raise InvalidInputError(
            f"{name} is nested too deeply for a store to recognise it in another session. Leave store out."
        ) from error


@functools.cache
def library_fingerprint() -> str:
    """Return a digest of the version and the source of this library."""
    folder = Path(str(riskresearch.__file__)).parent
    digest = hashlib.sha256(riskresearch.__version__.encode())
    for path in sorted(folder.rglob("*.py")):
        digest.update(str(path.relative_to(folder).as_posix()).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:32]


class _Reader:
    """One reading: the objects that enclose the current one, for cycles, and the functions and classes already read."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._inside: list[object] = []
        self._trail: list[str] = []
        self._read: dict[int, tuple[object, bytes]] = {}

    def digest(self, value: object, where: str = "") -> bytes:
        """Return 16 bytes for `value`; `where` is its name in what it belongs to, for the message of a refusal."""
        for distance, outer in enumerate(reversed(self._inside)):
            if outer is value:
                return _sum([b"itself", str(distance).encode()])
        if id(value) in self._read:
            return self._read[id(value)][1]
        self._inside.append(value)
        self._trail.append(where)
        found = _sum(self._pieces(value))
        self._inside.pop()
        self._trail.pop()
        if isinstance(value, CODE):
            self._read[id(value)] = value, found
        return found

    def _each(self, values: Iterable[object]) -> list[bytes]:
        return [self.digest(value) for value in values]

    def _named(self, values: Mapping[str, object]) -> Iterator[bytes]:
        """Yield the pieces of attributes, whose order means nothing."""
        for name in sorted(values):
            yield name.encode("utf-8", "surrogatepass")
            yield self.digest(values[name], name)

    def _pieces(self, value: Any) -> Iterator[bytes]:
        kind = type(value)
        if kind in PYTHON_SCALARS:
            value = value.item()
            kind = type(value)
        if kind in PLAIN:
            yield kind.__name__.encode()
            yield value if kind is bytes else str(value).encode("utf-8", "surrogatepass")
        elif kind is float:
            yield b"float"
            yield struct.pack("<d", value)
        elif isinstance(value, CODE):
            yield from self._of_code(value)
        elif kind in (list, tuple):
            yield from [kind.__name__.encode(), *self._each(value)]
        elif kind in (set, frozenset):
            yield from [kind.__name__.encode(), *sorted(self._each(value))]
        elif kind in (dict, types.MappingProxyType):
            yield b"mapping"
            for key, item in value.items():
                yield self.digest(key)
                yield self.digest(item, str(key))
        elif isinstance(value, np.ndarray | np.generic):
            yield from self._of_array(value)
        elif _is_made_from(kind, "pandas") and hasattr(value, "ndim"):
            yield from self._of_pandas(value)
        elif _is_made_from(kind, "polars") and hasattr(value, "to_arrow"):
            yield from [b"polars", str(getattr(value, "schema", kind)).encode(), self.digest(_polars_columns(value))]
        elif isinstance(value, types.CodeType):
            yield from pieces_of_code(value, self.digest)
        else:
            yield from self._of_object(value)

    def _of_array(self, value: Any) -> Iterator[bytes]:
        yield f"array {value.dtype!r} {value.dtype.str} {np.shape(value)}".encode()
        if type(value) is not np.ndarray and isinstance(value, np.ndarray):
            yield self.digest(type(value))
            if isinstance(value, np.ma.MaskedArray):
                yield self.digest(np.ma.getmaskarray(value))
            value = np.asarray(value)
        if value.dtype.hasobject:
            yield self.digest(value.tolist())
        else:
            yield np.ascontiguousarray(value).tobytes()

    def _of_pandas(self, value: Any) -> Iterator[bytes]:
        yield f"pandas {type(value).__name__}".encode()
        if value.ndim == 2:
            yield self.digest(value.columns)
            yield self.digest(value.index)
            kinds = {str(kind) for kind in value.dtypes}
            if len(kinds) == 1 and all(isinstance(kind, np.dtype) for kind in value.dtypes):
                yield self.digest(value.to_numpy())
            else:
                yield from (self.digest(value.iloc[:, number]) for number in range(value.shape[1]))
            return
        if hasattr(value, "index") and hasattr(value, "iloc"):
            yield self.digest(value.index)
        yield self.digest(list(value.names) if hasattr(value, "names") else getattr(value, "name", None))
        if hasattr(value, "levels"):
            yield from (self.digest(value.get_level_values(number)) for number in range(value.nlevels))
            return
        yield str(value.dtype).encode()
        if hasattr(value.dtype, "categories"):
            held = value.cat if hasattr(value, "cat") else value
            yield self.digest((held.categories, np.asarray(held.codes), bool(held.ordered)))
        elif value.dtype.kind in "mM":
            yield np.asarray(value.astype("int64")).tobytes()
        else:
            yield self.digest(value.to_numpy())

    def _of_code(self, value: Any) -> Iterator[bytes]:
        version = installed_version(value)
        if isinstance(value, types.MethodType):
            yield from [b"method", self.digest(value.__func__), self.digest(value.__self__)]
        elif version is not None and is_importable(value):
            place = getattr(value, "__qualname__", "")
            yield f"installed {getattr(value, '__module__', '')} {place or value.__name__} {version}".encode()
        elif isinstance(value, types.BuiltinFunctionType):
            owner = value.__self__
            if owner is None or isinstance(owner, types.ModuleType):
                self._refuse(value)
            yield from [b"method", value.__name__.encode(), self.digest(owner)]
        elif isinstance(value, types.ModuleType):
            yield f"module {value.__name__}".encode()
        elif isinstance(value, type):
            yield from self._of_class(value)
        else:
            yield from self._of_function(value)

    def _of_function(self, value: types.FunctionType) -> Iterator[bytes]:
        yield b"function"
        yield value.__name__.encode("utf-8", "surrogatepass")
        yield from pieces_of_code(value.__code__, self.digest)
        yield from [self.digest(value.__defaults__), *self._named(value.__kwdefaults__ or {})]
        for name, cell in zip(value.__code__.co_freevars, value.__closure__ or (), strict=True):
            yield name.encode()
            yield self.digest(*_contents(cell, name))
        yield from self._named(value.__dict__)
        used = globals_used(value)
        yield from self._named(used)
        for module in used.values():
            if isinstance(module, types.ModuleType):
                yield from self._named(attributes_used(value.__code__, module))
        yield from imports_used(value)

    def _of_class(self, value: type) -> Iterator[bytes]:
        yield f"class {value.__qualname__}".encode("utf-8", "surrogatepass")
        yield extension_digest(value)
        yield from [self.digest(type(value)), *self._each(value.__bases__)]
        yield from self._named(class_members(value))

    def _of_object(self, value: Any) -> Iterator[bytes]:
        if isinstance(value, functools.partial):
            yield from [b"partial", self.digest(value.func), self.digest(value.args), *self._named(value.keywords)]
            return
        if isinstance(value, staticmethod | classmethod):
            yield from [type(value).__name__.encode(), self.digest(value.__func__)]
            return
        if isinstance(value, property):
            yield from [b"property", *self._each((value.fget, value.fset, value.fdel))]
            return
        if hasattr(value, "cache_parameters") and hasattr(value, "__wrapped__"):
            yield from [b"cached", self.digest(value.__wrapped__)]
            return
        if dataclasses.is_dataclass(value):
            held = {field.name: getattr(value, field.name, None) for field in dataclasses.fields(value)}
            yield from [b"dataclass", self.digest(type(value)), *self._named({**_attributes(value), **held})]
            return
        if isinstance(value, Iterator):
            self._refuse(value)
        if callable(value) and is_importable(value):
            yield f"installed {value.__module__} {_name_of(value)} {installed_version(value)}".encode()
            return
        yield from self._of_parts(value)

    def _of_parts(self, value: Any) -> Iterator[bytes]:
        """Yield the pieces of an object as pickle decomposes it: its constructor, its state, its items."""
        try:
            reduce = copyreg.dispatch_table.get(type(value))
            parts = reduce(value) if reduce else value.__reduce_ex__(PICKLE_PROTOCOL)
        except Exception as error:
            self._refuse(value, error)
        if isinstance(parts, str):
            if not is_constant(value, parts):
                self._refuse(value)
            yield from [b"constant", self.digest(type(value)), parts.encode(), extension_digest(value)]
            return
        make, arguments, state, *items = (*parts, None, None, None)[:5]
        yield from [b"object", self.digest(type(value)), self.digest(make), self.digest(arguments)]
        plain, slotted = state if _is_slotted_state(state) else (state, None)
        for each in (plain, slotted):
            if isinstance(each, dict) and all(isinstance(key, str) for key in each):
                yield from self._named(_without_caches(each, type(value)))
            else:
                yield self.digest(each)
        yield from (self.digest(None if each is None else list(each)) for each in items)

    def _refuse(self, value: object, cause: Exception | None = None) -> NoReturn:
        places = [where for where in self._trail if where]
        place = f", in {' of '.join(repr(where) for where in reversed(places))}" if places else ""
        raise InvalidInputError(
            f"store needs {self._name} to be recognised in another session, and {value!r:.80} ({type(value).__name__})"
            f"{place} can't be. Use numbers, text, arrays, frames, functions, classes or dataclasses, make open files, "
            "locks and iterators inside the sizer, or leave store out."
        ) from cause


def _sum(pieces: Iterable[bytes]) -> bytes:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(len(piece).to_bytes(8, "little"))
        digest.update(piece)
    return digest.digest()[:16]


def _contents(cell: types.CellType, name: str) -> tuple[object, str]:
    try:
        return cell.cell_contents, name
    except ValueError:  # a name that is not bound yet
        return "an empty cell", name


def _attributes(value: object) -> dict[str, object]:
    return _without_caches(getattr(value, "__dict__", {}), type(value))


def _without_caches(attributes: Mapping[str, object], kind: type) -> dict[str, object]:
    """Return attributes without the values of `functools.cached_property`, which follow from the rest."""
    return {
        name: value
        for name, value in attributes.items()
        if not isinstance(getattr(kind, name, None), functools.cached_property)
    }


def _is_made_from(kind: type, package: str) -> bool:
    """Return whether a class is of a package or made from one of its classes."""
    return any(base.__module__.partition(".")[0] == package for base in kind.__mro__)


def _is_slotted_state(state: object) -> bool:
    return isinstance(state, tuple) and len(state) == 2 and all(isinstance(each, dict | None) for each in state)


def _polars_columns(value: Any) -> list[object]:
    return [list(each) for each in value.to_dict(as_series=False).items()] if hasattr(value, "columns") else [
        value.name, value.to_list()
    ]  # fmt: skip


def _name_of(value: Callable[..., Any]) -> str:
    return str(getattr(value, "__qualname__", None) or getattr(value, "__name__", ""))
