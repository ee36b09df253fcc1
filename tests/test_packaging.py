"""The wheel and the sdist hold what they must, install into an empty environment, and say so when not compiled."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import pytest

from riskresearch.kernels._build import COMPILED_FOLDER, kernel_modules

ROOT = Path(__file__).parents[1]
TRANSLATED = ROOT / "build" / COMPILED_FOLDER.relative_to(ROOT)
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


def copy_translated(tree):
    """Copy the C files that this checkout's kernels were translated to, so that Cython does not write them again."""
    shutil.copytree(TRANSLATED, tree / TRANSLATED.relative_to(ROOT), dirs_exist_ok=True)


def copy_compiled(tree, but):
    """Copy what this checkout has compiled to where a build leaves it, all kernels but one."""
    copy_translated(tree)
    (tree / TRANSLATED.relative_to(ROOT) / f"{but}.c").unlink(missing_ok=True)
    library = f"lib.{sysconfig.get_platform()}-{sys.implementation.cache_tag}"
    folder = tree / "build" / library / COMPILED_FOLDER.relative_to(ROOT)
    folder.mkdir(parents=True)
    for file in COMPILED_FOLDER.iterdir():
        if file.name.endswith(EXTENSION_SUFFIXES[0]) and not file.name.startswith(f"{but}."):
            shutil.copy2(file, folder)


@pytest.fixture(scope="module")
def sdist(tmp_path_factory):
    """Return an sdist of a copy of the checkout without anything built."""
    folder = tmp_path_factory.mktemp("sdist")
    shutil.copytree(ROOT, folder / "checkout", ignore=shutil.ignore_patterns(*BUILT))
    build(folder / "checkout", folder, "--sdist")
    return next(folder.glob("*.tar.gz"))


@pytest.fixture(scope="module")
def wheel(sdist):
    """Return a wheel that was built from the sdist; one kernel is compiled from it, the others are this checkout's."""
    with tarfile.open(sdist) as archive:
        archive.extractall(sdist.parent, filter="data")
    tree = sdist.parent / sdist.name.removesuffix(".tar.gz")
    copy_compiled(tree, but="_sums")
    build(tree, sdist.parent, "--wheel")
    return next(sdist.parent.glob("*.whl"))


def test_wheel_holds_stubs_marker_data_and_compiled_kernels(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert "riskresearch/py.typed" in names
    stubs = {path.relative_to(ROOT).as_posix() for path in (ROOT / "riskresearch").rglob("*.pyi")}
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "riskresearch").rglob("*.py")}
    assert stubs | modules <= set(names)
    for module in kernel_modules():
        assert f"riskresearch/kernels/compiled/{module}{EXTENSION_SUFFIXES[0]}" in names
    data = {f"riskresearch/datasets/_data/{path.name}" for path in (ROOT / "data").glob("*.csv.gz")}
    assert data
    assert data <= set(names)
    assert any(name.endswith("licenses/LICENSE") for name in names)
    tables = {path.relative_to(ROOT).as_posix() for path in (ROOT / "riskresearch").rglob("*.csv")}
    assert tables
    assert tables <= set(names)


def test_sdist_holds_sources_data_and_no_c(sdist):
    names = [name.partition("/")[2] for name in tarfile.open(sdist).getnames()]
    assert {
        "pyproject.toml",
        "setup.py",
        "LICENSE",
        "README.md",
        "data/manifest.json",
        *(f"riskresearch/kernels/compiled/{module}.py" for module in kernel_modules()),
    } <= set(names)
    assert not [name for name in names if name.endswith((".so", ".c"))]


def test_wheel_installs_into_an_empty_environment_and_works_there(wheel, tmp_path):
    run(sys.executable, "-m", "venv", tmp_path / "empty")
    python = tmp_path / "empty" / ("Scripts" if os.name == "nt" else "bin") / "python"
    run(python, "-m", "pip", "install", "--quiet", "--no-compile", "--constraint", ROOT / "constraints.txt", wheel)
    done = run(python, "-I", "-W", "error", "-c", USE)
    file, value, uncompiled = done.stdout.split("\n")[:3]
    assert Path(file).is_relative_to(tmp_path)
    assert 0.02 < float(value) < 0.03  # the S&P 500's 99 % one-day VaR since 1950; test_tail_risk checks the number
    assert uncompiled == "()"
    version = run(python, "-I", "-m", "riskresearch", "--version")
    assert version.stdout.strip().endswith("0.1.0")


@pytest.mark.skipif(os.name == "nt", reason="CC names the compiler on POSIX only")
def test_without_a_compiler_the_build_falls_back_and_warns_once(tmp_path):
    shutil.copytree(ROOT, tmp_path / "checkout", ignore=shutil.ignore_patterns(*BUILT))
    copy_translated(tmp_path / "checkout")
    build(tmp_path / "checkout", tmp_path, "--wheel", CC="false", CXX="false")
    wheel = next(tmp_path.glob("*.whl"))
    assert not [name for name in zipfile.ZipFile(wheel).namelist() if name.endswith(".so")]
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    command = f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r}); {USE}"
    done = run(sys.executable, "-c", command)
    assert done.stderr.count("UncompiledKernelsWarning") == 1
    assert "no C compiler was found" in done.stderr.replace("\n", " ")
    assert done.stdout.split("\n")[0].startswith(str(tmp_path))
    assert done.stdout.split("\n")[2] == str(kernel_modules())


@pytest.mark.parametrize("name", ["constraints.txt", "constraints-oldest.txt"])
def test_no_file_names_a_package_registry_or_an_address(name):
    lines = (ROOT / name).read_text().splitlines()
    assert lines
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+( ; .*)?", line) for line in lines)


def test_the_oldest_versions_are_those_that_are_declared():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = ("completion", "wheel", "parquet", "polars", "parallel", "dask", "notebooks", "test")
    declared = sum((project["optional-dependencies"][extra] for extra in extras), project["dependencies"])
    found = [re.match(r"([\w-]+)>=([\d.]+)", requirement) for requirement in declared]
    least = {each[1].lower().replace("_", "-"): each[2] for each in found if each}
    lines = (ROOT / "constraints-oldest.txt").read_text().splitlines()
    pinned = dict(line.split("==") for line in lines)
    for name, version in least.items():
        assert re.fullmatch(re.escape(version) + r"(\.0)*", pinned[name]), name
