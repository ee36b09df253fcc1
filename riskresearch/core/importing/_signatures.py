"""Signatures that show types: `returns: Series | DataFrame | ndarray`, where the source has the short name `Data`.

Annotations are text in this package, so that a signature needs neither pandas nor polars to be loaded. `help`, IPython
and `inspect.signature` print that text as it is, in quotes. When a public name is first used, its annotations are
replaced by text which prints without quotes and with each alias spelled out; nothing is looked up before it is printed.
"""

import re
from types import FunctionType
from typing import Any, ForwardRef

from riskresearch.core.importing._record import ROOT

INNER = ("__func__", "fget", "func", "__wrapped__")
"""Where methods, properties, cached properties, partial functions and wrappers hold their function."""


class Shown(str):
    """An annotation as it stands in the source, which prints as the types that it means."""

    module: str

    def __new__(cls, text: str, module: str = "") -> "Shown":  # without a module when it is copied or unpickled
        shown = super().__new__(cls, text)
        shown.module = module
        return shown

    def __repr__(self) -> str:
        from riskresearch.core.importing._spelled_out import spelled_out  # noqa: PLC0415 (when it is printed)

        return spelled_out(str(self), self.module)


def show_types(value: object) -> None:
    """Let the signature of a public function or class show types, and those of its methods and named results."""
    waiting: list[Any] = [_function(value)]
    seen: set[int] = set()
    while waiting:
        each = waiting.pop()
        if id(each) in seen or str(getattr(each, "__module__", "")).partition(".")[0] != ROOT:
            continue
        seen.add(id(each))
        if isinstance(each, FunctionType):
            waiting += _shown(each, {})
        elif isinstance(each, type):
            waiting += [*each.__mro__[1:], *(_function(member) for member in vars(each).values()), *_shown_fields(each)]
        else:
            waiting.append(type(each))


def _function(member: Any) -> Any:
    """Return the function of a method, a property or a wrapper; anything else as it is."""
    while not isinstance(member, FunctionType | type):
        inner = next((found for name in INNER if (found := getattr(member, name, None)) is not None), None)
        if inner is None:
            break
        member = inner
    return member


def _shown_fields(owner: type) -> list[Any]:
    """Show the types of the generated constructor of a dataclass or NamedTuple: fields are those of its bases, too."""
    bases = [each for each in reversed(owner.__mro__) if each.__module__.partition(".")[0] == ROOT]
    modules = {name: each.__module__ for each in bases for name in each.__annotations__}
    made = [_function(vars(owner).get(name)) for name in ("__init__", "__new__")]
    return [named for each in made if isinstance(each, FunctionType) for named in _shown(each, modules)]


def _shown(function: FunctionType, modules: dict[str, str]) -> list[Any]:
    """Replace the annotations of a function; return the function that it wraps and the classes that it names.

    A name among `modules` is annotated in that module and not in the module of the function.
    """
    named = [_function(getattr(function, "__wrapped__", None))]
    written: Any = function  # a wrapper shares the annotations, and has the globals of another module
    while isinstance(inner := getattr(written, "__wrapped__", None), FunctionType):
        written = inner
    for name, annotation in function.__annotations__.items():
        text = annotation.__forward_arg__ if isinstance(annotation, ForwardRef) else annotation
        if isinstance(text, str) and not isinstance(text, Shown):
            function.__annotations__[name] = Shown(text, modules.get(name, function.__module__))
            named += [written.__globals__.get(word) for word in re.findall(r"\w+", text)]
    return [each for each in named if isinstance(each, FunctionType | type)]
