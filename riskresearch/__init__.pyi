from . import core as core, kernels as kernels, metrics as metrics
from .core import options as options, preload as preload

__version__: str
