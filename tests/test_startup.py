"""What `import riskresearch` loads, and when the rest is loaded. Counted, never timed."""

import json
import os
import pickle
import subprocess
import sys
from pathlib import Path
from types import FunctionType

import pytest

import riskresearch

PACKAGE = Path(riskresearch.__file__).parent
HEAVY = (
    "numpy pandas scipy statsmodels matplotlib narwhals polars pyarrow tqdm IPython asyncio concurrent.futures "
    "multiprocessing subprocess typing re"
).split()

NEEDY = {
    "__init__.pyi": "from ._thing import Thing as Thing\nfrom ._plain import plain as plain\n",
    "_plain.py": "plain = 1\n",
    "_thing.py": (
        "from riskresearch.core import optional_import\n"
        "optional_import('no_such_module', extra='needy', feature='Thing')\n"
        "class Thing: ...\n"
    ),
}


def test_import_loads_nothing_heavy(run_python):
    # An editable install has loaded pathlib and re before; that is setuptools' doing.
    code = "before = set(sys.modules); import riskresearch; print(*(set(sys.modules) - before))"
    loaded = run_python(code).split()
    assert "riskresearch" in loaded
    assert not set(loaded) & set(HEAVY)


def test_import_loads_six_modules_of_ours_and_one_of_others(run_python):
    new = run_python(
        "before = set(sys.modules)\nimport riskresearch\n"
        "print(*sorted(name for name in set(sys.modules) - before if name.partition('.')[0] not in "
        "sys.stdlib_module_names))"
    )
    assert new.split() == [
        "lazy_loader",
        "riskresearch",
        "riskresearch.core",
        "riskresearch.core._errors",
        "riskresearch.core.importing",
        "riskresearch.core.importing._lazy",
        "riskresearch.core.importing._record",
    ]


def test_dir_and_help_texts_load_nothing(run_python):
    code = """
import riskresearch
before = len(sys.modules)
dir(riskresearch), riskresearch.__doc__, riskresearch.__all__, riskresearch.__version__
print(len(sys.modules) - before)
"""
    assert run_python(code) == "0"


def test_second_access_does_not_pass_through_getattr(run_python):
    code = """
import importlib, pkgutil, riskresearch
riskresearch.preload()
def refuse(name):
    raise AssertionError(name)
packages = [riskresearch] + [importlib.import_module(f"riskresearch.{name}") for name in riskresearch.__all__
                             if importlib.util.find_spec(f"riskresearch.{name}")]
seen = 0
for package in packages:
    names = getattr(package, "__all__", [])
    for name in names:
        getattr(package, name)
    package.__getattr__ = refuse
    seen += len([getattr(package, name) for name in names])
print(seen)
"""
    assert int(run_python(code)) > 10


@pytest.mark.parametrize("variable", [{"RISKRESEARCH_IMPORT_MODE": "eager"}, {"EAGER_IMPORT": "1"}])
def test_eager_mode_loads_every_module_and_public_name_without_a_warning(run_python, variable):
    code = """
import warnings
warnings.simplefilter("error")
import riskresearch
missing = [name for name in riskresearch.__all__ if name not in vars(riskresearch)]
for name in riskresearch.__all__:
    component = sys.modules.get(f"riskresearch.{name}")
    missing += [f"{name}.{inside}" for inside in getattr(component, "__all__", []) if inside not in vars(component)]
print(sum(name.startswith("riskresearch.") for name in sys.modules), missing, riskresearch.options.import_mode)
"""
    count, rest = run_python(code, environment=variable).split(maxsplit=1)
    private = [path for path in PACKAGE.rglob("_*.py") if path.stem not in ("__init__", "__main__")]
    assert int(count) >= len(private) - 6
    assert rest == "[] eager"


def test_lazy_is_the_default_and_an_empty_variable_counts_as_unset(run_python):
    code = "import riskresearch; print('options' in vars(riskresearch), riskresearch.options.import_mode)"
    assert run_python(code, environment={"RISKRESEARCH_IMPORT_MODE": ""}) == "False lazy"


def test_bad_import_mode_is_refused_at_import(run_python):
    code = """
try:
    import riskresearch
except ValueError as error:
    print(type(error).__name__, error)
"""
    printed = run_python(code, environment={"RISKRESEARCH_IMPORT_MODE": "fast"})
    assert printed == 'InvalidInputError RISKRESEARCH_IMPORT_MODE must be "lazy" or "eager", got \'fast\'.'


def test_assigning_eager_loads_everything_now(run_python):
    code = """
import riskresearch
riskresearch.options.import_mode = "eager"
print([name for name in riskresearch.core.__all__ if name not in vars(riskresearch.core)])
"""
    assert run_python(code) == "[]"


