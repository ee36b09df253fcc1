from ._analyze import analyze as analyze
from ._post_trade_report import PostTradeReport as PostTradeReport
from ._stream import PostTradeStream as PostTradeStream, StreamedEvent as StreamedEvent
from .attribution._attribution import Attribution as Attribution
from .attribution._brinson import brinson as brinson
from .attribution._currency_legs import CurrencyLegs as CurrencyLegs
from .attribution._factor_attribution import factor_attribution as factor_attribution
from .attribution._factor_result import FactorAttribution as FactorAttribution
from .attribution._risk_attribution import risk_attribution as risk_attribution
from .attribution._risk_result import RiskAttribution as RiskAttribution
from .breaches._compliance import compliance as compliance
from .breaches._compliance_result import Compliance as Compliance
from .costs._markouts import markouts as markouts
from .costs._markouts_result import HalfLife as HalfLife, Markouts as Markouts
from .costs._transaction_costs import transaction_costs as transaction_costs
from .costs._transaction_costs_result import TransactionCosts as TransactionCosts
from .flows._flow_returns import FlowReturns as FlowReturns
from .flows._internal_rate import internal_rate_of_return as internal_rate_of_return
from .flows._internal_rates import InternalRates as InternalRates
from .flows._time_weighted import modified_dietz as modified_dietz, time_weighted_return as time_weighted_return
from .impact._almgren import AlmgrenImpact as AlmgrenImpact, almgren_impact as almgren_impact
from .impact._execution import almgren_chriss as almgren_chriss
from .impact._execution_result import (
    ExecutionFrontier as ExecutionFrontier,
    ExecutionSchedule as ExecutionSchedule,
)
from .impact._spread import estimated_spread as estimated_spread
from .impact._spread_result import SpreadEstimate as SpreadEstimate
from .impact._square_root import fit_square_root_law as fit_square_root_law
from .impact._square_root_result import SquareRootLaw as SquareRootLaw
from .ledger._events import (
    CashFlow as CashFlow,
    CorporateAction as CorporateAction,
    ExchangeRates as ExchangeRates,
    LedgerBar as LedgerBar,
    Prices as Prices,
)
from .ledger._ledger import Ledger as Ledger
from .ledger._rules import LedgerRules as LedgerRules
from .trips._round_trips import RoundTrips as RoundTrips
from .wash._wash_sales import wash_sales as wash_sales
from .wash._wash_sales_result import WashSales as WashSales
