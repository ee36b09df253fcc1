"""The cache of checkers: the same one for equal limits, counted, bounded, and whole under threads."""

from concurrent.futures import ThreadPoolExecutor

from riskresearch import UnifiedLimitChecker, pretrade


def limits_of(number):
    return [pretrade.OrderUnits(1000 + number, name="of the cache"), pretrade.PositionUnits({"A": 5, "*": number + 1})]


def test_equal_limits_have_one_checker_and_others_another():
    before = pretrade.checker_cache()
    first = pretrade.get_checker(limits_of(1))
    assert pretrade.get_checker(limits_of(1)) is first
    assert pretrade.get_checker(tuple(limits_of(1))) is first
    others = [
        pretrade.get_checker(limits_of(2)), pretrade.get_checker(limits_of(1), on_breach="clip"),
        pretrade.get_checker(limits_of(1), max_age=5.0), pretrade.get_checker(limits_of(1)[::-1]),
    ]  # fmt: skip
    assert all(other is not first and other != first for other in others)
    after = pretrade.checker_cache()
    assert (after.hits - before.hits, after.misses - before.misses) == (2, 5)
    assert after.hit_rate == after.hits / (after.hits + after.misses)
    assert first == UnifiedLimitChecker(limits_of(1))
    assert hash(first) == hash(UnifiedLimitChecker(limits_of(1)))


def test_the_cache_keeps_the_last_ones_and_no_more():
    for number in range(200):
        pretrade.get_checker(limits_of(number))
    assert pretrade.checker_cache().size == 128
    misses = pretrade.checker_cache().misses
    pretrade.get_checker(limits_of(199))
    assert pretrade.checker_cache().misses == misses
    pretrade.get_checker(limits_of(0))
    assert pretrade.checker_cache().misses == misses + 1


def test_threads_get_the_same_checker():
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: pretrade.get_checker(limits_of(777)), range(64)))
    assert all(checker is found[0] for checker in found)


def test_there_is_no_rate_before_the_first_call():
    rate = pretrade.CheckerCache(0, 0, 0).hit_rate
    assert rate != rate
    assert pretrade.CheckerCache(3, 1, 1).hit_rate == 0.75
