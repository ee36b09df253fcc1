"""Each file of report/sections is a section of the page, and nothing else has to know of it."""

from pathlib import Path

import pytest

from riskresearch.report import sections
from riskresearch.report._section import every_section

SECTIONS = every_section()
FILES = [path for path in Path(sections.__file__).parent.glob("_*.py") if path.stem != "__init__"]


def test_each_file_holds_one_section_called_like_the_file_at_a_place_of_its_own():
    assert sorted(section.name for section in SECTIONS) == sorted(path.stem[1:] for path in FILES)
    places = [section.place for section in SECTIONS]
    assert places == sorted(set(places))


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.name)
def test_a_section_stands_on_the_page_where_it_applies(section, report):
    assert f'id="{section.name}"' in report.html


def test_no_two_sections_compute_a_table_of_the_same_name(report):
    names = [name for section in SECTIONS for name in (section.without() if section.without else {})]
    assert len(names) == len(set(names)) == 2
    assert set(names) < set(report.tables)


def test_a_table_that_is_not_there_is_named_with_those_that_are(report):
    with pytest.raises(AttributeError, match=r"a report has no table 'headlin'\. It has: conventions, headline"):
        report.tables.headlin  # noqa: B018
