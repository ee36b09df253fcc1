"""Compile the kernels: every file of riskresearch/kernels/compiled/, with the directives and flags below."""

import ast
import os
import shutil
import textwrap
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
# Formulas that kernels inline. Cython reads the body of an inlined function from a .pxd only, in its own spelling.
FORMULAS = FOLDER.parent / "_formulas.py"
C_TYPES = {"float": "double", "Number": "double", "bool": "bint", "int": "Py_ssize_t", "FloatMatrix": "double[:, ::1]"}
WORKERS = os.cpu_count() or 1


def write_formulas(source: Path) -> None:
    """Write the .pxd of a file of formulas: the same bodies, without docstrings, under declarations of C functions."""
    tree = ast.parse(source.read_text(encoding="utf-8"))
    constants = [node for node in tree.body if isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp)]
    values = {name.id: eval(ast.unparse(node.value)) for node in constants for name in node.targets}
    lines = ["# cython: cdivision=True"]
    for formula in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
        for name in (node for node in ast.walk(formula) if isinstance(node, ast.Name) and node.id in values):
            name.id = repr(values[name.id])
        arguments = ", ".join(f"{C_TYPES[each.annotation.id]} {each.arg}" for each in formula.args.args)
        returned = C_TYPES.get(getattr(formula.returns, "id", ""), "void")
        lines.append(f"cdef inline {returned} {formula.name}({arguments}) noexcept nogil:")
        lines += [textwrap.indent(ast.unparse(statement), "    ") for statement in formula.body[1:]]
    source.with_suffix(".pxd").write_text("\n".join([*lines, ""]), encoding="utf-8")
    shutil.copystat(source, source.with_suffix(".pxd"))  # no newer than its source, or all would be compiled again


class BuildKernels(build_ext):
    """Translate all kernels to C before the first is compiled, in parallel and with one copy of the shared code."""

    def build_extensions(self) -> None:
        write_formulas(FORMULAS)
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
