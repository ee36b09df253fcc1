"""README.md: its lines run, what it names is there, and what it counts is so many."""

import re
import tomllib
from pathlib import Path

import pytest

import riskresearch as rr

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
WHAT_IS_THERE = README.partition("## What is there")[2].partition("## Why believe it")[0]
NAME = r"[A-Za-z_][\w.]*"


def test_the_lines_run(capsys):
    names: dict[str, object] = {}
    blocks = re.findall(r"^```python\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)
    assert len(blocks) == 3
    for block in blocks:
        exec(block, names)
    assert "Sharpe ratio" in capsys.readouterr().out


def test_each_row_of_the_table_begins_with_public_names():
    rows = [line.split("|")[1] for line in WHAT_IS_THERE.splitlines() if line.startswith("| `")]
    names = [name for row in rows for name in re.findall(rf"`(?:riskresearch\.)?({NAME})(?:\(\)|\([^`]*\))?`", row)]
    assert len(names) >= 20
    for name in names:
        found = rr
        for part in name.split("."):
            found = getattr(found, part)


@pytest.mark.parametrize("status", ["pass", "differs on purpose"])
def test_the_reference_check_agrees_as_often_as_it_says(status):
    says = re.search(r"recomputes (\d+) published numbers.*: (\d+) agree, (\d+) differ on purpose", README)
    every, agree, differ = map(int, says.groups())
    check = rr.reference_check()
    assert len(check.status) == every
    assert check.count(status) == {"pass": agree, "differs on purpose": differ}[status]


def test_the_notebooks_and_pages_are_all_there_and_all_named():
    links = set(re.findall(r"\]\(([\w./-]+)\)", README))
    assert all((ROOT / link).exists() for link in links)
    assert {path.relative_to(ROOT).as_posix() for path in ROOT.glob("notebooks/*.ipynb")} <= links
    pages = {"first_hour", "report", "files", "coverage", "benchmarks", "pretrade", "posttrade"}
    assert {f"docs/{page}.md" for page in pages} <= links


def test_every_extra_is_named():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = README.partition("other extras are")[2].partition(". With")[0]
    assert set(re.findall(r"`(\w+)`", named)) | {"notebooks"} == set(project["optional-dependencies"])


def test_the_data_sets_are_as_many_as_it_says():
    assert f"| {len(rr.datasets.names())} sets of real market data" in README
