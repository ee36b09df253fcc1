from . import core as core
from . import datasets as datasets
from . import kernels as kernels
from . import metrics as metrics

__version__: str
