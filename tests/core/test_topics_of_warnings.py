"""Scopes in which a topic is warned of once."""

import warnings

from riskresearch.core._plausibility import each_topic_once, warn_user


def said(call) -> list[str]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        call()
    return [str(warning.message) for warning in caught]


def test_within_one_scope_a_topic_is_warned_of_once_for_each_argument():
    def doubt():
        with each_topic_once():
            for name in ("returns", "benchmark", "returns"):
                warn_user(f"{name} is doubtful", topic="units", of=name)
            warn_user("the same words")
            warn_user("the same words")

    assert said(doubt) == ["returns is doubtful", "benchmark is doubtful", "the same words"]


def test_what_a_scope_takes_for_said_is_not_said_beyond_it():
    def doubt():
        with each_topic_once():
            with each_topic_once("units", "rates"):
                warn_user("said before", topic="units", of="factors")
                warn_user("said before", topic="rates")
                warn_user("new inside", topic="periods")
            warn_user("new inside", topic="periods")
            warn_user("not said outside", topic="rates")

    assert said(doubt) == ["new inside", "not said outside"]


def test_without_a_scope_every_warning_passes():
    def doubt():
        warn_user("outside", topic="units", of="returns")
        warn_user("outside", topic="units", of="returns")

    assert said(doubt) == ["outside", "outside"]
