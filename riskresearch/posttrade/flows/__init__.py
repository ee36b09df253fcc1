"""Returns of an account with deposits and withdrawals: time-weighted, Dietz, internal rate."""
