"""The wheel and the sdist hold what they must, install into an empty environment, and say so when not compiled."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

from riskresearch.kernels._build import COMPILED_MODULES

ROOT = Path(__file__).parents[1]
BUILT = (".git", ".venv*", "*.so", "build", "dist", "*.egg-info", "__pycache__", ".*_cache")
USE = (
    "import riskresearch; print(riskresearch.__file__);"
    "prices = riskresearch.datasets.load('index_sp500')['close'];"
    "print(riskresearch.value_at_risk(riskresearch.simple_returns(prices), level=0.99));"
    "print(riskresearch.kernels.uncompiled_modules())"
)


def run(*command, **environment):
    """Run a command without this environment's Python settings and return what it prints."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    done = subprocess.run(
        [str(word) for word in command], env=inherited | environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done


def build(tree, outdir, *kinds, **environment):
    run(sys.executable, "-m", "build", "--no-isolation", *kinds, "--outdir", outdir, tree, **environment)


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """Return a copy of the checkout without anything built; its kernels are compiled fast, to run slowly."""
    copy = tmp_path_factory.mktemp("packaging") / "checkout"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*BUILT, "*.c"))
    settings = (copy / "pyproject.toml").read_text()
    assert settings.count('"-O3"') == len(COMPILED_MODULES)
    (copy / "pyproject.toml").write_text(settings.replace('"-O3"', '"-O0"'))
    return copy


@pytest.fixture(scope="module")
def dist(tree):
    """Return the folder of a wheel that was built from the sdist, and that sdist."""
    build(tree, tree.parent / "dist")
    return tree.parent / "dist"


def test_wheel_holds_stubs_marker_data_and_compiled_kernels(dist):
    names = zipfile.ZipFile(next(dist.glob("*.whl"))).namelist()
    assert "riskresearch/py.typed" in names
    stubs = {path.relative_to(ROOT).as_posix() for path in (ROOT / "riskresearch").rglob("*.pyi")}
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "riskresearch").rglob("*.py")}
    assert stubs | modules <= set(names)
    for module in COMPILED_MODULES:
        assert any(name.startswith(f"riskresearch/kernels/{module}.") and ".cpython" in name for name in names)
    data = {f"riskresearch/datasets/_data/{path.name}" for path in (ROOT / "data").glob("*.csv.gz")}
    assert data
    assert data <= set(names)
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert {"riskresearch/metrics/_bacon.csv", "riskresearch/metrics/_edhec_excerpt.csv"} <= set(names)


def test_sdist_holds_sources_data_and_no_c(dist):
    names = [name.partition("/")[2] for name in tarfile.open(next(dist.glob("*.tar.gz"))).getnames()]
    assert {
        "pyproject.toml",
        "LICENSE",
        "README.md",
        "data/manifest.json",
        "riskresearch/kernels/compiled/_tail.py",
    } <= set(names)
    assert not [name for name in names if name.endswith((".so", ".c"))]


def test_wheel_installs_into_an_empty_environment_and_works_there(dist, tmp_path):
    run(sys.executable, "-m", "venv", tmp_path / "empty")
    python = tmp_path / "empty" / ("Scripts" if os.name == "nt" else "bin") / "python"
    wheel = next(dist.glob("*.whl"))
    run(python, "-m", "pip", "install", "--quiet", "--constraint", ROOT / "constraints.txt", wheel)
    done = run(python, "-I", "-W", "error", "-c", USE)
    file, value, uncompiled = done.stdout.split("\n")[:3]
    assert Path(file).is_relative_to(tmp_path)
    assert 0.02 < float(value) < 0.03  # the S&P 500's 99 % one-day VaR since 1950; test_tail_risk checks the number
    assert uncompiled == "()"
    version = run(python, "-I", "-m", "riskresearch", "--version")
    assert version.stdout.strip().endswith("0.1.0")


@pytest.mark.skipif(os.name == "nt", reason="CC names the compiler on POSIX only")
def test_without_a_compiler_the_build_falls_back_and_warns_once(tmp_path):
    # With the C that this checkout's own build left, where it did: the test of the sdist has Cython write all of it.
    shutil.copytree(ROOT, tmp_path / "checkout", ignore=shutil.ignore_patterns(*BUILT))
    build(tmp_path / "checkout", tmp_path, "--wheel", CC="false", CXX="false")
    wheel = next(tmp_path.glob("*.whl"))
    assert not [name for name in zipfile.ZipFile(wheel).namelist() if name.endswith(".so")]
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    command = f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r}); {USE}"
    done = run(sys.executable, "-c", command)
    assert done.stderr.count("UncompiledKernelsWarning") == 1
    assert "no C compiler was found" in done.stderr.replace("\n", " ")
    assert done.stdout.split("\n")[0].startswith(str(tmp_path))
    assert done.stdout.split("\n")[2] == str(COMPILED_MODULES)


@pytest.mark.parametrize("name", ["constraints.txt", "constraints-oldest.txt"])
def test_no_file_names_a_package_registry_or_an_address(name):
    lines = (ROOT / name).read_text().splitlines()
    assert lines
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+( ; .*)?", line) for line in lines)


def test_the_oldest_versions_are_those_that_are_declared():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = ("parquet", "polars", "parallel", "dask", "notebooks", "test")
    declared = sum((project["optional-dependencies"][extra] for extra in extras), project["dependencies"])
    found = [re.match(r"([\w-]+)>=([\d.]+)", requirement) for requirement in declared]
    least = {each[1].lower().replace("_", "-"): each[2] for each in found if each}
    lines = (ROOT / "constraints-oldest.txt").read_text().splitlines()
    pinned = dict(line.split("==") for line in lines)
    for name, version in least.items():
        assert re.fullmatch(re.escape(version) + r"(\.0)*", pinned[name]), name
