"""Caps on target weights, which are applied last and report where they bind."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._arguments import aligned_vector, column_labels, column_numbers
from riskresearch.core._checks import check_number, check_participation, check_positive, shown, text_keys
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._panel import Panel, as_panel
from riskresearch.core._row import column_names
from riskresearch.core.dates._bound_rows import BoundRows, bind_rows
from riskresearch.kernels.compiled._caps import CapRows
from riskresearch.sizing._cap_reasons import OF_OPTIMISERS, CapReason
from riskresearch.sizing._capped_weights import CappedWeights
from riskresearch.sizing._rows import extra_rows
from riskresearch.sizing._running_caps import RunningCaps

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from riskresearch.core._types import Data, FloatMatrix, FloatVector


@answers_other_names()
@dataclass(frozen=True, slots=True)
class Caps:
    """Limits that target weights are brought within, in this order; None is no limit.

    No cap makes a size larger than the target: caps on trades bind on what raises the exposure, and let what lowers it
    pass, unless `limit_exits`.

    Parameters
    ----------
    max_weight : float, optional
        Largest size of each weight.
    max_group : float or mapping of str to float, optional
        Largest sum of sizes in each group, or in the named ones; its members are scaled down together.
    groups : mapping of str to str
        Group of each asset, such as its sector; assets that are not named are in none.
    max_leverage : float, optional
        Largest sum of all sizes; all are scaled down together.
    max_participation : float, optional
        Largest trade, as a fraction of the average daily volume.
    max_turnover : float, optional
        Largest sum of the sizes of a row's trades, buys and sells both counted, as a fraction of net asset value.
    min_trade_weight : float
        Trades of fewer than this fraction of net asset value are left out; full exits are not.
    lot_size : float, optional
        Units that are traded together; positions are rounded toward zero.
    limit_exits : bool
        Whether the caps on trades (participation, turnover, smallest trade) also hold for what lowers the exposure.

    Examples
    --------
    >>> import riskresearch
    >>> caps = riskresearch.sizing.Caps(max_weight=0.5, max_leverage=0.8)
    >>> riskresearch.sizing.apply_caps([[0.6, 0.3, -0.2]], caps).weights
    array([[ 0.4 ,  0.24, -0.16]])
    >>> result = riskresearch.simulate([0.9, 0.9], [10.0, 10.0], limits=[caps])
    >>> result.weights.iloc[:, 0].tolist()
    [0.0, 0.5]
    """

    max_weight: float | None = None
    _: KW_ONLY
    max_group: float | Mapping[str, float] | None = None
    groups: Mapping[str, str] = field(default_factory=dict)
    max_leverage: float | None = None
    max_participation: float | None = None
    max_turnover: float | None = None
    min_trade_weight: float = 0.0
    lot_size: float | None = None
    limit_exits: bool = False

    def __post_init__(self) -> None:
        """Check the parameters."""
        for name in ("max_weight", "max_leverage", "max_turnover", "lot_size"):
            if getattr(self, name) is not None:
                check_positive(getattr(self, name), name=name)
        if self.max_participation is not None:
            check_participation(self.max_participation, name="max_participation")
        if check_number(self.min_trade_weight, name="min_trade_weight") < 0.0:
            raise InvalidInputError(f"min_trade_weight must be 0 or more, got {self.min_trade_weight!r}.")
        limits = self.max_group.values() if isinstance(self.max_group, Mapping) else [self.max_group]
        for limit in limits:
            if limit is not None:
                check_positive(limit, name="max_group")
        if self.max_group is not None and not self.groups:
            raise InvalidInputError("groups must be given with max_group, got none: name the group of each asset.")
        unknown = set(self.max_group) - set(self.groups.values()) if isinstance(self.max_group, Mapping) else set()
        if unknown:
            raise InvalidInputError(f"max_group must name groups of groups, got {min(unknown, key=str)!r}.")
        text_keys(self.groups, name="groups")

    def start(self, columns: int | Sequence[str]) -> RunningCaps:
        """Return the caps running for an account, as `limits` of `simulate` are.

        Weights are capped when they are decided: trades start from what is held after drift, lots and participation
        count at the last known price. Whole lots at the fill are `lot_size` of `simulate`.

        Parameters
        ----------
        columns : int or sequence of str
            How many columns the account has, or their names.

        Returns
        -------
        RunningCaps
            Whose `apply(target, bar)` returns the capped weights.
        """
        return self._started(columns, None)

    def with_data(self, *, average_volume: Data) -> BoundCaps:
        """Return the same caps with the volumes that a participation needs in a simulation.

        Parameters
        ----------
        average_volume : Series, DataFrame or array
            Average daily volume in units, known after each row. The row of the bar after which weights are decided is
            read, by its date or without dates by its number; where it is nan no exposure is raised.

        Returns
        -------
        BoundCaps
            For the `limits` of `simulate`.
        """
        volumes = bind_rows(average_volume, name="average_volume")
        _check_volumes(volumes.values)
        return BoundCaps(self, volumes)

    def check_columns(self, columns: Sequence[str]) -> None:
        """Refuse groups of which no member is among the columns of a simulation.

        Parameters
        ----------
        columns : sequence of str
            Names of the columns of all accounts.
        """
        group_of = text_keys(self.groups, name="groups")
        if self.max_group is not None and not group_of.keys() & set(columns):
            raise InvalidInputError(f"groups must name columns of weights, got {min(group_of)!r} and no column.")

    def _started(self, columns: int | Sequence[str], volumes: BoundRows | None) -> RunningCaps:
        names = column_names(columns)
        if self.max_participation is not None and volumes is None:
            raise InvalidInputError(
                "average_volume must be given with max_participation, got None. Bind it to the caps: "
                "caps.with_data(average_volume=average_volume)."
            )
        groups, group_limits = self.group_numbers(names)
        numbers = {
            "groups": groups, "group_limits": group_limits, "limits": self.limits(), "limit_exits": self.limit_exits,
        }  # fmt: skip
        return RunningCaps(names, numbers, None if volumes is None else volumes.of(names))

    def group_numbers(self, columns: tuple[str, ...]) -> tuple[FloatVector, FloatVector]:
        """Return the number of each column's group, -1 for none, and the limit of each group."""
        if self.max_group is None:
            return np.full(len(columns), -1, dtype=np.longlong), np.empty(0)
        group_of = text_keys(self.groups, name="groups")
        names = list(dict.fromkeys(group_of.values()))
        limits = self.max_group if isinstance(self.max_group, Mapping) else dict.fromkeys(names, self.max_group)
        numbers = [names.index(group_of[column]) if column in group_of else -1 for column in columns]
        return np.array(numbers, dtype=np.longlong), np.array([limits.get(name, math.inf) for name in names])

    def limits(self) -> dict[str, float]:
        """Return the limits of the kernel, infinite or 0 where there is none."""
        given = {
            "weight": self.max_weight, "leverage": self.max_leverage, "participation": self.max_participation,
            "turnover": self.max_turnover,
        }  # fmt: skip
        limits = {name: math.inf if limit is None else float(limit) for name, limit in given.items()}
        return {**limits, "minimum_trade": self.min_trade_weight, "lot_size": self.lot_size or 0.0}


