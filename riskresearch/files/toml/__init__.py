"""TOML files, with the line of each key for messages."""
