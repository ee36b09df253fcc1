"""The ledger: fills into lots, positions, cash and profit."""