@pytest.mark.parametrize("variable", [{}, {"RISKRESEARCH_IMPORT_MODE": "eager"}])
def test_a_missing_optional_dependency_breaks_only_what_needs_it(run_python, copy_package, variable):
    code = """
import riskresearch
riskresearch.preload()
print(riskresearch.needy.plain)
for use in (lambda: riskresearch.needy.Thing, lambda: riskresearch.preload("needy.Thing")):
    try:
        use()
    except ImportError as error:
        print(type(error).__name__, str(error).partition(" (")[0])
"""
    printed = run_python(code, folder=copy_package("needy", NEEDY), environment=variable).splitlines()
    message = 'OptionalDependencyError Thing needs no_such_module: pip install "riskresearch[needy]"'
    assert printed == ["1", message, message]


def test_sixteen_threads_get_one_object_and_no_error(run_python):
    code = """
import threading, riskresearch
barrier, errors = threading.Barrier(16), []
found = {name: set() for name in riskresearch.__all__}
def work(start):
    barrier.wait()
    names = riskresearch.__all__[start % len(found):] + riskresearch.__all__[:start % len(found)]
    try:
        for name in names:
            found[name].add(id(getattr(riskresearch, name)))
    except BaseException as error:
        errors.append(error)
threads = [threading.Thread(target=work, args=(start,)) for start in range(16)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(errors, {len(objects) for objects in found.values()})
"""
    assert run_python(code) == "[] {1}"


def test_an_unknown_name_is_an_attribute_error_with_a_suggestion(run_python):
    with pytest.raises(AttributeError, match="module 'riskresearch' has no attribute 'option'") as caught:
        riskresearch.option  # noqa: B018
    assert (caught.value.name, caught.value.obj) == ("option", riskresearch)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="each module is imported in a fork of a bare interpreter")
def test_the_modules_of_each_folder_import_by_themselves_and_in_another_order(run_python):
    """One module by itself cannot fail then: `test_architecture` shows that no import goes in a circle."""
    folders: dict[str, list[str]] = {}
    for path in sorted(PACKAGE.rglob("*.py"), reverse=True):
        if path.name not in ("__init__.py", "__main__.py"):
            folder = ".".join(path.relative_to(PACKAGE.parent).parts[:-1])
            folders.setdefault(folder, []).append(f"{folder}.{path.stem}")
    code = f"""
import importlib, os, traceback, warnings
warnings.simplefilter("ignore")
# What is not ours, so that each fork has only our part to import.
import importlib.resources, matplotlib.figure, narwhals, numpy, pandas, scipy.optimize, scipy.stats, statsmodels, tqdm
import clarabel, html, joblib, scipy.signal, scipy.sparse, tomllib
failed = []
for folder, modules in {folders!r}.items():
    child = os.fork()
    if not child:
        try:
            for module in modules:
                importlib.import_module(module)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        failed.append(folder)
print(failed, [name for name in sys.modules if name.startswith("riskresearch")])
"""
    assert len(folders) > 10
    assert run_python(code) == "[] []"


WORKERS = """
import json, multiprocessing, os, sys
from concurrent.futures import ProcessPoolExecutor

sys.path.insert(0, sys.argv[1])
import riskresearch
from riskresearch.core.importing._record import records


def task(number):
    riskresearch.value_at_risk([0.01 * (number - day) for day in range(40)])
    return os.getpid(), len(records()), len(sys.modules)


if __name__ == "__main__":
    spawn = multiprocessing.get_context("spawn")
    start = {"initializer": riskresearch.preload, "initargs": ("metrics",)}
    with ProcessPoolExecutor(2, mp_context=spawn, **start) as pool:
        print(json.dumps(list(pool.map(task, range(40)))))
"""


def test_worker_processes_reuse_one_import(tmp_path):
    script = tmp_path / "workers.py"
    script.write_text(WORKERS)
    command = [sys.executable, script, PACKAGE.parent]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)
    counts: dict[int, set[tuple[int, int]]] = {}
    for pid, imports, modules in results:
        counts.setdefault(pid, set()).add((imports, modules))
    assert len(results) == 40
    assert [len(seen) for seen in counts.values()] == [1] * len(counts)
    assert min(imports for seen in counts.values() for imports, _ in seen) > 1


def test_public_functions_pickle_by_reference():
    functions = [
        value
        for component in riskresearch.__all__
        for name in getattr(getattr(riskresearch, component), "__all__", [])
        if isinstance(value := getattr(getattr(riskresearch, component), name), FunctionType)
    ]
    assert len(functions) > 5
    assert pickle.loads(pickle.dumps(functions)) == functions
