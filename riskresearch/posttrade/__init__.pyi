from .ledger._ledger import Ledger as Ledger
from .trips._round_trips import RoundTrips as RoundTrips
