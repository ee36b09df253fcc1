"""What every notebook keeps to, read from the stored file; nbval runs the cells and compares what they print."""

import ast
import base64
import importlib.util
import re
import struct
import sys
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager

FOLDER = Path(__file__).parents[1] / "notebooks"
PATHS = sorted(FOLDER.glob("*.ipynb"))
MOST_LINES = 12
FEWEST_PIXELS = 300

ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}")
# A slash or drive that starts a word, with two more parts behind it: a path of some machine, not a fraction.
ABSOLUTE_PATH = re.compile(r"(?<![\w.<>/:])(?:/[\w.~-]+){2,}|\b[A-Za-z]:\\|ipykernel_\d+|file://")
NUMBER = re.compile(r"\d")

pytestmark = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


def read(path):
    return nbformat.read(path, as_version=4)


def code_cells(path):
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def printed(cell):
    """Return the text that the cell stored; of a figure, nothing: not its picture and not its repr."""
    texts = []
    for output in cell.outputs:
        if output.output_type == "stream":
            texts.append(output.text)
        elif "image/png" not in output.get("data", {}):
            texts += [text for kind, text in output.get("data", {}).items() if kind.startswith("text/")]
    return "\n".join(texts)


def figures(cell):
    return [output.data["image/png"] for output in cell.outputs if "image/png" in output.get("data", {})]


def test_file_is_valid_and_named_by_number(path):
    notebook = read(path)
    nbformat.validate(notebook)
    assert re.fullmatch(r"\d\d_[a-z0-9_]+", path.stem)
    assert [cell.id for cell in notebook.cells] == [f"cell-{number:03d}" for number in range(len(notebook.cells))]


def test_no_metadata_of_a_session_is_stored(path):
    notebook = read(path)
    assert set(notebook.metadata) == {"kernelspec"}
    assert all(not cell.metadata for cell in notebook.cells), "execute.py clears tags, timings and cell states"


def test_title_asks_one_question_and_the_end_is_text(path):
    cells = read(path).cells
    assert cells[0].cell_type == cells[-1].cell_type == "markdown"
    title = cells[0].source.splitlines()[0]
    assert title.startswith("# ")
    assert title.count("?") == 1
    assert title.endswith("?")
    others = [line for cell in cells[1:] for line in cell.source.splitlines() if cell.cell_type == "markdown"]
    assert not [line for line in others if line.startswith("# ")], "one question, one title"
    assert "not show" in cells[-1].source, "the end says what the notebook does not show"


def test_text_stands_before_every_code_cell(path):
    for before, cell in pairwise(read(path).cells):
        assert cell.cell_type != "code" or before.cell_type == "markdown", cell.source


def test_all_cells_ran_once_from_top_to_bottom(path):
    counts = [cell.execution_count for cell in code_cells(path)]
    assert counts == list(range(1, len(counts) + 1))


def test_no_error_no_warning_and_no_widget_is_stored(path):
    for cell in code_cells(path):
        for output in cell.outputs:
            assert output.output_type != "error", output.get("evalue")
            assert output.get("name") != "stderr", output.text
            assert not [kind for kind in output.get("data", {}) if "widget" in kind or "javascript" in kind]


def test_cells_are_short_and_define_nothing(path):
    for cell in code_cells(path):
        assert len(cell.source.splitlines()) <= MOST_LINES, cell.source
        tree = ast.parse(TransformerManager().transform_cell(cell.source))
        definitions = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
        assert not [node for node in ast.walk(tree) if isinstance(node, definitions)], cell.source
        long_lambdas = [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Lambda)]
        assert all(len(text) <= 60 for text in long_lambdas), cell.source


def test_no_cell_escapes_the_comparison(path):
    for cell in code_cells(path):
        assert "NBVAL_" not in cell.source
        assert not cell.source.rstrip().endswith(";"), "nbval does not see the semicolon; assign to _"


def test_data_come_from_the_library_by_name(path):
    for cell in code_cells(path):
        assert not re.search(r"read_(csv|parquet|excel|pickle|json)|open\(|https?://", cell.source), cell.source


def test_numbers_stand_beside_each_figure(path):
    cells = code_cells(path)
    for cell, following in zip(cells, [*cells[1:], None], strict=True):
        if figures(cell):
            texts = printed(cell) + (printed(following) if following else "")
            assert NUMBER.search(texts), f"print the numbers behind the figure of\n{cell.source}"


def test_figures_are_large_enough_to_read(path):
    for cell in code_cells(path):
        for picture in figures(cell):
            width, height = struct.unpack(">II", base64.b64decode(picture)[16:24])
            assert min(width, height) >= FEWEST_PIXELS


def test_stored_text_has_no_address_and_no_path(path):
    for cell in code_cells(path):
        assert not ADDRESS.search(printed(cell)), printed(cell)
        assert not ABSOLUTE_PATH.search(printed(cell)), printed(cell)


def test_tidying_again_changes_no_byte(path, monkeypatch):
    spec = importlib.util.spec_from_file_location("execute", FOLDER / "execute.py")
    execute = importlib.util.module_from_spec(spec)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    spec.loader.exec_module(execute)
    notebook = read(path)
    execute.tidy(notebook)
    assert nbformat.writes(notebook) + "\n" == path.read_text(encoding="utf-8")
