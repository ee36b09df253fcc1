"""Optional dependencies: the module, or an error with the command that installs it."""

import importlib
import re
import sys
from types import ModuleType

from riskresearch.core._errors import OptionalDependencyError


def optional_import(module: str, *, extra: str, feature: str, minimum_version: str | None = None) -> ModuleType:
    """Import `module` for `feature`, or raise that it is missing, broken or too old, with the command for `extra`.

    Parameters
    ----------
    module, extra : str
        Absolute name of the module ("pyarrow.parquet"), and the extra of riskresearch that installs it.
    feature : str
        What needs it; the message begins with it.
    minimum_version : str, optional
        Oldest supported version.

    Returns
    -------
    module
        The imported module.

    Raises
    ------
    OptionalDependencyError
        If it is missing, cannot be imported, or is older than `minimum_version`.

    Examples
    --------
    >>> from riskresearch.core import optional_import
    >>> optional_import("json", extra="parquet", feature="reading JSON").__name__
    'json'
    """
    package = module.partition(".")[0]
    remedy = f'pip install "riskresearch[{extra}]" (interpreter: {sys.executable})'
    try:
        found = importlib.import_module(module)
    except Exception as error:
        raise OptionalDependencyError(f"{feature} needs {_what_failed(module, error)}{remedy}", name=module) from error
    if minimum_version is not None:
        version = installed_version(package)
        if version is None or is_older(version, minimum_version):
            message = f"{feature} needs {package} >= {minimum_version}, found {version or 'no version'}: {remedy}"
            raise OptionalDependencyError(message, name=module)
    return found


def _what_failed(module: str, error: Exception) -> str:
    package = module.partition(".")[0]
    if isinstance(error, ModuleNotFoundError) and error.name == package:
        return f"{package}: "
    return f"{module}, which is installed but fails to import ({type(error).__name__}: {error}). Reinstall: "


def installed_version(package: str) -> str | None:
    """Return the version of the imported `package`, else of the distribution of that name, else None."""
    stated = getattr(sys.modules.get(package), "__version__", None)
    if isinstance(stated, str):
        return stated
    from importlib.metadata import PackageNotFoundError, version as version_of  # noqa: PLC0415 - rarely needed, slow

    try:
        return version_of(package)
    except PackageNotFoundError:
        return None


def is_older(version: str, minimum: str) -> bool:
    """Compare the release numbers: 1.10 is newer than 1.9, and 2.0rc1 counts as 2.0."""
    return _release(version) < _release(minimum)


def _release(version: str) -> tuple[int, ...]:
    match = re.match(r"v?(?:\d+!)?(\d+(?:\.\d+)*)", version)
    numbers = [int(part) for part in match.group(1).split(".")] if match else []
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)
