"""The import report: every module once, nested imports not twice."""

import json

import riskresearch

VAULT = {
    "__init__.pyi": "from ._outer import outer as outer\nfrom ._plain import plain as plain\n",
    "_plain.py": "plain = 1\n",
    # A nested first use of another component's name, which must not be charged to `outer`.
    "_outer.py": "import colorsys\nfrom riskresearch.core import progress_bar\nimport lonely_package\nouter = 1\n",
}

REPORT = """
import json
from riskresearch.core.importing._record import records
print(json.dumps(records()))
"""


def test_import_of_the_package_is_the_first_row(run_python):
    first, *others = json.loads(run_python(f"import riskresearch\n{REPORT}"))
    assert others == []
    component, name, ms, mb, modules, third_party = first
    assert (component, name, third_party) == ("riskresearch", "riskresearch", "lazy_loader")
    assert ms > 0
    assert mb >= 0
    assert modules > 5


def test_rows_name_the_component_and_count_every_module_once(run_python, copy_package):
    folder = copy_package("vault", VAULT)
    (folder / "lonely_package.py").touch()
    code = f"""
before = set(sys.modules)
import riskresearch
riskresearch.vault.outer
riskresearch.vault.plain
riskresearch.vault.outer
after = len(set(sys.modules) - before)
{REPORT}
print(after)
"""
    printed, after = run_python(code, folder=folder).splitlines()
    rows = [tuple(row) for row in json.loads(printed)]
    assert [(row[0], row[1], row[5]) for row in rows] == [
        ("riskresearch", "riskresearch", "lazy_loader"),
        ("vault", "vault", ""),
        ("core", "progress_bar", ""),
        ("vault", "outer", "lonely_package"),
        ("vault", "plain", ""),
    ]
    assert sum(row[4] for row in rows) == int(after)
    assert all(row[2] >= 0 for row in rows)


def test_nested_time_and_memory_are_not_counted_twice(run_python, copy_package):
    nested = {
        "__init__.pyi": "from ._outer import outer as outer\nfrom ._inner import inner as inner\n",
        "_outer.py": "from riskresearch.vault import inner\nouter = 1\n",
        "_inner.py": "import time\ntime.sleep(0.2)\ninner = bytearray(b'1') * 50_000_000\n",
    }
    code = f"import riskresearch\nriskresearch.vault.outer\n{REPORT}"
    costs = {row[1]: row[2:4] for row in json.loads(run_python(code, folder=copy_package("vault", nested)))}
    assert costs["inner"][0] >= 200 > costs["outer"][0]
    assert costs["inner"][1] > 40 > costs["outer"][1]


def test_threads_count_a_module_once(run_python):
    code = f"""
import json, threading
before = set(sys.modules)
import riskresearch
barrier = threading.Barrier(8)
def work():
    barrier.wait()
    riskresearch.preload()
threads = [threading.Thread(target=work) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
after = len(set(sys.modules) - before)
{REPORT}
print(after)
"""
    printed, after = run_python(code).splitlines()
    assert sum(row[4] for row in json.loads(printed)) == int(after)


def test_the_report_is_a_frame_with_a_row_for_each_first_use():
    report = riskresearch.import_report()
    assert list(report.columns) == ["component", "name", "ms", "mb", "modules", "third_party"]
    assert [str(report[column].dtype) for column in ("ms", "mb", "modules")] == ["float64", "float64", "int64"]
    assert report.loc[0, "component"] == "riskresearch"
    assert (report["modules"] > 0).all()


def test_memory_is_not_a_number_where_it_is_not_known(run_python):
    code = """
import builtins, sys
real_open = builtins.open
from riskresearch.core.importing import _record
def refuse(path, *rest):
    if str(path).startswith("/proc"):
        raise FileNotFoundError(path)
    return real_open(path, *rest)
builtins.open = refuse
peak = _record.resident_mb()
sys.modules["resource"] = None
print(peak > 1, _record.resident_mb())
"""
    assert run_python(code) == "True nan"
