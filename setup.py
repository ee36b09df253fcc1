"""Compile the kernels: the files in riskresearch/kernels/compiled/ and its folders, with the flags below."""

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
# Functions and constants that kernels inline. Cython finds those of another file in a .pxd only, in its own spelling.
INLINED = sorted((FOLDER.parent / "inlined").glob("_[!_]*.py"))
C_TYPES = {
    "float": "double",
    "Number": "double",
    "bool": "bint",
    "int": "Py_ssize_t",
    "FloatVector": "double[::1]",
    "IntVector": "Py_ssize_t[::1]",
    "FloatMatrix": "double[:, ::1]",
    "None": "void",
}
C_MODULES = {"math": "libc.math", "riskresearch.kernels.inlined._formulas": "riskresearch.kernels.inlined._formulas"}
WORKERS = os.cpu_count() or 1


def write_declarations(source: Path) -> None:
    """Write the .pxd of a file of constants and formulas: the same bodies, without docstrings, under C declarations."""
    lines = ["# cython: cdivision=True"]
    floats = {}
    for node in ast.parse(source.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.module in C_MODULES:
            lines.append(f"from {C_MODULES[node.module]} cimport {', '.join(name.name for name in node.names)}")
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant | ast.BinOp):
            value = eval(ast.unparse(node.value))
            if isinstance(value, int):
                lines.append(f"cdef enum: {ast.unparse(node)}")
            else:
                floats[ast.unparse(node.targets[0])] = repr(value)
        elif isinstance(node, ast.FunctionDef):
            for name in (each for each in ast.walk(node) if isinstance(each, ast.Name)):
                name.id = floats.get(name.id, name.id)
            arguments = ", ".join(declared(each.annotation, each.arg) for each in node.args.args)
            lines.append(f"cdef inline {declared(node.returns, node.name)}({arguments}) noexcept nogil:")
            lines += [textwrap.indent(c_statement(statement), "    ") for statement in node.body[1:]]
    declarations = source.with_suffix(".pxd")
    declarations.write_text("\n".join([*lines, ""]), encoding="utf-8")
    shutil.copystat(source, declarations)  # no newer than its source, or everything would be compiled again


def declared(annotation: ast.expr | None, name: str) -> str:
    return f"{c_type(annotation)} {name}" if annotation else name


def c_type(annotation: ast.expr) -> str:
    if isinstance(annotation, ast.Subscript) and isinstance(annotation.slice, ast.Tuple):  # of a tuple
        return f"({', '.join(c_type(each) for each in annotation.slice.elts)})"
    return C_TYPES[ast.unparse(annotation)]


def c_statement(statement: ast.stmt) -> str:
    if isinstance(statement, ast.AnnAssign):
        value = f" = {ast.unparse(statement.value)}" if statement.value else ""
        return f"cdef {declared(statement.annotation, ast.unparse(statement.target))}{value}"
    return ast.unparse(statement)


class BuildKernels(build_ext):
    """Translate all kernels to C before the first is compiled, in parallel and with one copy of the shared code."""

    def build_extensions(self) -> None:
        for source in INLINED:
            write_declarations(source)
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
    files = sorted(FOLDER.rglob("_[!_]*.py"))
    setup(
        ext_modules=[
            *(kernel(".".join(file.with_suffix("").parts), [file.as_posix()]) for file in files),
            kernel(MEMORYVIEWS, []),
        ],
        cmdclass={"build_ext": BuildKernels},
        options={"build_ext": {"parallel": WORKERS}},
    )
