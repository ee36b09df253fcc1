"""The wheel and the sdist hold what they must, install into an empty environment, and say so when not compiled."""

import importlib.util
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
import yaml

import riskresearch
from riskresearch.kernels._build import COMPILED_FOLDER, kernel_modules, source_of

ROOT = Path(__file__).parents[1]
TRANSLATED = ROOT / "build" / COMPILED_FOLDER.relative_to(ROOT)
BUILT = (".git", ".venv*", "*.so", "build", "dist", "*.egg-info", "__pycache__", ".*_cache")
USE = (
    "import riskresearch; print(riskresearch.__file__);"
    "prices = riskresearch.datasets.load('index_sp500')['close'];"
    "print(riskresearch.value_at_risk(riskresearch.simple_returns(prices), level=0.99));"
    "print(riskresearch.kernels.uncompiled_modules())"
)


def release_script():
    """Return the script that `make wheel` runs, as a module."""
    spec = importlib.util.spec_from_file_location("release_wheel", ROOT / ".ci" / "wheel.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


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
    for file in COMPILED_FOLDER.rglob(f"*{EXTENSION_SUFFIXES[0]}"):
        if not file.name.startswith(f"{but}."):
            there = folder / file.relative_to(COMPILED_FOLDER)
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, there)


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
        assert f"riskresearch/kernels/compiled/{module.replace('.', '/')}{EXTENSION_SUFFIXES[0]}" in names
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
        *(source_of(module).relative_to(ROOT).as_posix() for module in kernel_modules()),
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


def test_wheel_installs_by_itself_without_a_compiler_and_is_compiled(wheel, capfd):
    release_script().try_without_a_compiler(wheel)
    imported = Path(capfd.readouterr().out.splitlines()[-1])  # the trial prints where its package lies
    assert "site-packages" in imported.parts
    assert not imported.is_relative_to(ROOT)


def test_wheel_without_its_kernels_is_refused_by_the_trial(wheel, tmp_path):
    bare = tmp_path / wheel.name
    with zipfile.ZipFile(wheel) as full, zipfile.ZipFile(bare, "w") as archive:
        for name in full.namelist():
            if "compiled/_sums" not in name or name.endswith(".py"):
                archive.writestr(name, full.read(name))
    with pytest.raises(subprocess.CalledProcessError):
        release_script().try_without_a_compiler(bare)


@pytest.mark.skipif(sys.platform != "linux", reason="auditwheel is for Linux")
def test_wheel_is_tagged_for_systems_whose_c_library_is_old_enough(wheel, tmp_path, capsys, monkeypatch):
    pytest.importorskip("auditwheel")
    script = release_script()
    needed = script.needed_glibc(wheel)
    assert re.fullmatch(r"2(\.\d+)+", needed)
    monkeypatch.setattr(script, "DIST", tmp_path)
    shutil.copy2(wheel, tmp_path)
    tagged = script.tag_for_linux(tmp_path / wheel.name, tmp_path)
    offered = [tuple(map(int, tag)) for tag in re.findall(r"manylinux_(\d+)_(\d+)_", tagged.name)]
    assert offered
    assert min(offered) >= tuple(map(int, needed.split(".")))[:2]
    assert f"{tagged.name}: its kernels need glibc {needed}" in capsys.readouterr().out


def test_without_auditwheel_the_wheel_keeps_its_tag_and_the_script_says_so(wheel, tmp_path, capsys, monkeypatch):
    script = release_script()
    monkeypatch.setattr(script, "find_spec", lambda name: None)
    monkeypatch.setattr(script.sys, "platform", "linux")
    shutil.copy2(wheel, tmp_path)
    (tmp_path / "dist").mkdir()
    assert script.tag_for_linux(tmp_path / wheel.name, tmp_path / "dist").name == wheel.name
    assert 'no manylinux tag without auditwheel (pip install "riskresearch[wheel]")' in capsys.readouterr().out


@pytest.mark.parametrize(
    ("contents", "needed"),
    [
        ([b"..GLIBC_2.2.5\0GLIBC_2.14\0"], "2.14"),
        ([b"GLIBC_2.9\0", b"GLIBC_2.10\0GLIBC_2.4"], "2.10"),
        ([b"nothing"], "of any kind"),
        ([], "of any kind"),
    ],
)
def test_the_c_library_that_is_needed_is_the_newest_asked_for(contents, needed, tmp_path):
    with zipfile.ZipFile(tmp_path / "some.whl", "w") as archive:
        archive.writestr("module.py", b"GLIBC_9.9")
        for number, content in enumerate(contents):
            archive.writestr(f"_{number}.so", content)
    assert release_script().needed_glibc(tmp_path / "some.whl") == needed


def test_a_wheel_looks_for_libraries_in_no_folder_of_the_machine_that_built_it(monkeypatch):
    script = release_script()
    linkers = {"gcc -shared -L/a/lib -Wl,-rpath,/a/lib": "gcc -shared -L/a/lib", "cc -bundle": "cc -bundle"}
    for given, kept in linkers.items():
        monkeypatch.setattr(script.sysconfig, "get_config_var", lambda name, given=given: given)
        assert script.linker() == {"LDSHARED": kept}
    monkeypatch.setattr(script.sysconfig, "get_config_var", lambda name: None)
    assert script.linker() == {}


@pytest.mark.parametrize("name", [".ci/wheel.py", "Makefile", "CITATION.cff"])
def test_what_builds_a_release_names_no_host_and_no_path_of_a_machine(name):
    text = (ROOT / name).read_text()
    assert not re.search(r"https?://|index-url|(?<![\w.])/(home|tmp|opt|usr|root|work)/", text)


def test_the_citation_is_valid_and_the_version_is_the_same_everywhere():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert citation["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= set(citation)  # what CFF 1.2.0 requires beside its version
    assert citation["type"] == "software"
    assert all("name" in author or "family-names" in author for author in citation["authors"])
    assert [author["name"] for author in citation["authors"]] == [author["name"] for author in project["authors"]]
    assert citation["license"] == project["license"]
    assert citation["version"] == project["version"] == riskresearch.__version__
    assert set(citation["keywords"]) == set(project["keywords"])


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
