"""Registration of the namespace with pandas, and with polars where it is loaded."""

from __future__ import annotations

import sys
from collections.abc import Callable
from keyword import iskeyword
from typing import Any

from riskresearch.accessor._risk import RiskAccessor
from riskresearch.core._errors import InvalidInputError

Register = Callable[[str], Callable[[type], type]]


def register_accessor(name: str = "risk") -> None:
    """Make the functions of returns methods of pandas' Series and DataFrame: `returns.risk.sharpe_ratio()`.

    The one namespace `name` holds every measure and every other function whose first argument is returns, among them
    `summary`, `rolling`, `drawdown`, `risk_contributions`, `backtest_breakers` and `build_report`. A method has the
    signature, the docstring and the result of its function. polars' Series and DataFrame get the namespace as well if
    polars has been imported; call again after importing it.

    Parameters
    ----------
    name : str
        Name of the namespace. A column of the same name is then `frame["risk"]`, and no longer `frame.risk`.

    Raises
    ------
    InvalidInputError
        If `name` is no identifier, or is an attribute of one of these classes already. Nothing is registered then.
        Registering twice is no error.

    Examples
    --------
    >>> import pandas as pd
    >>> import riskresearch as rr
    >>> rr.register_accessor()
    >>> returns = pd.Series([0.01, -0.03, 0.02, -0.01, 0.0])
    >>> returns.risk.value_at_risk(level=0.8), returns.risk.conditional_value_at_risk(level=0.8)
    (0.01, 0.03)
    """
    if not isinstance(name, str) or not name.isidentifier() or iskeyword(name) or name.startswith("_"):
        rule = 'an identifier without a leading underscore, such as "risk"'
        raise InvalidInputError(f"name must be {rule}, got {name!r}.")
    wanted = [(owner, register) for owner, register in _owners() if _is_free(owner, name)]
    for owner, register in wanted:
        if name in vars(owner):  # that of modules which have been unloaded since
            delattr(owner, name)
        register(name)(RiskAccessor)


def _owners() -> list[tuple[type, Register]]:
    """Return the classes that get the namespace, with what registers it."""
    import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

    extensions = pd.api.extensions
    owners: list[tuple[type, Any]] = [
        (pd.Series, extensions.register_series_accessor),
        (pd.DataFrame, extensions.register_dataframe_accessor),
    ]
    if (pl := sys.modules.get("polars")) is not None:
        owners += [
            (pl.Series, pl.api.register_series_namespace),
            (pl.DataFrame, pl.api.register_dataframe_namespace),
        ]
    return owners


def _is_free(owner: type, name: str) -> bool:
    """Return whether `owner` needs the namespace; refuse a name that something else has."""
    found = getattr(owner, name, None)
    if found is RiskAccessor:
        return False
    same = (getattr(found, part, None) == getattr(RiskAccessor, part) for part in ("__module__", "__qualname__"))
    if found is not None and not all(same):
        package = owner.__module__.partition(".")[0]
        raise InvalidInputError(
            f"name must be free, but {package}.{owner.__name__}.{name} is {_described(found)}: "
            'pass another, such as register_accessor("rr").'
        )
    return True


def _described(found: object) -> str:
    module, name = getattr(found, "__module__", None), getattr(found, "__qualname__", type(found).__name__)
    return f"{module}.{name}" if module else name
