"""Losses that are deferred because what was sold is bought again."""
