from .ledger._ledger import Ledger as Ledger
