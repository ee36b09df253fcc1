"""What a result depends on, as one number each: data, settings, and the code that makes it."""

from __future__ import annotations

import builtins
import functools
import hashlib
import inspect
import marshal
import pickle
import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np

import riskresearch
from riskresearch.core._errors import InvalidInputError

PLAIN = (type(None), bool, int, float, complex, str, bytes)


def fingerprint(value: object) -> str:
    """Return a digest that is the same in another process for the same data, settings or code.

    A function counts by its source, its defaults and what it closes over, a class with its bases; not what they call.
    """
    digest = hashlib.sha256()
    for piece in _pieces(value, ()):
        digest.update(piece)
        digest.update(b"\0")
    return digest.hexdigest()[:32]


@functools.cache
def library_fingerprint() -> str:
    """Return a digest of the version and the source of this library."""
    folder = Path(str(riskresearch.__file__)).parent
    digest = hashlib.sha256(riskresearch.__version__.encode())
    for path in sorted(folder.rglob("*.py")):
        digest.update(str(path.relative_to(folder).as_posix()).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:32]


def _pieces(value: Any, inside: tuple[int, ...]) -> Iterator[bytes]:
    """Yield what tells `value` from others; `inside`: ids of what it is in, as a function may be in itself."""
    if id(value) in inside:
        yield b"itself"
        return
    inside = (*inside, id(value))
    kind = type(value)
    if isinstance(value, PLAIN):
        yield f"{kind.__name__} {value!r}".encode()
    elif isinstance(value, np.ndarray | np.generic) and value.dtype.kind != "O":
        array = np.ascontiguousarray(value)
        yield f"array {array.dtype.str} {np.shape(value)}".encode()
        yield array.tobytes()
    elif isinstance(value, Mapping):
        yield f"mapping {len(value)}".encode()
        for key, item in value.items():
            yield from _pieces(key, inside)
            yield from _pieces(item, inside)
    elif isinstance(value, list | tuple | range):
        yield f"sequence {len(value)}".encode()
        for item in value:
            yield from _pieces(item, inside)
    elif kind.__module__.partition(".")[0] == "pandas" and hasattr(value, "ndim"):
        yield from _of_pandas(value, inside)
    elif isinstance(value, functools.partial):
        yield b"partial"
        yield from _pieces((value.func, value.args, value.keywords), inside)
    elif isinstance(value, types.FunctionType | types.MethodType | type | types.BuiltinFunctionType):
        yield from _of_code(value, inside)
    elif is_dataclass(value):
        yield from _pieces(kind, inside)
        yield from _pieces([getattr(value, field.name) for field in fields(value)], inside)
    else:
        yield from _of_object(value, inside)


def _of_pandas(value: Any, inside: tuple[int, ...]) -> Iterator[bytes]:
    yield type(value).__name__.encode()
    if value.ndim == 2:
        yield from _pieces(list(value.columns), inside)
        for number in range(value.shape[1]):
            yield from _pieces(_plain_array(value.iloc[:, number]), inside)
    else:
        yield from _pieces(_plain_array(value), inside)
        yield from _pieces(value.name, inside)
    if hasattr(value, "index"):
        yield from _pieces(_plain_array(value.index), inside)


def _plain_array(column: Any) -> Any:
    array = column.to_numpy()
    return array if array.dtype.kind != "O" else [str(type(column).__name__), *map(str, array.tolist())]


def _of_code(value: Any, inside: tuple[int, ...]) -> Iterator[bytes]:
    yield f"code {getattr(value, '__module__', '')}.{getattr(value, '__qualname__', '')}".encode()
    if isinstance(value, types.MethodType):
        yield from _pieces(value.__func__, inside)
        yield from _pieces(value.__self__, inside)
    elif isinstance(value, types.BuiltinFunctionType):
        return
    elif isinstance(value, type):
        for base in value.__mro__:
            if getattr(builtins, base.__name__, None) is not base:
                yield _source(base)
    else:
        yield _source(value)
    if isinstance(value, types.FunctionType):
        cells = [_contents(cell) for cell in value.__closure__ or ()]
        yield from _pieces([value.__defaults__, value.__kwdefaults__, cells], inside)


def _contents(cell: types.CellType) -> object:
    try:
        return cell.cell_contents
    except ValueError:  # a name that is not bound yet
        return None


def _source(value: Callable[..., Any] | type) -> bytes:
    """Return the text of a function or class, or the code of its methods where no file has it, as in notebooks."""
    try:
        return inspect.getsource(value).encode()
    except (OSError, TypeError):
        members = [value] if isinstance(value, types.FunctionType) else list(vars(value).values())
        codes = [_without_places(member.__code__) for member in members if isinstance(member, types.FunctionType)]
        return b"".join(marshal.dumps(code) for code in codes)


def _without_places(code: types.CodeType) -> types.CodeType:
    constants = [_without_places(each) if isinstance(each, types.CodeType) else each for each in code.co_consts]
    return code.replace(co_filename="", co_firstlineno=1, co_consts=tuple(constants))


def _of_object(value: Any, inside: tuple[int, ...]) -> Iterator[bytes]:
    yield from _pieces(type(value), inside)
    try:
        yield pickle.dumps(value, protocol=5)
    except Exception as error:
        raise InvalidInputError(
            f"store needs settings that can be told from others in another session, and {value!r:.80} can't be "
            f"({type(error).__name__}). Use numbers, text, arrays, frames, functions, classes or dataclasses."
        ) from error
