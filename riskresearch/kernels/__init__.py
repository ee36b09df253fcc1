"""Arrays in, arrays out, axis 0 is time; no pandas and no checks. Compiled ahead of time where a loop is needed."""

from riskresearch.core.importing._lazy import attach
from riskresearch.kernels._build import warn_if_uncompiled

__getattr__, __dir__, __all__ = attach(__name__, __file__)
warn_if_uncompiled()
