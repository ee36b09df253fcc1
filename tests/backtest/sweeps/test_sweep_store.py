"""A sweep that is killed goes on where it was, with the same digits; results of another sweep are refused."""

import errno
import json
import os
import platform
import shutil
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from riskresearch import sweep
from riskresearch.backtest.sweeps._store import ResultStore
from riskresearch.core import InvalidInputError, RiskResearchWarning
from riskresearch.core.output._whole_file import create_whole
from tests.backtest.sweeps.sweep_cases import GRID, OPTIONS, Counted, Momentum, everything, prices

ROOT = Path(__file__).parents[3]
CHILD = """
import sys
from riskresearch import sweep
from tests.backtest.sweeps.sweep_cases import Counted, GRID, OPTIONS, prices
log, mortal, store = sys.argv[1:]
sweep(prices(), Counted, GRID | {"log": [log], "mortal": [mortal]}, store=store, chunk_size=2, **OPTIONS)
"""


@pytest.fixture(params=["parquet", "csv"])
def kind(request, monkeypatch):
    if request.param == "csv":
        monkeypatch.setattr("riskresearch.backtest.sweeps._store.find_spec", lambda name: None)
    return request.param


def counted(log, mortal=""):
    return GRID | {"log": [str(log)], "mortal": [str(mortal)]}


def calls(log):
    return Path(log).read_text().splitlines()


def test_a_store_changes_no_digit_and_is_read_instead_of_running(tmp_path, kind):
    log = tmp_path / "log"
    one = sweep(prices(), Counted, counted(log), store=tmp_path / "store", **OPTIONS)
    assert len(calls(log)) == 13  # each set, and the best one again
    assert everything(one)[2:] == everything(sweep(prices(), Momentum, GRID, **OPTIONS))[2:]
    again = sweep(prices(), Counted, counted(log), store=tmp_path / "store", **OPTIONS)
    assert everything(again) == everything(one)
    assert len(calls(log)) == 14
    suffixes = {path.suffix for path in (tmp_path / "store").iterdir()}
    assert suffixes == {f".{kind}", ".json"}


def test_a_sweep_that_is_killed_goes_on(tmp_path):
    """The child is killed by SIGKILL in the seventh of its twelve sets, when three portions of two are stored."""
    log, mortal, store = tmp_path / "log", tmp_path / "mortal", tmp_path / "store"
    mortal.touch()
    command = [sys.executable, "-c", CHILD, str(log), str(mortal), str(store)]
    child = subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
    assert child.returncode == -9
    assert len(calls(log)) == 7
    found = sweep(prices(), Counted, counted(log, mortal), store=store, **OPTIONS)
    assert len(calls(log)) == 7 + 6 + 1
    assert everything(found)[2:] == everything(sweep(prices(), Momentum, GRID, **OPTIONS))[2:]


def test_a_part_that_is_cut_off_changed_or_halved_is_run_again(tmp_path, kind):
    log, store = tmp_path / "log", tmp_path / "store"
    whole = sweep(prices(), Counted, counted(log), store=store, chunk_size=3, **OPTIONS)
    parts = sorted(store.glob("*.rows.*"))
    assert len(parts) == 4
    parts[0].write_bytes(parts[0].read_bytes()[:-20])
    draws = parts[1].with_name(parts[1].name.replace(".rows.", ".draws."))
    draws.unlink()
    parts[2].write_bytes(parts[2].read_bytes().replace(b"0", b"1"))
    (store / f"{parts[3].name}.partial-0123").write_bytes(b"half")
    log.unlink()
    with pytest.warns(
        RiskResearchWarning, match=r"in the store 'store' is not whole, so its trials are run again"
    ) as told:
        found = sweep(prices(), Counted, counted(log), store=store, **OPTIONS)
    assert len(told) == 3
    assert len(calls(log)) == 9 + 1
    assert everything(found) == everything(whole)


def test_a_store_may_go_on_in_the_other_format(tmp_path, monkeypatch):
    store = tmp_path / "store"
    whole = sweep(prices(), Momentum, GRID, store=store, chunk_size=4, **OPTIONS)
    for path in store.glob("part-00000004-*"):
        path.unlink()
    monkeypatch.setattr("riskresearch.backtest.sweeps._store.find_spec", lambda name: None)
    assert everything(sweep(prices(), Momentum, GRID, store=store, **OPTIONS)) == everything(whole)
    assert {path.suffix for path in store.iterdir()} == {".csv", ".parquet", ".json"}


