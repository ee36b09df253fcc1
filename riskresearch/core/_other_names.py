"""Answers to arguments under the names that they have in other packages, or without a name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar, cast

from riskresearch.core._checks import shown
from riskresearch.core._errors import InvalidInputError

Named = TypeVar("Named", bound=Callable[..., Any])


def answers_other_names(remedies: Mapping[str, str], *, second: str = "") -> Callable[[Named], Named]:
    """Return a decorator of a function or a class; `remedies` has the name here, or a sentence, by the other name.

    The argument is refused, with its name in this package. Any other unknown name is Python's own error. `second` is
    what an argument without a name is likely meant for that follows the data, which alone have none.
    """

    def decorate(target: Named) -> Named:
        original: Any = cast(Any, target).__init__ if isinstance(target, type) else target
        name = target.__name__

        @wraps(original)
        def answering(*args: Any, **options: Any) -> Any:
            if second and len(args) > 1:
                raise InvalidInputError(
                    f"{name} has only its data without a name, got {shown(args[1])} as well. Write "
                    f"{second}={shown(args[1])}."
                )
            for other in options.keys() & remedies.keys():
                here = remedies[other]
                told = f"Write {here}={options[other]!r}." if here.isidentifier() else here
                raise InvalidInputError(f"{name} has no argument {other!r}, got {other}={options[other]!r}. {told}")
            return original(*args, **options)

        if not isinstance(target, type):
            return answering  # type: ignore[return-value]
        target.__init__ = answering  # type: ignore[misc]
        return target

    return decorate
