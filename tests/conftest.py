"""Fresh interpreters, with this package or with a copy of it; cheap reports; Hypothesis' profiles."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import settings

import riskresearch
from tests.examples import examples
from tests.samples import of_any_size

PACKAGE = Path(riskresearch.__file__).parent

# No test asserts a time, so there is no deadline. `make test` tries the same few examples each time, on each machine;
# `make fuzz` chooses the other profile, which draws more and new ones.
settings.register_profile("same", examples(50, deadline=None, derandomize=True, database=None))
settings.register_profile("random", examples(100, deadline=None, print_blob=True))
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


def pytest_runtest_teardown() -> None:
    """Close what a test has drawn, since pyplot warns of the twentieth figure that is open."""
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let random examples be of any size, for chance draws some that look like prices or percent now and then."""
    for item in items:
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker(of_any_size)


RunPython = Callable[..., str]
CopyPackage = Callable[[str, Mapping[str, str]], Path]


@pytest.fixture
def run_python() -> RunPython:
    """Run `code` in a fresh isolated interpreter that finds the package in `folder`; return what it prints."""

    def run(code: str, *, folder: Path = PACKAGE.parent, environment: Mapping[str, str] | None = None) -> str:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("RISKRESEARCH_")}
        inherited.pop("EAGER_IMPORT", None)
        command = [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(folder)!r})\n{code}"]
        done = subprocess.run(
            command, env={**inherited, **(environment or {})}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return run


@pytest.fixture
def copy_package(tmp_path: Path) -> CopyPackage:
    """Copy the package into a folder, with a further component made of `files`; return the folder."""

    def copy(component: str, files: Mapping[str, str]) -> Path:
        shutil.copytree(PACKAGE, tmp_path / PACKAGE.name)
        stub = tmp_path / PACKAGE.name / "__init__.pyi"
        stub.write_text(f"from . import {component} as {component}\n{stub.read_text()}")
        folder = tmp_path / PACKAGE.name / component
        folder.mkdir()
        attach = "from riskresearch.core.importing._lazy import attach\n"
        (folder / "__init__.py").write_text(f"{attach}__getattr__, __dir__, __all__ = attach(__name__, __file__)\n")
        for name, text in files.items():
            (folder / name).write_text(text)
        return tmp_path

    return copy


@pytest.fixture
def few_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the intervals of a report have few draws, which are most of its cost, where a test is not about them."""
    monkeypatch.setattr("riskresearch.report._intervals.DRAWS", 100)
