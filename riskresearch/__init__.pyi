from . import core as core
from . import kernels as kernels
from . import metrics as metrics

__version__: str
