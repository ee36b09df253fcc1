"""What holds for every public function that draws: the title, room for everything, one style, dark pages."""

import ast
import inspect
import itertools
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba

import riskresearch
from riskresearch import plots
from riskresearch.core import InvalidInputError
from tests.plots.figures import FIGURES

PACKAGE = Path(riskresearch.__file__).parent
TITLE = "What the figure shows"
SIZES = {"page": (600.0, 240.0), "half": (370.0, 190.0)}


@pytest.fixture(autouse=True)
def no_open_figures():
    plt.close("all")
    yield
    plt.close("all")


def on_page(name, size="page", **how):
    width, height = SIZES[size]
    return FIGURES[name](ax=plots.blank_axes(width=width, height=height), **how)


def texts_of(ax):
    """Return every text that is drawn, by what it is, with its box in pixels."""
    ax.figure.draw_without_rendering()
    found = [("title", ax.title), ("title left", ax._left_title), ("title right", ax._right_title)]
    for each in ax.figure.axes:
        for axis in (each.xaxis, each.yaxis):
            found.append((f"name of {axis.axis_name}", axis.label))
            low, high = sorted(axis.get_view_interval())
            ticks = [tick for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
            found += [("tick", label) for tick in ticks for label in (tick.label1, tick.label2)]
        found += [("text", text) for text in each.texts]
        found += [("legend", text) for legend in [each.get_legend()] if legend for text in legend.get_texts()]
    shown = [(kind, text) for kind, text in found if text.get_visible() and text.get_text().strip()]
    return [(kind, text, text.get_window_extent()) for kind, text in shown]


def assert_readable(ax):
    drawn = texts_of(ax)
    page = ax.figure.bbox
    for kind, text, box in drawn:
        inside = page.x0 - 1 <= box.x0 and box.x1 <= page.x1 + 1 and page.y0 - 1 <= box.y0 and box.y1 <= page.y1 + 1
        assert inside, (kind, text.get_text(), box.extents, page.extents)
    for (kind, text, box), (other_kind, other, other_box) in itertools.combinations(drawn, 2):
        # A line of text has room above and below its letters.
        covered = box.shrunk(0.96, 0.7).overlaps(other_box.shrunk(0.96, 0.7))
        assert not covered, (kind, text.get_text(), other_kind, other.get_text())


def test_there_is_a_figure_for_each_public_function_that_draws():
    public = {name for name in plots.__all__ if name.startswith("plot_")} - {"plot_style"}
    assert {name.split()[0] for name in FIGURES} == public
    for name in public:
        parameters = inspect.signature(getattr(plots, name)).parameters
        assert list(parameters)[-2:] == ["title", "ax"], name
        assert parameters["title"].default is None, name


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", FIGURES)
def test_with_a_title_nothing_lies_outside_the_figure_nor_over_another_text(name, size):
    ax = on_page(name, size, title=TITLE)
    assert ax.get_title(loc="left") == TITLE
    assert_readable(ax)


@pytest.mark.parametrize(
    "name", ["plot_growth", "plot_distribution", "plot_rolling of nine", "plot_heat_map of 20 by 20"]
)
def test_without_a_title_there_is_none(name):
    ax = on_page(name)
    assert "".join(ax.get_title(loc=loc) for loc in ("left", "center", "right")) == ""
    assert_readable(ax)


@pytest.mark.parametrize("loc", ["left", "center", "right"])
@pytest.mark.parametrize("name", ["plot_growth", "plot_rolling of nine", "plot_heat_map", "plot_bars"])
def test_a_title_that_the_user_sets_later_replaces_ours_and_covers_nothing(name, loc):
    for size, ours in zip(SIZES, (None, TITLE), strict=True):
        ax = on_page(name, size, title=ours)
        ax.set_title("Of the user", loc=loc)
        assert_readable(ax)
        titles = [ax.get_title(loc=place) for place in ("left", "center", "right")]
        assert [title for title in titles if title] == ["Of the user"]


def test_a_title_over_axes_of_the_user_covers_no_name_either():
    figure, axes = plt.subplots(3, 1, figsize=(6.0, 7.0), layout="constrained")
    for ax, name in zip(axes, ["plot_growth", "plot_rolling", "plot_distribution"], strict=True):
        FIGURES[name](ax=ax)
        ax.set_title("Of the user", loc="left")
    assert_readable(axes[0])
    assert [ax.get_title(loc="left") for ax in axes] == ["Of the user"] * 3
    assert figure.axes == list(axes)


def test_long_titles_and_names_are_broken_into_lines_where_the_figure_is_narrow():
    long = "Growth of one unit of money in the portfolio and in the index, each bought before the first return"
    ax = on_page("plot_growth", "half", title=long)
    assert_readable(ax)
    assert ax.get_title(loc="left").count("\n") == 1
    assert ax.get_title(loc="left").replace("\n", " ") == long


@pytest.mark.parametrize("name", FIGURES)
def test_figures_are_in_one_style_whatever_the_session_has_set_and_light_on_a_dark_page(name):
    session = {"font.size": 20.0, "axes.grid": True, "axes.spines.top": True, "xtick.direction": "in"}
    with plt.style.context(["dark_background", session]):
        before = dict(matplotlib.rcParams)
        own = plt.subplots(layout="constrained")[1]
        in_session = FIGURES[name](title=TITLE)
        assert dict(matplotlib.rcParams) == before
    assert_readable(in_session)
    # The style of the session is over when its Axes are drawn on.
    for ax in (in_session, FIGURES[name](title=TITLE, ax=own)):
        texts = texts_of(ax)
        sizes = {kind: text.get_fontsize() for kind, text, _ in texts}
        assert sizes.pop("title left") == 9.5
        assert max(sizes.values()) == 8.5
        assert not ax.spines["top"].get_visible()
        assert to_rgba(ax.figure.get_facecolor())[:3] == (0.0, 0.0, 0.0)
        for kind, text, _ in texts:
            assert sum(to_rgba(text.get_color())[:3]) > 1.5, (kind, text.get_text())


@pytest.mark.parametrize("name", FIGURES)
def test_on_a_page_black_becomes_the_colour_of_the_text(name):
    with plots.plot_style():
        svg = plots.figure_to_svg(on_page(name, title=TITLE).figure, name="figure", description="A figure")
    assert f">{TITLE}</text>" in svg
    assert "#000000" not in svg
    assert "<image" not in svg
    assert "#ffffff" not in svg


def test_the_style_is_for_axes_of_the_user_too():
    with plots.plot_style():
        figure, ax = plt.subplots()
        bars = ax.bar(["2008", "2020"], [50.0, 34.0])
        ax.set_title("Worst loss of the year (%)")
    assert ax.get_title(loc="left") == "Worst loss of the year (%)"
    assert matplotlib.colors.to_hex(bars[0].get_facecolor()) == plots._style.LINE_COLOURS[0]
    assert not ax.spines["left"].get_visible()
    assert figure.get_layout_engine() is not None


@pytest.mark.parametrize("ax", ["here", 3, [1, 2]])
def test_what_is_no_axes_is_refused(ax):
    with pytest.raises(InvalidInputError, match="ax must be one Axes of matplotlib, got"):
        FIGURES["plot_growth"](ax=ax)


def test_several_axes_are_refused_with_how_to_pass_one():
    with pytest.raises(InvalidInputError, match=r"got a ndarray\. Pass one of them: axes\[0\]"):
        FIGURES["plot_growth"](ax=plt.subplots(2, 1)[1])


def calls_of_plots(path):
    """Return the calls of functions that draw in a file, by name."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id.startswith("plot_"):
            yield node.func.id, {keyword.arg for keyword in node.keywords}


def test_the_plot_method_of_every_result_gives_its_figure_a_title():
    files = [path for path in PACKAGE.rglob("*.py") if not {"plots", "sections"} & set(path.relative_to(PACKAGE).parts)]
    calls = [(path.name, name, keywords) for path in files for name, keywords in calls_of_plots(path)]
    assert len(calls) > 20
    assert [(path, name) for path, name, keywords in calls if "title" not in keywords] == []


def test_a_figure_is_one_axes_that_pyplot_and_the_user_see():
    ax = FIGURES["plot_growth"](title=TITLE)
    assert isinstance(ax, Axes)
    assert ax.figure.axes == [ax]
    assert plt.gca() is ax
