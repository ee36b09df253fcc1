"""The compiled kernels a second time, as ordinary Python."""

import importlib.util
import sys
from types import ModuleType

from riskresearch.kernels._build import kernel_modules, source_of

FOLDER = "riskresearch.kernels.compiled"


def load_uncompiled(name: str) -> ModuleType:
    """Return the kernel module `name` run from its .py source, under another name, on others that are so, too."""
    spec = importlib.util.spec_from_file_location(f"uncompiled{name}", source_of(name))
    module = importlib.util.module_from_spec(spec)
    others = {f"{FOLDER}.{other}": loaded for other, loaded in UNCOMPILED.items()}
    before = {other: sys.modules.get(other) for other in others}
    sys.modules.update(others)
    try:
        spec.loader.exec_module(module)
    finally:
        for other, loaded in before.items():
            if loaded is None:
                del sys.modules[other]
            else:
                sys.modules[other] = loaded
    return module


def by_use(name: str) -> tuple[int, str]:
    """Return a key that puts kernels after those that they import."""
    return source_of(name).read_text().count(f"from {FOLDER}."), name


UNCOMPILED: dict[str, ModuleType] = {}
for kernel in sorted(kernel_modules(), key=by_use):
    UNCOMPILED[kernel] = load_uncompiled(kernel)
