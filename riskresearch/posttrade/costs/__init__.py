"""What trading cost: implementation shortfall, benchmarks, markouts, spreads paid."""