def test_errors_are_stored_too(tmp_path, kind):
    text = 'line one\nline "two", nan'

    def fussy(window):
        if window == 10:
            raise ValueError(text)
        return Momentum(window=window)

    grid = {"window": [5, 10]}
    one = sweep(prices(), fussy, grid, store=tmp_path / "store", **OPTIONS)
    again = sweep(prices(), fussy, grid, store=tmp_path / "store", **OPTIONS)
    assert again.failed["error"].tolist() == [f"ValueError: {text}"]
    assert everything(again) == everything(one)


def test_the_seed_of_the_store_goes_on(tmp_path):
    options = {**OPTIONS, "rng": None}
    one = sweep(prices(), Momentum, GRID, store=tmp_path, **options)
    assert everything(sweep(prices(), Momentum, GRID, store=tmp_path, **options)) == everything(one)
    assert one.reality_check.seed == int(json.loads((tmp_path / "sweep.json").read_text())["seed"])


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"prices": prices(seed=1)}, "data"),
        ({"prices": prices().rename(columns={"a": "z"})}, "data"),
        ({"grid": GRID | {"target": [0.1]}}, "grid"),
        ({"sizer": Counted}, "code of the sizer"),
        ({"costs": 0.001}, "set of costs"),
        ({"assets": "each"}, "choice of assets"),
        ({"lag": 2}, "setting"),
        ({"rng": 4}, "setting"),
        ({"draws": 101, "assets": "each"}, "choice of assets, another setting"),
    ],
)
def test_results_of_another_sweep_are_refused(tmp_path, change, what):
    arguments = {"sizer": Momentum, "grid": GRID, "prices": prices(), "store": tmp_path, **OPTIONS}
    sweep(**arguments)
    with pytest.raises(
        InvalidInputError, match=rf"holds the results of another sweep, with another {what}\. Give another folder"
    ):
        sweep(**arguments | change)


def test_results_of_another_version_are_refused(tmp_path, monkeypatch):
    sweep(prices(), Momentum, GRID, store=tmp_path, **OPTIONS)
    monkeypatch.setattr("riskresearch.backtest.sweeps._engine.library_fingerprint", lambda: "another")
    with pytest.raises(InvalidInputError, match=r"another sweep, with another version of riskresearch\."):
        sweep(prices(), Momentum, GRID, store=tmp_path, **OPTIONS)


def test_folders_of_others_are_left_alone(tmp_path):
    (tmp_path / "thesis.tex").write_text("x")
    with pytest.raises(InvalidInputError, match=r"must be a new or empty folder .* holds 'thesis.tex'"):
        sweep(prices(), Momentum, GRID, store=tmp_path, **OPTIONS)
    with pytest.raises(InvalidInputError, match=r"store must be a folder, got the file 'thesis.tex'"):
        sweep(prices(), Momentum, GRID, store=tmp_path / "thesis.tex", **OPTIONS)
    assert (tmp_path / "thesis.tex").read_text() == "x"


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "",
        "\x00",
        '{"format": 1, "seed": "x", "identity": {}}',
        '{"format": 1, "seed": "1", "identity": []}',
        '{"format": 99, "seed": "1", "identity": {}}',
        '{"format": 1}',
    ],
)
def test_a_manifest_that_cannot_be_read_is_refused(tmp_path, text):
    (tmp_path / "sweep.json").write_text(text)
    with pytest.raises(InvalidInputError, match=r"has a sweep\.json that this version cannot read"):
        sweep(prices(), Momentum, GRID, store=tmp_path, **OPTIONS)


