"""What trading costs before it is measured: spreads from bars, market impact, and schedules of execution."""