@dataclass(frozen=True, slots=True)
class BoundCaps:
    """Caps with the volumes that a participation needs in a simulation: what `Caps.with_data` returns.

    Parameters
    ----------
    caps : Caps
        The limits.
    average_volume : BoundRows
        Average daily volume in units.
    """

    caps: Caps
    average_volume: BoundRows

    def start(self, columns: int | Sequence[str]) -> RunningCaps:
        """Return the caps running for an account.

        Parameters
        ----------
        columns : int or sequence of str
            How many columns the account has, or their names.

        Returns
        -------
        RunningCaps
        """
        return self.caps._started(columns, self.average_volume)

    def check_columns(self, columns: Sequence[str]) -> None:
        """Refuse groups and volumes that do not belong to the columns of a simulation.

        Parameters
        ----------
        columns : sequence of str
            Names of the columns of all accounts.
        """
        self.caps.check_columns(columns)
        self.average_volume.of(columns)


@answers_other_names()
def apply_caps(
    weights: Data,
    caps: Caps,
    *,
    held: Data | pd.Series | Mapping[str, float] | None = None,
    capital: float | Data | None = None,
    prices: Data | None = None,
    average_volume: Data | None = None,
) -> CappedWeights:
    """Bring target weights within caps, row after row, and say which cap bound where.

    Each row trades from the capped weights of the row before, without drift. In a simulation, where held weights drift,
    caps are limits: `simulate(limits=[caps])`.

    Parameters
    ----------
    weights : Series, DataFrame or array
        Target weights, fractions of net asset value, one column per asset; row t uses prices and volumes of row t.
    caps : Caps
        The limits.
    held : mapping, Series or array, optional
        Weights held before the first row; None is none.
    capital : float or Series, optional
        Net asset value in money, for lots and participation.
    prices : same shape as `weights`, optional
        Price of a unit, for lots and participation. Where it is missing no exposure is raised.
    average_volume : same shape as `weights`, optional
        Average daily volume in units, known after each row. Where it is missing no exposure is raised.

    Returns
    -------
    CappedWeights
        With `weights` and `reasons`, a number of `CapReason` bits for each weight.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule or a cap needs one that is not given.

    Examples
    --------
    >>> import riskresearch
    >>> from riskresearch.sizing import Caps
    >>> capped = riskresearch.sizing.apply_caps([[0.6, 0.3], [0.5, 0.5]], Caps(max_weight=0.4))
    >>> capped.weights
    array([[0.4, 0.3],
           [0.4, 0.4]])
    """
    panel = as_panel(weights, name="weights", holds="numbers")
    _check_caps(caps)
    _check_needs(caps, capital, prices, average_volume)
    caps.check_columns(column_labels(panel))
    groups, group_limits = caps.group_numbers(column_labels(panel))
    rows, columns = panel.values.shape
    start = np.zeros(columns) if held is None else column_numbers(held, panel, name="held")
    capped = np.empty((rows, columns))
    reasons: npt.NDArray[Any] = np.zeros((rows, columns), dtype=np.longlong)
    CapRows(  # type: ignore[no-untyped-call]
        panel.values, _rows_of(prices, panel, "prices"), _rows_of(average_volume, panel, "average_volume"),
        _capital(capital, panel), groups, group_limits, caps.limits(), caps.limit_exits, start.copy(), capped, reasons,
    ).run(0, rows)  # fmt: skip
    return CappedWeights(
        weights=panel.labels.over_time(capped),
        reasons=panel.labels.over_time(reasons),
        targets=panel.labels.over_time(panel.values.copy()),
        columns=column_labels(panel),
        names=tuple(reason.name or "" for reason in CapReason if reason not in OF_OPTIMISERS),
    )


