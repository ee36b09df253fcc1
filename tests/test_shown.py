"""Every public function of these rooms stands in a notebook, in README or on a page of docs/."""

import ast
import importlib
import inspect
import re
from pathlib import Path

import nbformat
import pytest

from riskresearch import cli

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
NOTEBOOKS = list((ROOT / "notebooks").glob("*.ipynb"))
ROOMS = ["", "accessor", "accounts", "files", "metrics", "models", "portfolio", "posttrade", "report"]


@pytest.fixture(scope="module")
def words():
    texts = [page.read_text(encoding="utf-8") for page in PAGES]
    texts += [cell.source for path in NOTEBOOKS for cell in nbformat.read(path, as_version=4).cells]
    return {word for text in texts for word in re.findall(r"\w+", text)}


@pytest.mark.parametrize("room", ROOMS)
def test_every_public_function_is_shown(room, words):
    stub = ast.parse((ROOT / "riskresearch" / room / "__init__.pyi").read_text(encoding="utf-8"))
    names = [alias.name for node in stub.body if isinstance(node, ast.ImportFrom) for alias in node.names]
    module = importlib.import_module(f"riskresearch.{room}".rstrip("."))
    functions = [name for name in names if inspect.isfunction(getattr(module, name))]
    assert names
    assert [name for name in functions if name not in words] == []


def test_every_command_that_is_shown_exists():
    """Of README, docs/ and notebooks: the word after the program's name is one of its commands."""
    texts = [page.read_text(encoding="utf-8") for page in PAGES]
    texts += [cell.source for path in NOTEBOOKS for cell in nbformat.read(path, as_version=4).cells]
    shown = [word for text in texts for word in re.findall(r"(?:`|^|-m )riskresearch ([a-z]+)\b", text, re.MULTILINE)]
    assert {"report", "read", "doctor"} <= set(shown)
    for word in set(shown):
        with pytest.raises(SystemExit) as left:
            cli.main([word, "--help"])
        assert left.value.code == 0, word
