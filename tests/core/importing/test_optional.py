"""Optional dependencies: missing, broken and too old are three different errors."""

import sys

import pytest
from hypothesis import given, strategies as st

from riskresearch.core import OptionalDependencyError, optional_import
from riskresearch.core.importing._optional import installed_version, is_older

INSTALL = r'pip install "riskresearch\[parquet\]" \(interpreter: '


@pytest.fixture
def module_path(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    for name in [name for name in sys.modules if name.startswith("fake_")]:
        del sys.modules[name]


def load(module, minimum_version=None):
    return optional_import(module, extra="parquet", feature="read_parquet", minimum_version=minimum_version)


def test_a_present_module_is_returned():
    assert load("json.decoder") is sys.modules["json.decoder"]


def test_a_missing_module_names_the_extra_and_the_interpreter():
    with pytest.raises(OptionalDependencyError, match=f"^read_parquet needs fake_missing: {INSTALL}") as caught:
        load("fake_missing.inside")
    assert sys.executable in str(caught.value)
    assert caught.value.name == "fake_missing.inside"
    assert isinstance(caught.value, ImportError)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("import fake_dependency_of_it", "ModuleNotFoundError: No module named 'fake_dependency_of_it'"),
        ("raise ValueError('numpy.dtype size changed')", "ValueError: numpy.dtype size changed"),
    ],
)
def test_a_broken_module_says_what_is_wrong_with_it(module_path, text, reason):
    (module_path / "fake_broken.py").write_text(text)
    with pytest.raises(OptionalDependencyError, match="fake_broken, which is installed but fails to import") as caught:
        load("fake_broken")
    assert f"({reason})" in str(caught.value)
    assert caught.value.__cause__ is not None


def test_a_package_without_the_wanted_module_is_broken_not_missing(module_path):
    (module_path / "fake_package").mkdir()
    (module_path / "fake_package" / "__init__.py").touch()
    with pytest.raises(OptionalDependencyError, match=r"fake_package\.inside, which is installed but fails to import"):
        load("fake_package.inside")


def test_an_old_module_gives_both_versions(module_path):
    (module_path / "fake_old.py").write_text("__version__ = '9.1'")
    assert load("fake_old", minimum_version="9.1.0").__version__ == "9.1"
    with pytest.raises(OptionalDependencyError, match=rf"needs fake_old >= 16, found 9\.1: {INSTALL}"):
        load("fake_old", minimum_version="16")


def test_a_module_without_a_version_does_not_pass_for_new(module_path):
    (module_path / "fake_nameless.py").touch()
    with pytest.raises(OptionalDependencyError, match="needs fake_nameless >= 1, found no version"):
        load("fake_nameless", minimum_version="1")


def test_the_version_comes_from_the_distribution_if_the_module_states_none():
    assert installed_version("pytest") == pytest.__version__
    assert installed_version("fake_missing") is None


@given(st.lists(st.integers(0, 99), min_size=1, max_size=4), st.lists(st.integers(0, 99), min_size=1, max_size=4))
def test_versions_compare_by_number(left, right):
    width = max(len(left), len(right))
    pad = [[*part, *[0] * (width - len(part))] for part in (left, right)]
    assert is_older(".".join(map(str, left)), ".".join(map(str, right))) == (pad[0] < pad[1])


def test_release_candidates_count_as_their_release():
    assert not is_older("2.0rc1", "2.0")
    assert is_older("1.9.post1", "1.10")
