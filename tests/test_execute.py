"""notebooks/execute.py: equal bytes on each run, and nothing written when a cell fails."""

import importlib.util
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

SCRIPT = Path(__file__).parents[1] / "notebooks" / "execute.py"


@pytest.fixture
def execute(monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.setenv("PYTHONHASHSEED", "1")  # put back after the script has set its own
    spec = importlib.util.spec_from_file_location("execute", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def written(path, *sources):
    notebook = new_notebook(cells=[new_markdown_cell("# Why?"), *map(new_code_cell, sources)])
    notebook.metadata["language_info"] = {"name": "python", "version": "0"}
    notebook.cells[1].metadata["tags"] = ["slow"]
    nbformat.write(notebook, path)
    return path


def test_two_runs_write_the_same_bytes(execute, tmp_path):
    path = written(tmp_path / "a.ipynb", "print('one')\nprint('two')", "import os\nprint(set('abc'))\nos.getcwd()[-9:]")
    execute.main([str(path)])
    first = path.read_bytes()
    execute.main([str(path)])
    assert path.read_bytes() == first
    notebook = nbformat.read(path, as_version=4)
    assert [cell.id for cell in notebook.cells] == ["cell-000", "cell-001", "cell-002"]
    assert notebook.cells[1].outputs[0].text == "one\ntwo\n"
    assert notebook.cells[2].outputs[1].data["text/plain"] == "'notebooks'"
    assert [dict(cell.metadata) for cell in notebook.cells] == [{}, {}, {}]


def test_a_failing_cell_leaves_the_file_as_it_was(execute, tmp_path):
    path = written(tmp_path / "b.ipynb", "1 / 0")
    before = path.read_bytes()
    with pytest.raises(SystemExit, match=r"b\.ipynb is left as it was(.|\n)*ZeroDivisionError"):
        execute.main([str(path)])
    assert path.read_bytes() == before


def test_a_name_that_is_no_notebook_is_refused(execute):
    with pytest.raises(SystemExit, match=r"03_missing\.ipynb is not a notebook"):
        execute.main(["03_missing.ipynb"])
