from .attribution._attribution import Attribution as Attribution
from .attribution._brinson import brinson as brinson
from .attribution._currency_legs import CurrencyLegs as CurrencyLegs
from .attribution._factor_attribution import factor_attribution as factor_attribution
from .attribution._factor_result import FactorAttribution as FactorAttribution
from .attribution._risk_attribution import risk_attribution as risk_attribution
from .attribution._risk_result import RiskAttribution as RiskAttribution
from .ledger._ledger import Ledger as Ledger
