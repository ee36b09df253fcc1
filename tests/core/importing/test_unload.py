"""Unloading: the component goes, whatever holds on to it goes with it, and nothing else is touched."""

import json

import pytest

import riskresearch
from riskresearch.core import InvalidInputError

VAULT = {
    "__init__.pyi": "from ._cache import Gold as Gold, fill as fill\n",
    "_cache.py": (
        "import decimal\nfrom functools import lru_cache\n"
        "class Gold: ...\n"
        "CACHE = {}\n"
        "def fill(megabytes):\n    CACHE['bars'] = bytearray(megabytes * 1_000_000)\n"
        "    return sum(len(bars) for bars in CACHE.values())\n"
        "@lru_cache\ndef coin():\n    return bytearray(1_000_000)\n"
    ),
}


def add_component(folder, name, text):
    stub = folder / "riskresearch" / "__init__.pyi"
    stub.write_text(f"from . import {name} as {name}\n{stub.read_text()}")
    (folder / "riskresearch" / name).mkdir()
    (folder / "riskresearch" / name / "__init__.py").write_text(text)


def test_the_next_use_imports_afresh_and_is_recorded_again(run_python, copy_package):
    code = """
import json, riskresearch
from riskresearch.core.importing._record import records
first = riskresearch.vault.Gold
dropped = riskresearch.unload("vault")
gone = [name for name in sys.modules if name.startswith("riskresearch.vault")], "vault" in vars(riskresearch)
again = riskresearch.vault.Gold
uses = [row[1] for row in records() if row[0] == "vault"]
print(json.dumps([dropped, gone, again is first, uses, riskresearch.unload("riskresearch.vault")]))
"""
    dropped, gone, same, uses, dropped_again = json.loads(run_python(code, folder=copy_package("vault", VAULT)))
    assert dropped == dropped_again == ["vault"]
    assert gone == [[], False]
    assert not same
    assert uses == ["vault", "Gold", "vault", "Gold"]


def test_the_memory_of_its_caches_comes_back(run_python, copy_package):
    code = """
import tracemalloc, riskresearch
riskresearch.preload("vault")
tracemalloc.start()
riskresearch.vault.fill(50)
full = tracemalloc.get_traced_memory()[0]
riskresearch.unload("vault")
print(full, tracemalloc.get_traced_memory()[0])
"""
    full, empty = map(int, run_python(code, folder=copy_package("vault", VAULT)).split())
    assert full > 50_000_000
    assert empty < 1_000_000


@pytest.mark.parametrize(
    "holder",
    [
        "from riskresearch.vault import Gold\n",
        "from riskresearch.vault import fill\n",
        "import riskresearch.vault as v\n",
        "from riskresearch.vault import _cache\n",
        "from riskresearch.vault import Gold as _Gold\nnugget = _Gold()\ndel _Gold\n",
    ],
)
def test_components_that_hold_on_to_it_go_too(run_python, copy_package, holder):
    folder = copy_package("vault", VAULT)
    add_component(folder, "bank", holder)
    add_component(folder, "crisis", "from riskresearch import bank as _bank\n")
    add_component(folder, "island", "")
    code = """
import riskresearch.crisis, riskresearch.island
print(*riskresearch.unload("vault"))
print(*[name for name in sys.modules if name.rpartition(".")[2] in ("vault", "bank", "crisis", "island")])
"""
    dropped, left = run_python(code, folder=folder).splitlines()
    assert dropped.split() == ["vault", "bank", "crisis"]
    assert left == "riskresearch.island"


def test_what_it_needs_stays(run_python, copy_package):
    folder = copy_package("vault", VAULT)
    add_component(folder, "bank", "from riskresearch.vault import Gold\n")
    code = "import riskresearch.bank; print(riskresearch.unload('bank'), 'riskresearch.vault' in sys.modules)"
    assert run_python(code, folder=folder) == "('bank',) True"


def test_other_modules_and_kept_components_are_the_same_objects_after(run_python, copy_package):
    code = """
import riskresearch, numpy
riskresearch.preload()
options, before = riskresearch.options, dict(sys.modules)
dropped = riskresearch.unload("vault")
lost = [name for name, module in before.items() if sys.modules.get(name) is not module]
print(sorted(lost), riskresearch.options is options, "decimal" in sys.modules)
"""
    printed = run_python(code, folder=copy_package("vault", VAULT))
    assert printed == "['riskresearch.vault', 'riskresearch.vault._cache'] True True"


def test_a_component_that_was_not_loaded_is_nothing_to_forget(run_python, copy_package):
    code = "import riskresearch; print(riskresearch.unload('vault'))"
    assert run_python(code, folder=copy_package("vault", VAULT)) == "()"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("core", "got 'core': options and the exception classes live in it"),
        ("riskresearch.kernels", "got 'riskresearch.kernels': a process cannot load a compiled module twice"),
        ("metric", r"got 'metric'\. Did you mean 'metrics'\? Known: "),
        ("numpy", r"got 'numpy'\. Known: "),
        ("preload", r"must be a component that can be unloaded, got 'preload'"),
        (None, "got None"),
    ],
)
def test_what_cannot_be_unloaded_is_refused_with_the_reason(name, message):
    with pytest.raises(InvalidInputError, match=message):
        riskresearch.unload(name)


def test_the_memory_of_loaded_datasets_comes_back(run_python):
    code = """
import tracemalloc, riskresearch
riskresearch.preload("datasets")
riskresearch.unload("datasets")
riskresearch.preload("datasets")
tracemalloc.start()
rows = len(riskresearch.datasets.load("fx_ecb"))
full = tracemalloc.get_traced_memory()[0]
riskresearch.unload("datasets")
print(rows, full, tracemalloc.get_traced_memory()[0])
"""
    rows, full, empty = map(int, run_python(code).split())
    assert rows > 1_000
    assert full > rows * 8
    assert empty < full / 2
