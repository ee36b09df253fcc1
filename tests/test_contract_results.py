"""Every result that shows itself as text and as HTML shows the same numbers in both, and no raw ones in either.

Results are found by inspection; one without a case in `tests/results.py` fails.
"""

import html
import importlib
import inspect
import pkgutil
import re
import warnings

import pytest

import riskresearch
from tests.results import CASES

OF_ANOTHER_HAND = {"Report"}
"""Its page has tests of its own."""
WRITTEN_AS_SENTENCES = {"HaltSignificance", "BreakerBacktest"}
"""Their text tells what their HTML has in a table, in another order."""
NUMBER = re.compile(r"[-−]?\d[\d,]*(?:\.\d+)?(?:e[-−+]?\d+)?%?")
RAW = re.compile(r"\b(?:NaT|NaN|nan|None|NAType|np\.\w+)\b|<NA>|\d\.0*[1-9]\d{14,}|0x[0-9a-f]{6,}")


def shown_classes():
    found = {}
    for module in pkgutil.walk_packages(riskresearch.__path__, "riskresearch."):
        if not re.search(r"_data\b|__main__|\.kernels\.", module.name):
            for name, each in vars(importlib.import_module(module.name)).items():
                if inspect.isclass(each) and each.__module__ == module.name and "_repr_html_" in vars(each):
                    found[name] = each
    return found


SHOWN = shown_classes()
EACH = [(name, place) for name, makers in CASES.items() for place in range(len(makers))]


def text_of(result):
    found = result.summary()
    return found if isinstance(found, str) else found.summary()


def words_of(page):
    """Return what a page says, a blank for each tag."""
    return html.unescape(re.sub(r"<[^>]+>", " ", page))


def numbers(text):
    return [found.replace("−", "-") for found in NUMBER.findall(text)]


def test_every_class_that_shows_itself_has_a_case():
    assert len(SHOWN) > 30
    assert set(SHOWN) - OF_ANOTHER_HAND == {name for name, makers in CASES.items() if makers}


@pytest.fixture(scope="module")
def results():
    made = {}

    def make(name, place):
        if (name, place) not in made:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # small samples; what they say is tested elsewhere
                made[name, place] = CASES[name][place]()
        return made[name, place]

    return make


@pytest.mark.parametrize(("name", "place"), EACH)
def test_text_and_html_show_the_same_numbers(results, name, place):
    result = results(name, place)
    assert type(result) is SHOWN[name]
    text, page = text_of(result), words_of(result._repr_html_())
    if name in WRITTEN_AS_SENTENCES:
        assert set(numbers(text)) == set(numbers(page))
    else:
        assert numbers(text) == numbers(page)
    assert numbers(text) or text == "no drawdown"
    assert (text_of(result), result._repr_html_()) == (text_of(result), result._repr_html_())


@pytest.mark.parametrize(("name", "place"), EACH)
def test_neither_shows_what_only_a_machine_reads(results, name, place):
    result = results(name, place)
    if name == "DatasetInfo":
        pytest.skip("what is known of a file speaks of NaN")
    for shown in (text_of(result), words_of(result._repr_html_()), repr(result)):
        assert not RAW.search(shown), RAW.search(shown)


@pytest.mark.parametrize(("name", "place"), EACH)
def test_text_has_plain_minus_signs_and_html_no_markup_of_users(results, name, place):
    result = results(name, place)
    assert not re.search("−[0-9]", text_of(result).replace("of −2", ""))
    assert "<b>" not in result._repr_html_()
