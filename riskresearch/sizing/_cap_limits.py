"""The limits that judge orders by the rules by which caps shape weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from riskresearch.core._checks import shown
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.pretrade.limits._book_limits import GroupWeight, Leverage, Turnover
from riskresearch.pretrade.limits._order_limits import Participation
from riskresearch.pretrade.limits._position_limits import MinimumTrade, PositionWeight
from riskresearch.sizing._caps import Caps

if TYPE_CHECKING:
    from riskresearch.pretrade.limits._limit import Limit

ALL_OTHERS = 1e308
"""A group that the caps do not name has no cap."""


@answers_other_names()
def limits_of(caps: Caps, *, by: str = "sector") -> tuple[Limit, ...]:
    """Return limits on orders with the rules of caps: what `apply_caps` leaves passes them.

    Parameters
    ----------
    caps : Caps
        The caps.
    by : str
        The kind of group, as the groups of a `pretrade.Book` have it, that the groups of the caps are. There an asset
        without a group is not known; what is in none of the caps' groups is in another one.

    Returns
    -------
    tuple of Limit
        One for each cap that there is, in the order of the caps, with the same names as codes. Lots of a position are
        left to the caps, which round the position, where an order is rounded by `pretrade.LotSize`. An asset without
        a group is under no cap of groups, and is denied by the limit as one whose group is not known.

    Raises
    ------
    InvalidInputError
        If `caps` are none.

    Examples
    --------
    >>> from riskresearch.sizing import Caps, limits_of
    >>> [limit.code.name for limit in limits_of(Caps(max_weight=0.1, max_leverage=1.5))]
    ['WEIGHT', 'LEVERAGE']
    """
    if not isinstance(caps, Caps):
        raise InvalidInputError(f"caps must be Caps, such as Caps(max_weight=0.1), got {shown(caps)}.")
    exits = caps.limit_exits
    found: list[Limit] = []
    if caps.max_weight is not None:
        found.append(PositionWeight(caps.max_weight))
    if caps.max_group is not None:
        names = caps.groups.values()
        named = caps.max_group if isinstance(caps.max_group, Mapping) else dict.fromkeys(names, caps.max_group)
        found.append(GroupWeight({**named, "*": ALL_OTHERS}, by=by))
    if caps.max_leverage is not None:
        found.append(Leverage(caps.max_leverage))
    if caps.max_participation is not None:
        found.append(Participation(caps.max_participation, limit_exits=exits))
    if caps.max_turnover is not None:
        found.append(Turnover(caps.max_turnover, denominator="nav", limit_exits=exits))
    if caps.min_trade_weight > 0.0:
        found.append(MinimumTrade(caps.min_trade_weight))
    return tuple(found)
