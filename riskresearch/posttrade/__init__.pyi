from .costs._markouts import markouts as markouts
from .costs._markouts_result import HalfLife as HalfLife, Markouts as Markouts
from .costs._transaction_costs import transaction_costs as transaction_costs
from .costs._transaction_costs_result import TransactionCosts as TransactionCosts
from .ledger._ledger import Ledger as Ledger
