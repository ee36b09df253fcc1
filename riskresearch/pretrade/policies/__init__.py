"""Policies as TOML files: read, written, compared and tested."""
