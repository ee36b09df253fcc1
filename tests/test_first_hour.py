"""docs/first_hour.md: ten tasks, each in at most four lines, which run and print what the page shows."""

import doctest
import re
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

PAGE = Path(__file__).parents[1] / "docs" / "first_hour.md"
MOST_LINES = 4
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def sections() -> dict[str, list[str]]:
    """Return the blocks of code of each section, by its title."""
    found = {}
    for section in re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE):
        title, _, text = section.partition("\n")
        found[title] = re.findall(r"^```python\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)
    return found


SECTIONS = sections()
TASKS = {title: blocks for title, blocks in SECTIONS.items() if re.match(r"\([a-z]\) ", title)}


def examples(block: str) -> list[doctest.Example]:
    return doctest.DocTestParser().get_examples(block)


def test_the_ten_tasks_are_there_in_order():
    assert [title[1] for title in TASKS] == list("abcdefghij")


@pytest.mark.parametrize("title", TASKS)
def test_a_task_takes_at_most_four_lines_and_shows_what_it_gives(title):
    task = examples(TASKS[title][0])
    assert 1 <= sum(example.source.count("\n") for example in task) <= MOST_LINES
    assert all(len(example.source) <= 120 for example in task)
    assert any(example.want for block in TASKS[title] for example in examples(block))


def test_the_page_runs_from_top_to_bottom(tmp_path, monkeypatch):
    pytest.importorskip("distributed", reason="one of the tasks runs on dask")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    said: list[str] = []
    runner = doctest.DocTestRunner(optionflags=FLAGS, verbose=False)
    try:
        for title, blocks in SECTIONS.items():
            test = doctest.DocTest(
                [example for block in blocks for example in examples(block)], names, title, str(PAGE), 0, None
            )
            runner.run(test, out=said.append, clear_globs=False)
            names = test.globs
    finally:
        plt.close("all")
        if "client" in names:
            names["client"].close()
    assert runner.summarize(verbose=False).failed == 0, "".join(said)
