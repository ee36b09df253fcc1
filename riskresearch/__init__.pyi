from . import core as core, datasets as datasets, kernels as kernels, metrics as metrics

__version__: str
