"""Whether the kernels run compiled, and what to do if not."""

import warnings
from importlib.machinery import EXTENSION_SUFFIXES
from importlib.util import find_spec

from riskresearch.core._errors import UncompiledKernelsWarning

COMPILED_MODULES = (
    "_accounts",
    "_breaker",
    "_breaker_chance",
    "_breaker_triggers",
    "_caps",
    "_draw_counts",
    "_drawdown",
    "_portfolio_risk",
    "_ranges",
    "_resample",
    "_risk_budget_descent",
    "_rolling_drawdown",
    "_rolling_moments",
    "_rolling_pairs",
    "_rolling_shape",
    "_rolling_tail",
    "_sizing",
    "_sums",
    "_tail",
    "_target_weights",
)


def uncompiled_modules() -> tuple[str, ...]:
    """Return the names of the kernel modules that run as ordinary Python, because no C compiler was there.

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
    return tuple(name for name in COMPILED_MODULES if not _is_compiled(name))


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


def _is_compiled(name: str) -> bool:
    spec = find_spec(f"riskresearch.kernels.compiled.{name}")
    return spec is not None and spec.origin is not None and spec.origin.endswith(tuple(EXTENSION_SUFFIXES))
