"""One definition of the seed that `rng` stands for, and of the seeds of jobs."""

import numpy as np
import pytest

from riskresearch.core import InvalidInputError
from riskresearch.core._seeds import child_seed, child_seeds, seed_number, seed_of


def test_a_number_is_its_own_seed_and_a_generator_draws_one():
    assert seed_of(7) == seed_of(np.int64(7)) == 7
    first, second = np.random.default_rng(1), np.random.default_rng(1)
    assert seed_of(first) == int(second.integers(2**63))
    assert seed_of(first) == int(second.integers(2**63))  # the generator moves on


def test_none_takes_fresh_entropy_that_fits_into_63_bits():
    seeds = {seed_of(None) for _ in range(20)}
    assert len(seeds) == 20
    assert max(seeds) < 2**63
    assert seed_number(np.random.SeedSequence(5)) == int(np.random.SeedSequence(5).generate_state(1, np.uint64)[0]) >> 1


def test_the_seeds_of_jobs_are_those_of_spawn_and_do_not_depend_on_their_number():
    spawned = np.random.SeedSequence(3).spawn(4)
    assert [seed_number(one) for one in child_seeds(3, 4)] == [seed_number(one) for one in spawned]
    assert seed_number(child_seed(3, 2)) == seed_number(spawned[2])
    assert [seed_number(one) for one in child_seeds(3, 2)] == [seed_number(one) for one in spawned[:2]]


@pytest.mark.parametrize("rng", [-1, 1.5, "1", True])
def test_other_seeds_are_refused(rng):
    with pytest.raises(InvalidInputError, match="rng must be a whole number"):
        seed_of(rng)
