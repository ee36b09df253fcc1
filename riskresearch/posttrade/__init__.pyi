from .attribution._factor_attribution import factor_attribution as factor_attribution
from .attribution._factor_result import FactorAttribution as FactorAttribution
from .attribution._risk_attribution import risk_attribution as risk_attribution
from .attribution._risk_result import RiskAttribution as RiskAttribution
from .ledger._ledger import Ledger as Ledger
