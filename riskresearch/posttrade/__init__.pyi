from .trips._round_trips import RoundTrips as RoundTrips
