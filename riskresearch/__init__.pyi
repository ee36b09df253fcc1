from . import core as core, kernels as kernels, metrics as metrics
from .core import (
    import_report as import_report,
    options as options,
    preload as preload,
    preload_async as preload_async,
    unload as unload,
)

__version__: str
