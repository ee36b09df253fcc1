"""The page: whole, self-contained, safe, the same each time, and usable without eyes or a wide screen."""

import re
from html import unescape
from html.parser import HTMLParser

import pandas as pd
import pytest

from riskresearch.core import InvalidInputError
from riskresearch.report import build_bundled_report, build_report
from riskresearch.report._report import SECTION_NAMES
from riskresearch.report._templates import style_sheet
from tests.report.pages import section_of

pytestmark = pytest.mark.filterwarnings("ignore:.* extrapolates .* to a year")  # a few rows will do here

VOID = {"meta", "br", "hr", "img", "link", "input"}


class Reader(HTMLParser):
    """Collect what the tests ask about and check that every tag is closed in its turn."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.texts.append(data)

    def found(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def page(report) -> Reader:
    return Reader(report.html)


def test_every_tag_is_closed_in_its_turn(page):
    assert page.open == []


def test_it_says_its_language_title_and_width(page, report):
    assert report.html.startswith("<!DOCTYPE html>\n")
    assert page.found("html") == [{"lang": "en"}]
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in page.found("meta")
    assert len(page.found("title")) == len(page.found("h1")) == 1


def test_nothing_is_fetched_and_nothing_is_run(page, report):
    assert re.findall(r"[a-z]+://[^\"' ]+", report.html.replace('xmlns="http://www.w3.org/2000/svg"', "")) == []
    assert {tag for tag, _ in page.tags}.isdisjoint({"script", "link", "img", "iframe", "object", "embed", "base"})
    assert all(attributes["href"].startswith("#") for attributes in page.found("a"))
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert "@import" not in report.html
    assert "@font-face" not in report.html


def test_hostile_names_are_only_text(page, report):
    assert "<script" not in report.html
    assert sum('<script>alert("x")</script> & $\\frac$' in text for text in page.texts) >= 4


def test_ids_are_unique_and_every_reference_is_answered(page, report):
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    named = [attributes["aria-labelledby"] for _, attributes in page.tags if "aria-labelledby" in attributes]
    named += [attributes["href"].removeprefix("#") for attributes in page.found("a")]
    assert set(named) | set(re.findall(r"url\(#([^)]*)\)", report.html)) <= set(ids)


def test_figures_have_words_and_tables_have_captions_and_scopes(page):
    figures = page.found("svg")
    assert figures
    assert len(figures) == len(page.found("figure")) == len(page.found("figcaption"))
    assert all(figure["role"] == "img" and len(figure["aria-label"]) > 20 for figure in figures)
    assert page.found("table")
    assert len(page.found("caption")) == len(page.found("table"))
    assert all(cell["scope"] in ("col", "row") for cell in page.found("th"))


def test_the_same_input_gives_the_same_bytes(report, stocks, index):
    again = build_report(stocks, benchmark=index, level=0.975, title=report.title, notes=["Mind " + report.title[5:]])
    assert again.html == report.html


def test_the_style_adapts_to_dark_screens_paper_and_phones():
    style = style_sheet()
    for rule in ("prefers-color-scheme: dark", "@media print", "@page", "max-width: 640px", "break-inside: avoid"):
        assert rule in style
    assert style.count("{") == style.count("}")


def test_conventions_are_printed_at_the_end(report):
    end = section_of(report.html, "conventions")
    assert report.html.index('<section id="conventions"') == report.html.rindex("<section ")
    for words in (
        "600 returns, one per day",
        "2019-01-01 to 2021-04-19",
        "252, read off the dates",
        "0% per day",
        "VaR, level 97.5%",
        "loss of rank ⌈0.975 n⌉",
        "mean of the worst 2.5% of losses",
        "equal weights in 3 assets",
        'nan_policy="raise"',
        report.tables.conventions.loc["SHA-256 of returns", "Value"],
    ):
        assert words in unescape(end)


@pytest.mark.usefixtures("few_draws")
def test_sections_come_in_the_order_wanted_and_no_others(stocks):
    html = build_report(stocks, sections=["monthly", "headline"]).html
    ids = [attributes.get("id") for attributes in Reader(html).found("section")]
    assert ids == ["monthly", "headline", "conventions"]


@pytest.mark.parametrize(
    ("sections", "message"),
    [
        (["growht"], "sections must be one of .*Did you mean 'growth'"),
        (["now", "now"], "each section once, got 'now' twice"),
        ("growth", "sections must be a sequence of names"),
    ],
)
def test_wrong_sections_are_refused(stocks, sections, message):
    with pytest.raises(InvalidInputError, match=message):
        build_report(stocks, sections=sections)


@pytest.mark.usefixtures("few_draws")
@pytest.mark.parametrize("name", SECTION_NAMES)
def test_each_section_stands_alone(stocks, index, name):
    reader = Reader(build_report(stocks["AAA"], benchmark=index, sections=[name]).html)
    assert reader.open == []
    sections = [attributes["id"] for attributes in reader.found("section")]
    assert sections == [name, "conventions"]
    assert reader.found("nav")


@pytest.mark.usefixtures("few_draws")
@pytest.mark.parametrize(
    "returns",
    [
        pd.Series([0.0] * 6, index=pd.bdate_range("2024-01-01", periods=6), name="still"),
        pd.Series([0.1, -1.0, 0.0, 0.0], index=pd.bdate_range("2024-01-01", periods=4), name="ruined"),
        pd.Series([0.01, -0.01], index=pd.bdate_range("2024-01-01", periods=2), name="two"),
        pd.Series([0.02, -0.03] * 9, index=pd.period_range("2020-01", periods=18, freq="M"), name="months"),
        pd.Series([0.2, -0.1, 0.3], index=pd.date_range("2020-12-31", periods=3, freq="YE"), name="years"),
        pd.Series([0.01] * 9, index=pd.date_range("2024-01-01", periods=9, freq="W", tz="Asia/Tokyo"), name="rising"),
    ],
    ids=lambda returns: returns.name,
)
def test_odd_series_make_a_whole_page(returns):
    report = build_report(returns)
    assert Reader(report.html).open == []
    assert "nan" not in re.sub(r"nan_policy", "", report.html)


@pytest.mark.usefixtures("few_draws")
def test_the_bundled_page_says_what_is_wrong_with_it_and_stays_under_a_megabyte():
    bundled = build_bundled_report()
    assert len(bundled.html.encode()) < 1_000_000
    text = " ".join(Reader(bundled.html).texts)
    first, later = text.index("Read this first"), text.index("Growth of 1")
    warning = text[first:later]
    own, benchmark = bundled.tables.headline.loc["Annual return"]
    for words in (
        "Selection bias",
        f"{100 * own:.1f}% a year against {100 * benchmark:.1f}% for the index",
        "price index, without dividends",
        "RRC has no return before 2001-01-03",
    ):
        assert words in warning


@pytest.mark.usefixtures("few_draws")
def test_control_characters_are_shown_as_pictures(stocks, tmp_path):
    names = ["A\x00", "B\x1b[31m", "C\x7f\x85\ufffe"]
    returns = stocks.set_axis(names, axis=1)
    page = build_report(returns, title="Fund\x01\ud800", notes=["Mind \x08"], source="\x0b").save(
        tmp_path / "page.html"
    )
    text = page.read_text(encoding="utf-8")
    assert not re.findall("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe]", text)
    for shown in ("A␀", "B␛[31m", "C␡�", "Fund␁�", "Mind ␈"):
        assert shown in text


@pytest.mark.usefixtures("few_draws")
def test_more_series_than_a_figure_holds_are_not_drawn(stocks):
    wide = pd.concat([stocks.iloc[:, 0] * (1 + number / 100) for number in range(101)], axis=1)
    page = build_report(wide.set_axis([f"A{number}" for number in range(101)], axis=1), sections=["correlation"]).html
    assert "Not drawn for more than 100 series" in page
    assert "<svg" not in page[page.index('id="correlation"') :]
