"""Round trips: what was bought and sold again, by a named rule."""
