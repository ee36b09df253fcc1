"""The check for look-ahead."""
