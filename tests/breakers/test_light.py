"""What a monitor pays: a breaker in use loads few files of ours and no NumPy."""

CODE = """
import gc, os
def resident():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
import riskresearch
before, mb = set(sys.modules), resident()
import riskresearch.breakers
from riskresearch.core import Bar
running = riskresearch.breakers.DrawdownBreaker(0.1).start(equity=1.0)
running.update(Bar(equity=0.9))
ours = sorted(name for name in set(sys.modules) - before if name.startswith("riskresearch"))
packages = [name for name in ours if hasattr(sys.modules[name], "__path__")]
files = [name for name in ours if name not in packages and not name.startswith("riskresearch.core.")]
print(*files, "numpy" in sys.modules, resident() - mb < 5.0)
"""


def test_a_breaker_in_use_loads_few_files_of_ours_and_no_numpy(run_python):
    # kernels/_build belongs to the package `kernels`, which runs it to warn where nothing was compiled; _memoryviews is
    # the code of Cython that all kernels share.
    assert run_python(CODE).split() == [
        "riskresearch.breakers._breaker", "riskresearch.breakers._equity", "riskresearch.breakers._limits",
        "riskresearch.breakers._running", "riskresearch.breakers._types",
        "riskresearch.kernels._build",
        "riskresearch.kernels.compiled._breaker", "riskresearch.kernels.compiled._memoryviews", "False", "True",
    ]  # fmt: skip