def _check_caps(given: object) -> None:
    """Refuse what is no `Caps`."""
    if not isinstance(given, Caps):
        remedy = " Pass the caps without data, and average_volume beside them." if isinstance(given, BoundCaps) else ""
        raise InvalidInputError(f"caps must be Caps, got {shown(given)}.{remedy}")


def _check_needs(caps: Caps, capital: object, prices: object, average_volume: object) -> None:
    """Refuse a cap without what it needs."""
    needs = {"capital": capital, "prices": prices, "average_volume": average_volume}
    for cap, names in {"lot_size": ("capital", "prices"), "max_participation": tuple(needs)}.items():
        for name in names:
            if getattr(caps, cap) is not None and needs[name] is None:
                raise InvalidInputError(f"{name} must be given with {cap}, got None.")


def _rows_of(given: Data | None, panel: Panel, name: str) -> FloatMatrix:
    if given is None:
        return np.broadcast_to(np.nan, panel.values.shape)
    rows = extra_rows(given, panel, name=name, nan_policy="omit")
    if name == "average_volume":
        _check_volumes(rows)
    return rows


def _check_volumes(volumes: FloatMatrix) -> None:
    """Refuse volumes below zero."""
    lowest = float(np.fmin.reduce(volumes, axis=None))
    if lowest < 0.0:
        raise InvalidInputError(f"average_volume must not be negative, got {lowest:g}. A volume not known is nan.")


def _capital(given: float | Data | None, panel: Panel) -> FloatVector:
    """Return the net asset value of each row."""
    if given is None:
        return np.full(panel.values.shape[0], np.nan)
    if isinstance(given, (int, float)):
        return np.full(panel.values.shape[0], check_positive(given, name="capital"))
    return aligned_vector(given, panel, name="capital", holds="numbers", nan_policy="omit")
