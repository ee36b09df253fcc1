"""The floors hold: a file imports its own folder and lower floors, and no import goes in a circle."""

import ast
import functools
import re
import tomllib
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from riskresearch.kernels._build import kernel_modules, source_of

ROOT = Path(__file__).parents[1] / "riskresearch"
FLOORS = {
    "core": 0,
    "kernels": 1,
    "plots": 1,
    "metrics": 2,
    "datasets": 2,
    "files": 2,
    "portfolio": 3,
    "models": 3,
    "breakers": 3,
    "pretrade": 3,
    "accounts": 3,
    "sizing": 4,
    "posttrade": 4,
    "backtest": 5,
    "realtime": 5,
    "integration": 6,
    "reference": 6,
    "report": 6,
    "accessor": 7,
    "cli": 7,
    "__main__": 8,
}
MAX_LINES_PER_FILE = 400
MAX_FILES_PER_FOLDER = 22
MAX_LINES_PER_FUNCTION = 60
DRAWERS = {"utils", "helpers", "common", "misc", "tools"}
FILES = sorted(ROOT.rglob("*.py"))


def dotted(path: Path) -> str:
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@functools.cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)


def imports(path: Path, *, for_types: bool = True) -> set[str]:
    """Return the modules of ours that a file imports anywhere in it, or not those for type checkers only."""
    found: set[str] = set()

    def visit(node: ast.AST) -> None:
        if is_type_checking(node) and not for_types:
            return
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}:{node.lineno} has a relative import"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                is_module = (ROOT.parent / inner.replace(".", "/")).with_suffix(".py").exists()
                found.add(inner if is_module else str(node.module))
        for child in ast.iter_child_nodes(node):
            visit(child)

    visit(parsed(path))
    return {name for name in found if name.split(".")[0] == "riskresearch"}


def floor(module: str) -> tuple[str, int]:
    room = module.split(".")[1] if "." in module else ""
    return room, FLOORS[room]


@pytest.mark.parametrize("path", FILES, ids=dotted)
def test_a_file_imports_only_its_own_folder_and_lower_floors(path):
    importer = dotted(path)
    if importer == "riskresearch":
        assert imports(path) == {"riskresearch.core.importing._lazy"}
        return
    room, level = floor(importer)
    for imported in imports(path) - {"riskresearch"}:
        other, other_level = floor(imported)
        assert other == room or other_level < level, f"{importer} (floor {level}) imports {imported} ({other_level})"


def test_every_room_has_a_floor():
    rooms = {path.name for path in ROOT.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert rooms <= set(FLOORS)


def test_no_import_goes_in_a_circle_not_even_for_type_checkers_or_inside_a_function():
    graph = {dotted(path): imports(path) for path in FILES}
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(f"circular import: {' -> '.join(error.args[1])}")
    assert set(graph) <= set(order)


def test_matplotlib_is_imported_by_plots_alone():
    for path in FILES:
        if dotted(path).split(".")[1:2] == ["plots"] or "matplotlib" not in path.read_text():
            continue
        tree = ast.parse(path.read_text())
        for block in (node for node in ast.walk(tree) if is_type_checking(node)):
            block.body = []
        names = [n.name for node in ast.walk(tree) if isinstance(node, ast.Import) for n in node.names]
        names += [str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        assert not [name for name in names if name.split(".")[0] == "matplotlib"], path


def test_a_folder_shows_about_twenty_files():
    folders = {path.parent for path in FILES}
    shown = {dotted(each / "__init__.py"): len(list(each.glob("_[!_]*.py"))) for each in folders}
    assert {name: count for name, count in shown.items() if count > MAX_FILES_PER_FOLDER} == {}


def test_pandas_is_not_imported_by_kernels():
    for path in (ROOT / "kernels").rglob("*.py"):
        assert "import pandas" not in path.read_text(), path


@pytest.mark.parametrize("path", FILES, ids=dotted)
def test_files_and_functions_stay_short(path):
    text = path.read_text()
    assert path.stem not in DRAWERS
    assert text.count("\n") <= MAX_LINES_PER_FILE
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            length = body[-1].end_lineno - body[0].lineno + 1 if body else 0
            assert length <= MAX_LINES_PER_FUNCTION, f"{path.name}:{node.lineno} {node.name} has {length} lines"


def test_every_compiled_file_is_a_kernel_and_no_other_file_is():
    folder = ROOT / "kernels" / "compiled"
    kernels = {path for path in FILES if "import cython" in path.read_text().splitlines()}
    assert kernels == {source_of(name) for name in kernel_modules()}
    assert {path.name for path in set(folder.rglob("*.py")) - kernels} == {"__init__.py"}


def test_directives_and_flags_are_in_setup_py_alone():
    for name in kernel_modules():
        assert "# cython:" not in source_of(name).read_text()
    assert "march" not in (ROOT.parent / "setup.py").read_text().replace("# No -march", "")


def test_no_package_is_named_like_what_its_parent_offers():
    """Importing one would put it where its parent has a function of the same name."""
    for stub in ROOT.rglob("__init__.pyi"):
        if stub.parent != ROOT:  # at the top the rooms are what is offered
            inside = {path.stem for path in stub.parent.iterdir() if path.is_dir() or path.suffix == ".py"}
            assert not inside & set(re.findall(r" as (\w+)", stub.read_text())), stub


def test_packages_are_those_that_exist():
    listed = tomllib.loads((ROOT.parent / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    found = {dotted(path) for path in FILES if path.name == "__init__.py"}
    assert set(listed) - {"riskresearch.datasets._data"} == found
