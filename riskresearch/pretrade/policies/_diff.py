"""What changes from one policy to another, and what gets looser."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from riskresearch.core._checks import shown
from riskresearch.core._errors import InvalidInputError
from riskresearch.core.output._formats import counted
from riskresearch.core.output._tables import Block, as_html, as_text, frame_table
from riskresearch.pretrade.limits._limit import Limit
from riskresearch.pretrade.policies._policy import Policy
from riskresearch.pretrade.policies._shown import in_words, main_field, other_fields, value_in_words
from riskresearch.pretrade.policies._tighter import Difference, covers, differences, direction_of, same_subject

if TYPE_CHECKING:
    import pandas as pd

Change: TypeAlias = Literal["added", "removed", "tightened", "loosened", "changed", "unchanged"]
_COLUMNS = ("limit", "change", "looser", "field", "old", "new")
CHANGES: tuple[Change, ...] = ("loosened", "removed", "changed", "tightened", "added", "unchanged")
MARK = "LOOSER"


@dataclass(frozen=True, slots=True)
class LimitChange:
    """What becomes of one limit, or of another part of a policy.

    Parameters
    ----------
    what : str
        The limit in words; "on_breach" or "max_age" of the policy itself.
    change : {"added", "removed", "tightened", "loosened", "changed", "unchanged"}
        "changed" if neither is known to be the tighter.
    looser : bool
        Whether some order may pass, or pass without a warning, that did not; also of a limit that is removed or
        changed, unless another limit of the new policy covers it.
    fields : tuple of Difference
        The fields that differ, with both values.
    old, new : limit, optional
        None where there is none.
    covered_by : limit, optional
        The limit of the new policy that refuses all that this one did, where it is not its own.
    """

    what: str
    change: Change
    looser: bool
    fields: tuple[Difference, ...] = ()
    old: Limit | None = None
    new: Limit | None = None
    covered_by: Limit | None = None


@dataclass(frozen=True, slots=True)
class PolicyDiff:
    """What changes from one policy to another.

    Parameters
    ----------
    old, new : Policy
        The policies.
    changes : tuple of LimitChange
        One for each limit of either, those that get looser first.
    """

    old: Policy
    new: Policy
    changes: tuple[LimitChange, ...]

    @property
    def looser(self) -> tuple[LimitChange, ...]:
        """What gets looser."""
        return tuple(each for each in self.changes if each.looser)

    @property
    def is_looser(self) -> bool:
        """Whether anything gets looser."""
        return bool(self.looser)

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each limit and field that differs, with both values; an unchanged limit has one row."""
        import pandas as pd  # noqa: PLC0415 (only when a frame is wanted)

        rows = [(each.what, each.change, each.looser, *row) for each in self.changes for row in _values(each)]
        frame = pd.DataFrame(rows, columns=list(_COLUMNS), dtype=object)  # numbers beside text, and None
        return frame.astype({"limit": str, "change": str, "looser": bool, "field": str})

    def summary(self) -> str:
        """Return the changes as text."""
        return as_text(*self._blocks())

    def _blocks(self) -> list[Block]:
        counts = [
            f"{sum(each.change == change for each in self.changes)} {change}"
            for change in CHANGES
            if any(each.change == change for each in self.changes)
        ]
        head = f"policy {self.old.title()} -> {self.new.title()}: {', '.join(counts) or 'no limit in either'}"
        verdict = f"{MARK}: {counted(len(self.looser), 'change')}" if self.looser else "nothing is looser"
        if not self.changes:
            return [head, verdict]
        frame = self.to_frame()
        shown_frame = frame.assign(looser=[MARK if each else "" for each in frame["looser"]])
        for column in ("old", "new"):
            shown_frame[column] = [value_in_words(each) for each in frame[column]]
        notes = [
            f"{each.what} is {each.change}, and covered by {in_words(each.covered_by)} {_main(each.covered_by)}"
            for each in self.changes
            if each.covered_by is not None
        ]
        return [head, frame_table(shown_frame.set_index("limit")), *notes, verdict]

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())

    def __repr__(self) -> str:
        return f"PolicyDiff({counted(len(self.changes), 'change')}, {len(self.looser)} looser)"