def test_numbers_come_back_with_all_their_bits(tmp_path, kind):
    from riskresearch.backtest.sweeps._trials import Outcome  # noqa: PLC0415 (for this test only)

    values = np.array([[0.1 + 0.2, 1e-308], [np.nan, -0.0], [5e-324, -1.7976931348623157e308]])
    outcome = Outcome(np.array([3, 4, 9]), values, ("", "nan", "a,b"), np.array([[-np.inf, 1 / 3]] * 4), ())
    store = ResultStore(tmp_path, ("one", "two"))
    store.save(outcome)
    (back,) = store.load()
    assert back.numbers.tobytes() == values.tobytes()
    assert back.maxima.tobytes() == outcome.maxima.tobytes()
    assert (back.trial.tolist(), back.errors) == ([3, 4, 9], ("", "nan", "a,b"))


def test_what_cannot_be_recognised_is_refused_by_its_name(tmp_path):
    lock = threading.Lock()

    def held(window):
        return lambda returns: returns * (lock is None)

    with pytest.raises(InvalidInputError, match=r"store needs sizer to be recognised .* \(lock\), in 'lock' can't be"):
        sweep(prices(), held, {"window": [1]}, store=tmp_path / "store", **OPTIONS)
    with pytest.raises(InvalidInputError, match=r"store needs grid to be recognised .* make open files"):
        sweep(prices(), Momentum, {"window": [5], "target": [iter([1])]}, store=tmp_path / "store", **OPTIONS)
    assert not (tmp_path / "store").exists()


# --- one store, two sweeps


def test_two_functions_of_one_line_do_not_share_a_store(tmp_path):
    one, other = (lambda window: lambda r: r * 0 + 0.1), (lambda window: lambda r: r * 0 + 0.2)
    sweep(prices(), one, {"window": [1, 2]}, store=tmp_path, **OPTIONS)
    with pytest.raises(InvalidInputError, match=r"with another code of the sizer\."):
        sweep(prices(), other, {"window": [1, 2]}, store=tmp_path, **OPTIONS)


def test_parts_of_another_store_are_not_taken(tmp_path):
    """Copied in by hand, or by a script that tidies folders: whole, but of another sweep."""
    right = sweep(prices(), Momentum, GRID, store=tmp_path / "one", chunk_size=12, **OPTIONS)
    sweep(prices(seed=1), Momentum, GRID, store=tmp_path / "other", chunk_size=12, **OPTIONS)
    for path in (tmp_path / "one").glob("part-*"):
        path.unlink()
    for path in (tmp_path / "other").glob("part-*"):
        shutil.copy(path, tmp_path / "one")
    with pytest.warns(RiskResearchWarning, match="is not whole, so its trials are run again"):
        found = sweep(prices(), Momentum, GRID, store=tmp_path / "one", **OPTIONS)
    assert everything(found) == everything(right)


AT_ONCE = """
import sys, time
from riskresearch import sweep
from tests.backtest.sweeps.sweep_cases import GRID, OPTIONS, Momentum, prices
data, (store, start) = prices(), sys.argv[1:]
time.sleep(max(0.0, float(start) - time.time()))
found = sweep(data, Momentum, GRID, store=store, **OPTIONS | {"rng": None})
print(found.reality_check.seed, found.reality_check.p_value, found.deflated_sharpe_ratio)
"""


def test_sweeps_that_start_at_once_on_a_new_store_have_one_seed(tmp_path):
    start = str(time.time() + 3.0)
    command = [sys.executable, "-c", AT_ONCE, str(tmp_path / "store"), start]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    running = [subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) for _ in "ab"]
    said = [each.communicate()[0] for each in running]
    assert [each.returncode for each in running] == [0, 0]
    assert said[0]
    assert said[0] == said[1]
    manifest = json.loads((tmp_path / "store" / "sweep.json").read_text())
    assert said[0].startswith(manifest["seed"])


def test_of_many_processes_one_creates_the_manifest(tmp_path):
    stores = [ResultStore(tmp_path / "store", ("one",)) for _ in range(16)]
    barrier = threading.Barrier(len(stores))

    def claim(number):
        barrier.wait()
        stores[number].claim_new({"setting": "x"}, number, {})
        return stores[number].seed()

    with ThreadPoolExecutor(len(stores)) as pool:
        assert len(set(pool.map(claim, range(len(stores))))) == 1
    assert [path.name for path in (tmp_path / "store").iterdir()] == ["sweep.json"]


