"""docs/posttrade.md and docs/pretrade.md: every block runs and prints what the page shows, and what a table names is there."""

import ast
import doctest
import re
from pathlib import Path

import pytest

from riskresearch import posttrade, pretrade

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
OUT_OF_SCOPE = "out of scope"


@pytest.mark.parametrize(("name", "fewest"), [("posttrade", 30), ("pretrade", 25)])
def test_the_page_runs_from_top_to_bottom(name, fewest):
    page = DOCS / f"{name}.md"
    blocks = re.findall(r"^```python\n(.*?)^```$", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    examples = [each for block in blocks for each in doctest.DocTestParser().get_examples(block)]
    said: list[str] = []
    runner = doctest.DocTestRunner(optionflags=FLAGS, verbose=False)
    runner.run(doctest.DocTest(examples, {}, name, str(page), 0, None), out=said.append)
    assert len(examples) > fewest
    assert not said, "".join(said)


def rows_of_the_checklist():
    """Return the cells of each row of the table of rules."""
    section = (DOCS / "pretrade.md").read_text(encoding="utf-8").partition("## Checklist")[2]
    lines = [line for line in section.splitlines() if line.startswith("| ") and not line.startswith("| rule")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.mark.parametrize("row", rows_of_the_checklist(), ids=lambda row: row[0])
def test_limits_and_tests_of_a_row_of_the_checklist_exist(row):
    _, _, limits, tests = row
    named = re.findall(r"`(pretrade|posttrade)\.(\w+)", limits)
    places = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", tests)
    if limits.startswith(OUT_OF_SCOPE):
        assert not tests
        return
    assert named
    assert places
    for package, name in named:
        assert hasattr({"pretrade": pretrade, "posttrade": posttrade}[package], name), name
    for path, name in places:
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, f"{path}::{name}"


def test_the_checklist_covers_every_rule_that_it_announces():
    rules = {row[0].partition(" (")[0].partition(".")[0] for row in rows_of_the_checklist()}
    assert {"SEC", "RTS 6 Art", "FIA"} <= rules
