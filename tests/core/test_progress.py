"""Progress bars: shown where somebody sees them, and otherwise not there at all."""

import io
import sys
from types import SimpleNamespace

import pytest

import riskresearch
from riskresearch.core import progress_bar
from riskresearch.core.output import _progress


@pytest.fixture
def kernel(monkeypatch):
    shell = SimpleNamespace(kernel=object(), config={})
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))


@pytest.mark.parametrize("progress", [False, "auto"])
def test_without_a_bar_the_iterable_itself_comes_back(progress):
    items = [1, 2, 3]
    with riskresearch.options.context(progress=progress):
        assert progress_bar(items, description="work") is items


def test_a_listener_hears_each_stage_before_it_begins_where_no_bar_is_shown():
    heard = []
    with riskresearch.options.context(progress="auto"), _progress.stages_said(heard.append):
        for _ in progress_bar(["ab", "cd"], description="report", total=2, stage=str.upper):
            heard.append("done")
        assert list(progress_bar([1, 2], description="unnamed")) == [1, 2]
    assert heard == ["report: AB (1 of 2)", "done", "report: CD (2 of 2)", "done"]
    assert list(progress_bar(["ab"], description="report", stage=str.upper)) == ["ab"]
    assert len(heard) == 4


def test_without_a_bar_tqdm_is_not_imported(run_python):
    code = """
from riskresearch.core import progress_bar
print(list(progress_bar([1, 2], description="work")), "tqdm" in sys.modules)
"""
    assert run_python(code) == "[1, 2] False"


def test_auto_shows_a_bar_on_a_terminal(monkeypatch):
    terminal = io.StringIO()
    terminal.isatty = lambda: True
    monkeypatch.setattr(sys, "stderr", terminal)
    with riskresearch.options.context(progress="auto"):
        assert list(progress_bar(iter([1, 2]), description="work", total=2)) == [1, 2]
    assert "work: 100%" in terminal.getvalue()
    assert "2/2" in terminal.getvalue()


def test_true_shows_a_bar_without_a_terminal(capsys):
    with riskresearch.options.context(progress=True):
        assert list(progress_bar([1, 2], description="work")) == [1, 2]
    assert "work: 100%" in capsys.readouterr().err


def test_no_standard_error_means_no_bar(monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    items = [1]
    with riskresearch.options.context(progress="auto"):
        assert progress_bar(items, description="work") is items


@pytest.mark.parametrize(("widgets", "module"), [(True, "tqdm.auto"), (False, "tqdm.std")])
def test_a_kernel_uses_the_widget_only_if_there_is_ipywidgets(monkeypatch, kernel, widgets, module):
    imported = []

    def import_module(name):
        imported.append(name)
        return SimpleNamespace(tqdm=lambda items, desc, total: items)

    monkeypatch.setattr(_progress, "find_spec", lambda name: object() if widgets and name == "ipywidgets" else None)
    monkeypatch.setattr(_progress, "import_module", import_module)
    with riskresearch.options.context(progress=True):
        assert progress_bar([1], description="work") == [1]
    with riskresearch.options.context(progress="auto"):
        assert progress_bar([1], description="work") == [1]
    assert imported == [module] * (2 if widgets else 1)
