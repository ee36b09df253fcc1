"""One definition of a table, written as text and as HTML with the same digits."""

import html
import re
from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from riskresearch.core.output import _formats as formats
from riskresearch.core.output._tables import as_html, as_text, frame_table, pairs, table
from tests.examples import examples

HAND = table(["", "return", "note"], [["A", "2.71%", "long"], ["Bond", "−13.00%", "short"], ["C", formats.MISSING, ""]])


def test_text_has_words_flush_left_numbers_flush_right_and_plain_signs():
    assert as_text(HAND) == "       return  note\nA       2.71%  long\nBond  -13.00%  short\nC           -"


def test_html_has_the_same_cells_with_typographic_signs():
    assert as_html(HAND) == (
        '<table><thead><tr><th></th><th>return</th><th>note</th></tr></thead><tbody><tr><th>A</th><td>2.71%</td>'
        '<td style="text-align: left">long</td></tr><tr><th>Bond</th><td>−13.00%</td><td style="text-align: left">short'
        '</td></tr><tr><th>C</th><td>–</td><td style="text-align: left"></td></tr></tbody></table>'
    )  # fmt: skip


def test_paragraphs_stand_between_tables_and_an_empty_one_is_a_line():
    blocks = ("first\nsecond", "", pairs([("a", "1")]), "a & b < c")
    assert as_text(*blocks) == "first\nsecond\n\na  1\na & b < c"
    shown = as_html(*blocks)
    assert shown.startswith("<p>first<br>second</p><table><tbody>")
    assert shown.endswith("<p>a &amp; b &lt; c</p>")


def test_names_of_users_neither_break_lines_nor_add_markup():
    rows = pairs([("a\nb\x1b[31m", "1"), ("<script>", "2")])
    assert as_text(rows).splitlines() == ["a b␛[31m  1", "<script>  2"]
    assert "<script>" not in as_html(rows)
    assert "\n" not in as_html(rows)


def test_wide_and_combining_letters_are_aligned():
    lines = as_text(pairs([("株式", "1"), ("abc", "2"), ("e\u0301", "3")])).splitlines()
    assert lines == ["株式  1", "abc   2", "e\u0301     3"]


def test_an_empty_table_is_its_head():
    assert as_text(table(["a", "b"], [])) == "a  b"
    assert as_html(table(["a", "b"], [])).endswith("<tbody></tbody></table>")


def test_frames_show_values_by_their_type():
    frame = pd.DataFrame(
        {
            "day": [pd.Timestamp("2024-01-05"), pd.NaT],
            "n": pd.array([1234, None], dtype="Int64"),
            "x": [0.1 + 0.2, np.nan],
        },
        index=pd.Index([2024, 2025], name="year"),
    )
    assert as_text(frame_table(frame, heads={"n": "count"})) == (
        "year         day  count    x\n2024  2024-01-05  1,234  0.3\n2025           -      -    -"
    )


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "–"), (pd.NaT, "–"), (pd.NA, "–"), (np.nan, "–"), (np.datetime64("NaT"), "–"),
        (np.datetime64("2024-01-05", "ns"), "2024-01-05"),
        (datetime(2024, 1, 5, 16, 30, tzinfo=UTC), "2024-01-05 16:30"),
        (date(2024, 1, 5), "2024-01-05"), (pd.Timestamp("2024-01-05 16:00"), "2024-01-05 16:00"),
        (True, "yes"), (np.False_, "no"), (12345, "12,345"), (np.int64(-3), "−3"),
        (0.30000000000000004, "0.3"), (np.float64(-1e-7), "−1e−07"), (np.inf, "∞"), ("text", "text"),
        (("a", 1.5), "a, 1.5"),
    ],
)  # fmt: skip
def test_cells(value, shown):
    assert formats.cell(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(1.0, "1"), (183421.5, "183,421.50"), (-0.012, "−0.012"), (np.nan, "–"), (0.0, "0.00")]
)
def test_money(value, shown):
    assert formats.money(value) == shown


@given(
    st.lists(st.floats(), min_size=1, max_size=5),
    st.sampled_from(
        ["percent", "percent_1", "percent_4", "ratio", "ratio_3", "ratio_4", "p_value", "money", "significant", "cell"]
    ),
)
@examples(200)
def test_text_and_html_have_the_same_digits_in_every_format(values, name):
    shown = pairs([(str(place), getattr(formats, name)(value)) for place, value in enumerate(values)])
    text = as_text(shown)
    cells = [html.unescape(cell) for cell in re.findall("<td>(.*?)</td>", as_html(shown))]
    typed = [cell.replace("−", "-").replace("∞", "inf").replace("–", "-") for cell in cells]
    assert [line.split()[-1] for line in text.splitlines()] == typed
    assert not re.search("nan|None|−", text)
