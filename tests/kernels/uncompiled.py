"""The compiled kernels a second time, as ordinary Python."""

import importlib.util
from types import ModuleType

from riskresearch.kernels._build import kernel_modules, source_of


def load_uncompiled(name: str) -> ModuleType:
    """Return the kernel module `name` run from its .py source, under another name."""
    spec = importlib.util.spec_from_file_location(f"uncompiled{name}", source_of(name))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


UNCOMPILED = {name: load_uncompiled(name) for name in kernel_modules()}
