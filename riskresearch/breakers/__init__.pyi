from ._account import (
    ExposureBreaker as ExposureBreaker,
    PeriodLossBreaker as PeriodLossBreaker,
    RejectRateBreaker as RejectRateBreaker,
    TurnoverBreaker as TurnoverBreaker,
)
from ._breaker import (
    Breaker as Breaker,
    DrawdownBreaker as DrawdownBreaker,
    RunningBreakers as RunningBreakers,
)
from ._combined import (
    CombinedBreaker as CombinedBreaker,
    CustomBreaker as CustomBreaker,
    all_of as all_of,
    any_of as any_of,
    ladder as ladder,
)
from ._market import (
    CorrelationBreaker as CorrelationBreaker,
    DispersionBreaker as DispersionBreaker,
    FeedDivergenceBreaker as FeedDivergenceBreaker,
    GapBreaker as GapBreaker,
    LossStreakBreaker as LossStreakBreaker,
    PriceBandBreaker as PriceBandBreaker,
    StaleDataBreaker as StaleDataBreaker,
    TailBreachBreaker as TailBreachBreaker,
    TrailingDrawdownBreaker as TrailingDrawdownBreaker,
    VolatilityBreaker as VolatilityBreaker,
)
from ._set import BreakerSet as BreakerSet
from ._types import (
    BreakerDecision as BreakerDecision,
    BreakerEvent as BreakerEvent,
    BreakerMetrics as BreakerMetrics,
    BreakerPriority as BreakerPriority,
    BreakerStage as BreakerStage,
    BreakerStatus as BreakerStatus,
    BreakerType as BreakerType,
    MarketConditions as MarketConditions,
    TradingState as TradingState,
    events_frame as events_frame,
)
