"""Which kernels run compiled, and what to do if some do not."""

import warnings
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

from riskresearch.core._errors import UncompiledKernelsWarning

COMPILED_FOLDER = Path(__file__).with_name("compiled")


def kernel_modules() -> tuple[str, ...]:
    """Return the names, below the folder, of the modules that are to be compiled: every source file in it."""
    return tuple(sorted(dotted_name(file) for file in COMPILED_FOLDER.rglob("_[!_]*.py")))


def source_of(module: str) -> Path:
    """Return the source file of a module that `kernel_modules` names."""
    return COMPILED_FOLDER.joinpath(*module.split(".")).with_suffix(".py")


def dotted_name(file: Path) -> str:
    """Return the name of the module of a file of the folder, such as `_sums` or `trades._lots`."""
    return ".".join((*file.relative_to(COMPILED_FOLDER).parts[:-1], file.name.partition(".")[0]))


def uncompiled_modules() -> tuple[str, ...]:
    """Return the names of the kernel modules that run as ordinary Python, because there was no C compiler.

    Returns
    -------
    tuple of str
        Empty in a proper install.

    Examples
    --------
    >>> import riskresearch
    >>> riskresearch.kernels.uncompiled_modules()
    ()
    """
    suffixes = tuple(EXTENSION_SUFFIXES)
    compiled = {dotted_name(file) for file in COMPILED_FOLDER.rglob("_[!_]*") if file.name.endswith(suffixes)}
    return tuple(name for name in kernel_modules() if name not in compiled)


def warn_if_uncompiled() -> None:
    """Warn once if the install found no C compiler."""
    slow = uncompiled_modules()
    if slow:
        warnings.warn(
            f"the kernels {', '.join(slow)} run uncompiled: right, but about a hundred times slower, because no C "
            "compiler was found when riskresearch was installed. Install one (Debian: apt install gcc python3-dev; "
            "macOS: xcode-select --install; Windows: the C++ build tools), then reinstall riskresearch.",
            UncompiledKernelsWarning,
            stacklevel=2,
        )
