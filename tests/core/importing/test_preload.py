"""Preloading: at once, in a thread, beside an event loop."""

import asyncio

import pytest

import riskresearch
from riskresearch.core import InvalidInputError

BROKEN = {"__init__.pyi": "from ._bad import bad as bad\n", "_bad.py": "raise RuntimeError('bad news')\n"}
LOADED = "print(sorted(set(riskresearch.core.__all__) - set(vars(riskresearch.core))))"


@pytest.mark.parametrize(
    "call",
    [
        "riskresearch.preload('core')",
        "riskresearch.preload('riskresearch.core')",
        "riskresearch.preload()",
        "riskresearch.preload('core', background=True).result(60)",
        "import asyncio; asyncio.run(riskresearch.preload_async('core'))",
        "import asyncio; asyncio.run(riskresearch.preload_async())",
    ],
)
def test_a_component_is_loaded_with_every_name(run_python, call):
    assert run_python(f"import riskresearch\n{call}\n{LOADED}") == "[]"


@pytest.mark.parametrize("name", ["core.progress_bar", "riskresearch.core.progress_bar"])
def test_one_name_is_loaded_without_its_neighbours(run_python, name):
    code = f"""
import riskresearch
riskresearch.preload({name!r})
print(*set(vars(riskresearch.core)) & set(riskresearch.core.__all__))
"""
    assert set(run_python(code).split()) == {"preload", "progress_bar"}


def test_a_name_of_the_top_level_is_loaded(run_python):
    code = "import riskresearch\nriskresearch.preload('unload')\nprint('unload' in vars(riskresearch))"
    assert run_python(code) == "True"


def test_background_returns_before_the_work_is_done_and_keeps_the_error(run_python, copy_package):
    code = """
import riskresearch
future = riskresearch.preload("vault", background=True)
print(repr(future.exception(60)))
"""
    assert run_python(code, folder=copy_package("vault", BROKEN)) == "RuntimeError('bad news')"


def test_background_does_not_keep_the_process_alive(run_python, copy_package):
    slow = {"__init__.pyi": "from ._bad import bad as bad\n", "_bad.py": "import time; time.sleep(3600)\n"}
    code = "import riskresearch; print(riskresearch.preload('vault', background=True).running())"
    assert run_python(code, folder=copy_package("vault", slow)) == "True"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("metrisc", r"got 'metrisc'\. Did you mean 'metrics'\? Known: .*metrics.*preload"),
        ("core.option", r"got 'core\.option'\. Did you mean 'options'\? Known: .*options"),
        ("options.threads", r"name must be a component or a public name of riskresearch, got 'options\.threads'"),
        ("", r"got ''"),
        (3, r"name must be a string such as 'metrics', got 3"),
    ],
)
def test_an_unknown_name_lists_the_known_ones(name, message):
    with pytest.raises(InvalidInputError, match=message):
        riskresearch.preload(name)
    with pytest.raises(InvalidInputError, match=message):
        riskresearch.preload(name, background=True)
    with pytest.raises(InvalidInputError, match=message):
        asyncio.run(riskresearch.preload_async(name))


def test_the_event_loop_goes_on_while_a_module_is_imported(run_python, copy_package):
    # The import waits for an event that only the running loop sets: if the loop stood still it would time out.
    waiting = {
        "__init__.pyi": "from ._gate import passed as passed\n",
        "_gate.py": "import threading\nopened = threading.current_thread().opened = threading.Event()\n"
        "passed = opened.wait(60)\n",
    }
    code = """
import asyncio, threading, riskresearch
async def open_gate():
    while not (gates := [thread.opened for thread in threading.enumerate() if hasattr(thread, "opened")]):
        await asyncio.sleep(0.001)
    gates[0].set()
async def main():
    await asyncio.gather(riskresearch.preload_async("vault"), open_gate())
    print(riskresearch.vault.passed)
asyncio.run(main())
"""
    assert run_python(code, folder=copy_package("vault", waiting)) == "True"
