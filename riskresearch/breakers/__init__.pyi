from ._halt_rules import (
    market_wide_halt_rules as market_wide_halt_rules,
)
from ._limit_up_limit_down import (
    LimitUpLimitDown as LimitUpLimitDown,
    price_bands as price_bands,
)
from ._market_wide import (
    MarketWideHalts as MarketWideHalts,
    market_wide_halts as market_wide_halts,
)
