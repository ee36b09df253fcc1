"""Compile the kernels: every file of riskresearch/kernels/compiled/, with the directives and flags below."""

import os
from pathlib import Path

from Cython.Build import cythonize
from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

FOLDER = Path("riskresearch/kernels/compiled")
DIRECTIVES = {
    "language_level": 3,
    "boundscheck": False,
    "wraparound": False,
    "initializedcheck": False,
    "cdivision": True,
}
# No -march: a wheel runs on any machine of its kind. -ffp-contract=off: a fused multiply-add would give other bits than
# the uncompiled kernels. The last two let a loop with a root or a condition become vector instructions; no bit changes.
FLAGS = ["-O3", "-g0", "-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math"]
# Cython's code for memoryviews, ten times as long as a kernel: compiled once, into a module that all of them import.
MEMORYVIEWS = ".".join([*FOLDER.parts, "_memoryviews"])
WORKERS = os.cpu_count() or 1


class BuildKernels(build_ext):
    """Translate all kernels to C before the first is compiled, in parallel and with one copy of the shared code."""

    def build_extensions(self) -> None:
        translated = cythonize(
            self.extensions,
            build_dir="build",
            compiler_directives=DIRECTIVES,
            shared_utility_qualified_name=MEMORYVIEWS,
            nthreads=WORKERS,
        )
        for extension, new in zip(self.extensions, translated, strict=True):
            extension.sources = new.sources
        super().build_extensions()


def kernel(name: str, sources: list[str]) -> Extension:
    """Return an extension module that is optional: without a compiler the kernel runs as ordinary Python."""
    return Extension(name, sources, extra_compile_args=FLAGS, optional=True)


if __name__ == "__main__":
    files = sorted(FOLDER.glob("_[!_]*.py"))
    setup(
        ext_modules=[
            *(kernel(".".join(file.with_suffix("").parts), [file.as_posix()]) for file in files),
            kernel(MEMORYVIEWS, []),
        ],
        cmdclass={"build_ext": BuildKernels},
        options={"build_ext": {"parallel": WORKERS}},
    )