def test_a_disk_without_hard_links_is_claimed_once_too(tmp_path, monkeypatch):
    def refused(*paths):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    one, other = (ResultStore(tmp_path, ("one",)) for _ in "ab")
    one.claim_new({"setting": "x"}, 1, {})
    with pytest.raises(FileExistsError):
        create_whole(tmp_path / "sweep.json", b"{}")
    other.claim_new({"setting": "x"}, 2, {})
    assert (one.seed(), other.seed()) == (1, 1)
    assert [path.name for path in tmp_path.iterdir()] == ["sweep.json"]


SETS = """
import sys
from riskresearch import sweep
from tests.backtest.sweeps.sweep_cases import OPTIONS, Chosen, prices
grid = {"names": [{"a", "b"}, frozenset({"c", "a"}), {"b", "c", "a"}], "tag": {"x", "yy", "zzz", "w"}}
found = sweep(prices(), Chosen, grid, assets={"some": {"c", "a"}, "all": ["a", "b", "c"]}, store=sys.argv[1], **OPTIONS)
print(found.trials["tag"].tolist(), found.best_trial, found.reality_check.p_value)
"""


def test_sets_in_a_grid_resume_in_another_process(tmp_path):
    said = []
    for seed in ("1", "77"):
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed}
        command = [sys.executable, "-W", "error", "-c", SETS, str(tmp_path)]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        said.append((done.stdout, sorted((path.name, path.stat().st_mtime_ns) for path in tmp_path.iterdir())))
    assert said[0] == said[1]


# --- disks


@pytest.mark.parametrize("file", ["rows", "draws", "sweep.json"])
def test_a_full_disk_is_our_error_and_leaves_no_part(tmp_path, monkeypatch, file):
    written = os.fsync

    def full(descriptor):
        if file in os.readlink(f"/proc/self/fd/{descriptor}"):
            raise OSError(errno.ENOSPC, "No space left on device")
        written(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InvalidInputError, match=r"store must be a folder that may be written, .* No space left on dev"):
        sweep(prices(), Momentum, GRID, store=tmp_path / "store", chunk_size=3, **OPTIONS)
    assert {path.name for path in (tmp_path / "store").iterdir()} <= {"sweep.json"}
    monkeypatch.undo()
    found = sweep(prices(), Momentum, GRID, store=tmp_path / "store", chunk_size=3, **OPTIONS)
    assert everything(found) == everything(sweep(prices(), Momentum, GRID, **OPTIONS))


def test_a_file_that_outgrows_what_the_system_allows_is_our_error(tmp_path):
    code = (
        "import resource, sys\nfrom riskresearch import sweep\nfrom riskresearch.core import InvalidInputError\n"
        "from tests.backtest.sweeps.sweep_cases import GRID, OPTIONS, Momentum, prices\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))\n"
        "try:\n    sweep(prices(), Momentum, GRID, store=sys.argv[1], **OPTIONS)\n"
        "except InvalidInputError as error:\n    print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", code, str(tmp_path / "store")],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "cannot be: File too large" in done.stdout, done.stderr
    assert [path.name for path in (tmp_path / "store").iterdir()] == ["sweep.json"]


def test_a_folder_that_may_not_be_made_or_written_is_our_error(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    with pytest.raises(InvalidInputError, match=r"store must be a folder that may be written, .* Not a directory"):
        sweep(prices(), Momentum, GRID, store=tmp_path / "file" / "store", **OPTIONS)

    def refused(*arguments, **options):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "open", refused)
    with pytest.raises(InvalidInputError, match=r"store must be a folder that may be written, .* Permission denied"):
        sweep(prices(), Momentum, GRID, store=tmp_path / "store", **OPTIONS)


def test_what_a_killed_process_left_is_removed(tmp_path):
    sweep(prices(), Momentum, GRID, store=tmp_path, **OPTIONS)
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left = tmp_path / f".part-00000000.{platform.node()}.{ended.pid}.5.riskresearch-part"
    mine = tmp_path / f".part-00000000.{platform.node()}.{os.getpid()}.5.riskresearch-part"
    for path in (left, mine):
        path.write_bytes(b"half")
    sweep(prices(), Momentum, GRID, store=tmp_path, **OPTIONS)
    assert (left.exists(), mine.exists()) == (False, True)
