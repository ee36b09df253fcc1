"""The pages on trades: every block runs and prints what the page shows, and what a table names is there."""

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


def test_the_checklist_covers_the_three_rules_and_names_what_is_out_of_scope():
    rows = rows_of_the_checklist()
    rules = [re.match(r"SEC \(c\)\([12]\)|RTS 6 Art\. \d+|FIA", row[0])[0] for row in rows]
    assert {"SEC (c)(1)", "SEC (c)(2)", *(f"RTS 6 Art. {article}" for article in (15, 16, 17)), "FIA"} <= set(rules)
    assert sum(row[2].startswith(OUT_OF_SCOPE) for row in rows) >= 5
