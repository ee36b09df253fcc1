from ._codes import LimitCode as LimitCode, Outcome as Outcome
from .book._book import Book as Book
from .checker._checker import (
    CheckerCache as CheckerCache,
    Repair as Repair,
    UnifiedLimitChecker as UnifiedLimitChecker,
    checker_cache as checker_cache,
    get_checker as get_checker,
)
from .checker._headroom import Headroom as Headroom, WhatIf as WhatIf
from .checker._replay import Replay as Replay, replay as replay
from .checker._running import RunningChecker as RunningChecker
from .checker._verdict import Reason as Reason, Verdict as Verdict
from .checker._verdicts import Verdicts as Verdicts
from .limits._book_limits import (
    GrossExposure as GrossExposure,
    GroupWeight as GroupWeight,
    InstrumentCount as InstrumentCount,
    Leverage as Leverage,
    NetExposure as NetExposure,
    TradingStateLimit as TradingStateLimit,
    Turnover as Turnover,
    UcitsConcentration as UcitsConcentration,
)
from .limits._flow_limits import (
    AllowedList as AllowedList,
    DuplicateOrder as DuplicateOrder,
    MessageRate as MessageRate,
    OrderRate as OrderRate,
    RepeatedExecution as RepeatedExecution,
    RestrictedList as RestrictedList,
    Session as Session,
    ShortSale as ShortSale,
)
from .limits._limit import Limit as Limit
from .limits._order_limits import (
    LotSize as LotSize,
    OrderNotional as OrderNotional,
    OrderUnits as OrderUnits,
    Participation as Participation,
    PriceCollar as PriceCollar,
    SelfTrade as SelfTrade,
    TickSize as TickSize,
)
from .limits._position_limits import (
    BuyingPower as BuyingPower,
    MinimumTrade as MinimumTrade,
    PositionNotional as PositionNotional,
    PositionUnits as PositionUnits,
    PositionWeight as PositionWeight,
)
from .limits._risk_limits import (
    BetaExposure as BetaExposure,
    ConditionalValueAtRisk as ConditionalValueAtRisk,
    CustomLimit as CustomLimit,
    FactorExposure as FactorExposure,
    StressLoss as StressLoss,
    ValueAtRisk as ValueAtRisk,
)
from .liquidity._book_liquidity import BookLiquidity as BookLiquidity
from .liquidity._liquidity_checker import LiquidityChecker as LiquidityChecker
from .orders._orders import Orders as Orders
from .policies._diff import PolicyDiff as PolicyDiff, diff_policies as diff_policies
from .policies._policy import Policy as Policy
from .policies._policy_test import PolicyTest as PolicyTest
from .policies._read import read_policy as read_policy
from .policies._write import write_policy as write_policy
