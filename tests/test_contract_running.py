"""The contract of running objects: each public definition has a case, and every case keeps each promise."""

import copy
import dataclasses
import inspect
import json
import os
import pickle
import subprocess
import sys
from functools import partial

import numpy as np
import pytest

import riskresearch
from riskresearch.core import InvalidInputError
from tests.running_cases import RUNNING_CASES, BreakerCase

each_case = pytest.mark.parametrize("case", RUNNING_CASES, ids=lambda case: case.name)


def bits(answer):
    """Return an answer such that two are equal where every bit is."""
    if type(answer) is tuple:
        return tuple(bits(each) for each in answer)
    if isinstance(answer, float | np.ndarray):
        return np.asarray(answer, dtype=np.float64).tobytes().hex()
    return repr(answer)


def flat(answer):
    """Return an answer as a tuple of its parts, as `over_history` returns it."""
    return answer if type(answer) is tuple else (answer,)


def streamed(running, observations):
    return [bits(flat(running.update(each))) for each in observations]


def strict(running):
    """Return a state through JSON that knows no NaN."""
    return json.loads(json.dumps(running.to_dict(), allow_nan=False))


def public_definitions():
    """Return the public classes that are started and resumed, found by looking at every public name."""
    found = set()
    for room in riskresearch.__all__:
        module = getattr(riskresearch, room)
        if not inspect.ismodule(module):
            continue
        found |= {getattr(module, name) for name in module.__all__}
    definitions = {each for each in found if is_definition(each)}
    bases = {base for each in definitions for base in each.__mro__[1:]}
    return definitions - bases


def is_definition(value):
    """Return whether a public name is a class that is started and resumed, and no protocol."""
    if not inspect.isclass(value) or getattr(value, "_is_protocol", False):
        return False
    return callable(getattr(value, "start", None)) and callable(getattr(value, "resume", None))


def test_every_public_definition_has_a_case():
    assert {definition.__name__ for definition in public_definitions()} == {
        type(case.definition).__name__ for case in RUNNING_CASES
    }


@each_case
def test_a_definition_is_frozen_compared_and_stored(case):
    definition = case.definition
    assert dataclasses.is_dataclass(definition)
    with pytest.raises((dataclasses.FrozenInstanceError, TypeError)):
        setattr(definition, dataclasses.fields(definition)[0].name, None)
    if not isinstance(getattr(definition, "measure", None), partial):  # two partials are never equal
        assert copy.deepcopy(definition) == definition
        assert pickle.loads(pickle.dumps(definition)) == definition
    assert hash(definition) == hash(dataclasses.replace(definition))
    if not isinstance(case, BreakerCase):
        assert definition.inputs[0] == next(iter(case.inputs))


@each_case
def test_history_is_the_stream_and_the_future_does_not_change_it(case):
    history = [bits(answer) for answer in case.history()]
    assert history == streamed(case.started(), case.rows())
    for cut in (len(history) // 3, len(history) - 4):
        past = {name: values[:cut] for name, values in case.inputs.items()}
        assert [bits(answer) for answer in case.history(past)] == history[:cut]


@pytest.mark.parametrize("case", [case for case in RUNNING_CASES if case.saved], ids=lambda case: case.name)
def test_resumed_and_copied_after_any_row_it_goes_on_with_the_same_bits(case):
    running = case.started()
    for observation in case.rows():
        state = strict(running)
        others = [case.definition.resume(state), pickle.loads(pickle.dumps(running)), copy.deepcopy(running)]
        assert all(strict(other) == state for other in others)
        found = streamed(running, [observation])
        after = strict(running)
        for other in others:
            assert streamed(other, [observation]) == found
            assert strict(other) == after


@pytest.mark.parametrize("case", [case for case in RUNNING_CASES if not case.saved], ids=lambda case: case.name)
def test_what_holds_a_function_of_the_user_is_copied_and_pickled_and_not_saved(case):
    running = case.started()
    with pytest.raises(InvalidInputError, match=r"pickle and copy\.deepcopy keep anything"):
        running.to_dict()
    for observation in case.rows():
        others = [pickle.loads(pickle.dumps(running)), copy.deepcopy(running)]
        found = streamed(running, [observation])
        assert [streamed(other, [observation]) for other in others] == [found, found]


def state_of(case, running):
    """Return a state that can be compared, of what cannot be saved too."""
    return strict(running) if case.saved else pickle.dumps(running)


@each_case
def test_a_bad_observation_is_refused_and_changes_nothing(case):
    running, twin, rows = case.started(), case.started(), case.rows()
    for row, observation in enumerate(rows):
        if row in (0, len(rows) // 2):
            before = state_of(case, running)
            for bad in case.bad_observations(row):
                with pytest.raises(InvalidInputError):
                    pytest.fail(f"{bad!r} gave {running.update(bad)!r}")
            assert state_of(case, running) == before
        assert streamed(running, [observation]) == streamed(twin, [observation])


@pytest.mark.parametrize("case", [case for case in RUNNING_CASES if case.saved], ids=lambda case: case.name)
def test_a_state_of_another_definition_or_a_damaged_one_is_refused(case):
    running = case.started()
    streamed(running, case.rows()[:7])
    state = strict(running)
    for part in state:
        for changed in (None, 7, "x", [], {"a": 1}):
            if changed == state[part]:
                continue
            with pytest.raises(InvalidInputError):
                case.definition.resume({**state, part: changed})
        with pytest.raises(InvalidInputError):
            case.definition.resume({name: value for name, value in state.items() if name != part})
    for other in {type(each.definition): each for each in RUNNING_CASES}.values():
        if type(other.definition) is not type(case.definition):
            with pytest.raises(InvalidInputError):
                other.definition.resume(state)


UNCOMPILED = """
import importlib.util, json, sys, warnings
from riskresearch.kernels._build import source_of
PREFIX = "riskresearch.kernels.compiled."
class Sources:
    def find_spec(self, name, path=None, target=None):
        if name.startswith(PREFIX) and (source := source_of(name.removeprefix(PREFIX))).exists():
            return importlib.util.spec_from_file_location(name, source)
sys.meta_path.insert(0, Sources())
warnings.simplefilter("ignore")
from tests.running_cases import RUNNING_CASES
from tests.test_contract_running import bits, flat, streamed
found = {case.name: streamed(case.started(), case.rows()) for case in RUNNING_CASES}
files = [module.__file__ for name, module in sys.modules.items() if name.startswith(PREFIX)]
print(json.dumps({"files": files, "found": found}))
"""


def test_uncompiled_kernels_reach_the_same_bits():
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    ran = subprocess.run(
        [sys.executable, "-c", UNCOMPILED], env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    compiled = {case.name: streamed(case.started(), case.rows()) for case in RUNNING_CASES}
    assert told["files"]
    assert all(file.endswith(".py") for file in told["files"])
    assert {name: [list(row) for row in rows] for name, rows in compiled.items()} == told["found"]
