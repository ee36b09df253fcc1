"""Options: where a value comes from, and which values are refused."""

import asyncio
import math
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, strategies as st

import riskresearch
from riskresearch.core import InvalidInputError
from riskresearch.core._options import Options, usable_cpus

positive = st.integers(1, 10**6) | st.floats(1e-6, 1e9)


@pytest.fixture
def options(monkeypatch):
    for name in ("IMPORT_MODE", "THREADS", "PROGRESS", "PERIODS_PER_YEAR"):
        monkeypatch.delenv(f"RISKRESEARCH_{name}", raising=False)
    monkeypatch.delenv("EAGER_IMPORT", raising=False)
    return Options()


def test_defaults(options):
    assert (options.import_mode, options.progress, options.periods_per_year) == ("lazy", "auto", None)


def test_threads_are_the_usable_cpus_by_default_and_after_none(options):
    assert options.threads == usable_cpus() >= 1
    options.threads = 99
    assert options.threads == 99
    options.threads = None
    assert options.threads == usable_cpus()


@given(st.integers(1, 10**6))
def test_threads_reads_back_what_was_assigned(count):
    options = Options()
    options.threads = count
    assert options.threads == count
    options.threads = np.int64(count)
    assert type(options.threads) is int


@given(st.integers(max_value=0) | st.floats() | st.text() | st.booleans() | st.lists(st.integers()))
def test_threads_refuses_all_but_positive_integers(value):
    with pytest.raises(InvalidInputError, match=r"^threads must be an integer >= 1 or None .*, got "):
        Options().threads = value


@given(positive)
def test_periods_per_year_reads_back_what_was_assigned(number):
    options = Options()
    options.periods_per_year = number
    assert options.periods_per_year == number
    assert type(options.periods_per_year) is float


@given(st.floats(max_value=0.0) | st.sampled_from([math.nan, math.inf, True, "252", np.array([1.0, 2.0])]))
def test_periods_per_year_refuses_all_but_positive_numbers(value):
    with pytest.raises(InvalidInputError, match=r"^periods_per_year must be a positive number or None .*, got "):
        Options().periods_per_year = value


@given(st.one_of(st.none(), st.integers(), st.text(), st.just(np.True_)).filter(lambda value: value != "auto"))
def test_progress_refuses_all_but_its_three_values(value):
    with pytest.raises(InvalidInputError, match=r'^progress must be True, False or "auto" .*, got '):
        Options().progress = value


@given(st.text().filter(lambda text: text not in ("lazy", "eager")))
def test_import_mode_refuses_all_but_its_two_values(value):
    with pytest.raises(InvalidInputError, match=r'^import_mode must be "lazy" or "eager", got '):
        Options().import_mode = value


@given(positive, positive)
def test_the_inner_context_wins_and_both_end(outer, inner):
    options = Options()
    options.periods_per_year = 12
    with options.context(periods_per_year=outer, threads=1):
        with options.context(periods_per_year=inner):
            assert (options.periods_per_year, options.threads) == (inner, 1)
        assert options.periods_per_year == outer
    assert (options.periods_per_year, options.threads) == (12, usable_cpus())


def test_context_can_override_with_none(options):
    options.threads = 99
    with options.context(threads=None):
        assert options.threads == usable_cpus()


def test_context_ends_with_an_error_and_refuses_bad_values_before_it_starts(options):
    options.threads = 98
    with pytest.raises(ZeroDivisionError), options.context(threads=1):
        _ = 1 / 0
    assert options.threads == 98
    with pytest.raises(InvalidInputError, match="threads must be an integer >= 1"), options.context(threads=0):
        pytest.fail("the block must not run")


def test_context_holds_for_its_thread_and_assignment_for_the_process(options):
    with ThreadPoolExecutor(1) as pool, options.context(threads=1):
        options.threads, options.progress = 98, True
        assert pool.submit(lambda: (options.threads, options.progress)).result() == (98, True)
        assert (options.threads, options.progress) == (1, True)


def test_contexts_of_asyncio_tasks_do_not_mix(options):
    async def task(count, everyone_inside):
        with options.context(threads=count):
            await everyone_inside.wait()
            return options.threads

    async def main():
        everyone_inside = asyncio.Barrier(5)
        return await asyncio.gather(*(task(count, everyone_inside) for count in range(1, 6)))

    assert asyncio.run(main()) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("variable", "text", "option", "value"),
    [
        ("THREADS", "3", "threads", 3),
        ("THREADS", "", "threads", usable_cpus()),
        ("PROGRESS", "0", "progress", False),
        ("PROGRESS", "On", "progress", True),
        ("PROGRESS", "auto", "progress", "auto"),
        ("PERIODS_PER_YEAR", "365.25", "periods_per_year", 365.25),
        ("IMPORT_MODE", "eager", "import_mode", "eager"),
    ],
)
def test_environment_is_read_at_first_use_and_then_kept(options, monkeypatch, variable, text, option, value):
    monkeypatch.setenv(f"RISKRESEARCH_{variable}", text)
    assert getattr(options, option) == value
    monkeypatch.setenv(f"RISKRESEARCH_{variable}", "changed")
    assert getattr(options, option) == value


@pytest.mark.parametrize(
    ("variable", "text", "message"),
    [
        ("THREADS", "many", "RISKRESEARCH_THREADS must be an integer >= 1 .*, got 'many'"),
        ("THREADS", "1.5", "RISKRESEARCH_THREADS must be an integer >= 1 .*, got 1.5"),
        ("PROGRESS", "perhaps", "RISKRESEARCH_PROGRESS must be True, False or .*, got 'perhaps'"),
        ("PERIODS_PER_YEAR", "-1", "RISKRESEARCH_PERIODS_PER_YEAR must be a positive number .*, got -1"),
        ("IMPORT_MODE", "Eager", 'RISKRESEARCH_IMPORT_MODE must be "lazy" or "eager", got \'Eager\''),
    ],
)
def test_a_bad_environment_value_names_the_variable_the_rule_and_the_value(
    options, monkeypatch, variable, text, message
):
    monkeypatch.setenv(f"RISKRESEARCH_{variable}", text)
    with pytest.raises(InvalidInputError, match=message):
        getattr(options, variable.lower())


def test_an_unknown_option_is_refused_with_the_list_of_options(options):
    with pytest.raises(
        InvalidInputError, match=r"no option 'thread'; .* import_mode, threads, .* Did you mean threads"
    ):
        options.thread = 1


def test_repr_is_one_line_with_the_values_in_force(options):
    with options.context(threads=2, periods_per_year=252):
        assert repr(options) == "Options(import_mode='lazy', threads=2, progress='auto', periods_per_year=252.0)"


def test_the_options_are_one_object_everywhere():
    seen = []
    thread = threading.Thread(target=lambda: seen.append(riskresearch.options))
    thread.start()
    thread.join()
    assert seen == [riskresearch.core.options]
