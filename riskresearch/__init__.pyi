from . import core as core
from . import kernels as kernels
from . import metrics as metrics
from . import plots as plots

__version__: str
