from .ledger._events import (
    CashFlow as CashFlow,
    CorporateAction as CorporateAction,
    ExchangeRates as ExchangeRates,
    LedgerBar as LedgerBar,
    Prices as Prices,
)
from .ledger._ledger import Ledger as Ledger
from .ledger._rules import LedgerRules as LedgerRules
