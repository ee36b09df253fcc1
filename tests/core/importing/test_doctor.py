"""The doctor's report: versions, compiled kernels, optional parts, import cost."""

import pytest

from riskresearch.core import doctor_report
from riskresearch.core.importing import _doctor

METADATA = """Metadata-Version: 2.1
Name: riskresearch
Version: 0.1.0
Requires-Dist: numpy<3,>=2.0
Requires-Dist: fake-required (>=2.2,<4)
Requires-Dist: pandas>=999; extra == "parquet"
Requires-Dist: pytest>=1; extra == "test"
Requires-Dist: riskresearch[parquet]; extra == "test"
Requires-Dist: fake-optional>=1.2; python_version > "3" and extra == 'bench'
"""


@pytest.fixture
def installed(tmp_path, monkeypatch):
    folder = tmp_path / "riskresearch-0.1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(METADATA)
    monkeypatch.syspath_prepend(tmp_path)


@pytest.fixture
def no_cost(monkeypatch):
    monkeypatch.setattr(_doctor, "_cost_lines", list)


def test_present_missing_and_old_packages_are_told_apart(installed, no_cost):
    report = doctor_report()
    assert "fake-required MISSING" in report
    assert 'bench: fake-optional MISSING; to get it: pip install "riskresearch[bench]"' in report
    assert "TOO OLD (needs >= 999); to get it: pip install" in report
    assert f"test: pytest {pytest.__version__}\n" in report


def test_a_checkout_that_is_not_installed_says_so(monkeypatch, no_cost):
    def requires(name):
        raise _doctor.importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(_doctor.importlib.metadata, "requires", requires)
    assert "without being installed" in doctor_report()


def test_kernels_are_compiled_or_not(monkeypatch, tmp_path, no_cost):
    kernels = tmp_path / "kernels" / "compiled"
    kernels.mkdir(parents=True)
    (kernels / "_fast.py").write_text("import cython\n")
    (kernels / "_slow.py").write_text("import cython\n")
    (kernels / f"_fast{_doctor.EXTENSION_SUFFIXES[0]}").touch()
    monkeypatch.setattr(_doctor, "_package_folder", lambda: tmp_path)
    report = doctor_report()
    assert "_fast: compiled" in report
    assert "_slow: NOT compiled" in report


def test_a_bad_environment_value_is_reported_not_raised(monkeypatch, no_cost):
    options = type(_doctor.options)()
    monkeypatch.setattr(_doctor, "options", options)
    monkeypatch.setenv("RISKRESEARCH_THREADS", "many")
    assert "Options: RISKRESEARCH_THREADS must be an integer >= 1" in doctor_report()


def test_the_cost_of_every_component_is_listed():
    lines = doctor_report().partition("Import cost")[2].splitlines()[1:]
    assert lines[0].split()[:4] == ["component", "ms", "MB", "modules"]
    assert lines[1].split()[0] == "riskresearch"
    assert "lazy_loader" in lines[1]
    assert "core" in [line.split()[0] for line in lines]


def test_a_failing_import_is_reported_in_one_line(monkeypatch):
    monkeypatch.setattr(_doctor, "_IMPORT_EVERYTHING", "raise RuntimeError('bad news')")
    assert "importing everything FAILED: RuntimeError: bad news" in doctor_report()
