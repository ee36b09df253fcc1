"""The SVG stands inside a page: well formed, deterministic, in the page's colours, ids apart."""

import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pandas as pd
import pytest

from riskresearch import plots
from riskresearch.core import InvalidInputError
from riskresearch.plots._style import GAIN, LINE_COLOURS, LOSS


def growth_svg(*, name: str = "growth", n_rows: int = 300, label: str = "Portfolio") -> str:
    wealth = pd.Series(
        np.cumprod(1.0 + np.random.default_rng(1).normal(0.0003, 0.01, n_rows)),
        index=pd.bdate_range("1950-01-03", periods=n_rows),
        name=label,
    )
    with plots.plot_style():
        ax = plots.plot_growth(wealth, ax=plots.blank_axes())
        return plots.figure_to_svg(ax.figure, name=name, description="Growth of 1")


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255.0 for place in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_same_figure_gives_the_same_bytes():
    assert growth_svg() == growth_svg()


def test_it_is_one_well_formed_element_with_a_role_and_a_label():
    root = ElementTree.fromstring(growth_svg())
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert (root.attrib["role"], root.attrib["aria-label"]) == ("img", "Growth of 1")


def test_nothing_points_outside_the_page():
    svg = growth_svg().replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert "://" not in svg
    assert "<style" not in svg
    assert "metadata" not in svg


def test_ids_start_with_the_name_and_every_reference_is_answered():
    svg = growth_svg(name="chart-7")
    ids = re.findall(r'\bid="([^"]*)"', svg)
    references = re.findall(r'url\(#([^)]*)\)|href="#([^"]*)"', svg)
    assert len(ids) == len(set(ids)) > 0
    assert all(name.startswith("chart-7-") for name in ids)
    assert {one or other for one, other in references} == set(ids)


def test_text_stays_text_in_the_page_s_font_and_black_becomes_the_page_s_colour():
    svg = growth_svg()
    assert ">Growth of 1</text>" in svg
    assert "font-family" not in svg
    assert "#000000" not in svg
    assert "currentColor" in svg
    assert LINE_COLOURS[0] in svg


def test_hostile_and_foreign_names_are_escaped_and_need_no_glyph_of_matplotlib():
    svg = growth_svg(label='<script>alert("1")</script> 株式 $x$')
    assert "<script" not in svg
    assert '&lt;script&gt;alert("1")&lt;/script&gt; 株式 $x$</text>' in svg


def test_eighteen_thousand_points_stay_small():
    assert len(growth_svg(n_rows=18_000)) < 80_000


def test_a_dark_session_style_does_not_reach_the_page():
    import matplotlib  # noqa: PLC0415 - only this test sets it

    with matplotlib.rc_context({"text.color": "white", "axes.labelcolor": "white", "font.size": 30.0}):
        dark = growth_svg()
    assert dark == growth_svg()


@pytest.mark.parametrize("name", ["", "1a", "a b", 'a"b', "ä"])
def test_a_name_that_is_no_id_is_refused(name):
    with pytest.raises(InvalidInputError, match="name must hold only letters"):
        growth_svg(name=name)


@pytest.mark.parametrize("colour", [*LINE_COLOURS, GAIN, LOSS])
@pytest.mark.parametrize("page", ["#ffffff", "#12171f"])
def test_each_colour_has_a_contrast_of_three_on_white_and_on_dark(colour, page):
    lighter, darker = sorted((luminance(colour), luminance(page)), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 3.0