def diff_policies(old: Policy, new: Policy) -> PolicyDiff:
    """Return what changes from one policy to another; what gets looser is marked.

    All fields count: the number that denies and the one that warns, scope, validity, what a missing number does, exits
    that are exempt. Where a limit goes, or turns into one that cannot be compared, that is looser unless another limit
    of the new policy refuses and warns of all that it did. Names, versions and tests are not compared.

    Parameters
    ----------
    old, new : Policy
        The policies, those that they extend included.

    Returns
    -------
    PolicyDiff

    Examples
    --------
    >>> from riskresearch import pretrade
    >>> old = pretrade.Policy([pretrade.PositionWeight(0.10), pretrade.Leverage(1.5)], name="desk", version="1")
    >>> new = pretrade.Policy([pretrade.PositionWeight(0.12), pretrade.Leverage(1.2)], name="desk", version="2")
    >>> print(pretrade.diff_policies(old, new).summary())
    policy desk 1 -> desk 2: 1 loosened, 1 tightened
    limit           change     looser  field  old   new
    PositionWeight  loosened   LOOSER  deny   0.1  0.12
    Leverage        tightened          deny   1.5   1.2
    LOOSER: 1 change
    """
    for name, policy in (("old", old), ("new", new)):
        if not isinstance(policy, Policy):
            raise InvalidInputError(
                f"{name} must be a Policy, got {shown(policy)}. A file is read by read_policy(path)."
            )
    pairs, gone, added = _paired(old.limits, new.limits)
    changes = [_change(one, other, new.limits) for one, other in pairs]
    changes += [_removed(each, new.limits) for each in gone]
    changes += [LimitChange(in_words(each), "added", looser=False, new=each) for each in added]
    changes += _of_policy(old, new)
    order = {change: place for place, change in enumerate(CHANGES)}
    changes.sort(key=lambda each: (not each.looser, order[each.change]))
    return PolicyDiff(old, new, tuple(changes))


def _paired(old: Sequence[Limit], new: Sequence[Limit]) -> tuple[list[tuple[Limit, Limit]], list[Limit], list[Limit]]:
    """Return which limit of one policy is which of the other, and what is left of both.

    Equal ones first, then those of one measure and name, of one measure, of one class: the nearest of them each time.
    """
    left, right = list(old), list(new)
    pairs: list[tuple[Limit, Limit]] = []
    for fits in _FITS:
        for one in tuple(left):
            candidates = [place for place, other in enumerate(right) if fits(one, other)]
            if candidates:
                nearest = min(candidates, key=lambda place: len(differences(one, right[place])))
                left.pop(next(place for place, each in enumerate(left) if each is one))
                pairs.append((one, right.pop(nearest)))
    return pairs, left, right


_FITS: tuple[Callable[[Limit, Limit], bool], ...] = (
    lambda one, other: type(one) is type(other) and not differences(one, other) and one.name == other.name,
    lambda one, other: type(one) is type(other) and not differences(one, other),
    lambda one, other: bool(one.name) and one.name == other.name and same_subject(one, other),
    same_subject,
    lambda one, other: type(one) is type(other) and one.name == other.name,
    lambda one, other: type(one) is type(other),
)
"""What makes two limits one, the surest first."""


def _change(old: Limit, new: Limit, all_new: Sequence[Limit]) -> LimitChange:
    found = differences(old, new)
    ways = {each.direction for each in found}
    cover = next((each for each in all_new if covers(each, old)), None)
    change: Change = (
        "unchanged" if not ways else "loosened" if "looser" in ways else "changed" if "other" in ways else "tightened"
    )
    looser = any(each.is_looser for each in found)
    return LimitChange(in_words(new), change, looser and cover is None, found, old, new, cover if looser else None)


def _removed(limit: Limit, all_new: Sequence[Limit]) -> LimitChange:
    cover = next((each for each in all_new if covers(each, limit)), None)
    return LimitChange(in_words(limit), "removed", cover is None, old=limit, covered_by=cover)


def _of_policy(old: Policy, new: Policy) -> list[LimitChange]:
    """Return the changes of what is no limit: what a breach does, and the ages beyond which a number is not known."""
    found = [
        Difference("on_breach", old.on_breach, new.on_breach, direction_of("strictness", old.on_breach, new.on_breach))
    ]
    ages = [dict(each.max_age or {}) for each in (old, new)]
    for name in sorted({*ages[0], *ages[1]}):
        before, after = (each.get(name) for each in ages)
        found.append(Difference(f"max_age of {name}", before, after, direction_of("smaller", before, after)))
    return [
        LimitChange("policy", "loosened" if each.is_looser else "tightened", each.is_looser, (each,))
        for each in found
        if each.direction != "same"
    ]


def _values(change: LimitChange) -> list[tuple[str, Any, Any]]:
    """Return the fields that differ with both values; of a limit without a counterpart those that it states."""
    if change.fields:
        return [(each.field, each.old, each.new) for each in change.fields]
    limit = change.new if change.new is not None else change.old
    assert limit is not None
    others = other_fields(limit) if change.old is None or change.new is None else []
    return [
        (field, getattr(change.old, field, None), getattr(change.new, field, None))
        for field in (main_field(limit), *others)
    ]


def _main(limit: Limit) -> str:
    field = main_field(limit)
    return f"{field}={value_in_words(getattr(limit, field, None))}" if field else ""
