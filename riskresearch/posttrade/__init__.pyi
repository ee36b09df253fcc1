from .attribution._attribution import Attribution as Attribution
from .attribution._brinson import brinson as brinson
from .attribution._currency_legs import CurrencyLegs as CurrencyLegs
