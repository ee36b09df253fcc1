"""docs/posttrade.md: every block runs, from top to bottom, and prints what the page shows."""

import doctest
import re
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "posttrade.md"
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def test_the_page_runs_from_top_to_bottom():
    blocks = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    examples = [each for block in blocks for each in doctest.DocTestParser().get_examples(block)]
    said: list[str] = []
    runner = doctest.DocTestRunner(optionflags=FLAGS, verbose=False)
    runner.run(doctest.DocTest(examples, {}, "posttrade", str(PAGE), 0, None), out=said.append)
    assert len(examples) > 30
    assert not said, "".join(said)
