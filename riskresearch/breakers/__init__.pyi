from ._account import (
    ExposureBreaker as ExposureBreaker,
    RejectRateBreaker as RejectRateBreaker,
    TurnoverBreaker as TurnoverBreaker,
)
from ._breaker import Breaker as Breaker
from ._combined import (
    CombinedBreaker as CombinedBreaker,
    CustomBreaker as CustomBreaker,
    all_of as all_of,
    any_of as any_of,
    ladder as ladder,
)
from ._cross_section import CorrelationBreaker as CorrelationBreaker, DispersionBreaker as DispersionBreaker
from ._equity import DrawdownBreaker as DrawdownBreaker, PeriodLossBreaker as PeriodLossBreaker
from ._market import (
    FeedDivergenceBreaker as FeedDivergenceBreaker,
    GapBreaker as GapBreaker,
    LossStreakBreaker as LossStreakBreaker,
    PriceBandBreaker as PriceBandBreaker,
    StaleDataBreaker as StaleDataBreaker,
    TailBreachBreaker as TailBreachBreaker,
    TrailingDrawdownBreaker as TrailingDrawdownBreaker,
    VolatilityBreaker as VolatilityBreaker,
)
from ._running import RunningBreakers as RunningBreakers
from ._set import BreakerSet as BreakerSet
from ._trades import ClosedTradesBreaker as ClosedTradesBreaker
from ._types import (
    BreakerEvent as BreakerEvent,
    BreakerMetrics as BreakerMetrics,
    BreakerPriority as BreakerPriority,
    BreakerStage as BreakerStage,
    BreakerStatus as BreakerStatus,
    TradingState as TradingState,
    events_frame as events_frame,
)
from .exchanges._halt_history import market_wide_halts as market_wide_halts
from .exchanges._limit_state import (
    BAND_RULES as BAND_RULES,
    BandRule as BandRule,
    LimitStateBreaker as LimitStateBreaker,
    band_rule as band_rule,
    price_bands as price_bands,
)
from .exchanges._market_wide import (
    HALT_RULES as HALT_RULES,
    Halt as Halt,
    HaltLevel as HaltLevel,
    HaltRule as HaltRule,
    MarketWideBreaker as MarketWideBreaker,
    halt_points as halt_points,
    halt_rule as halt_rule,
)
