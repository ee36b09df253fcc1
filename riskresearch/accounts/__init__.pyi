from ._costs import Costs as Costs
