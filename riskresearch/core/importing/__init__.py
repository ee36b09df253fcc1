"""Lazy loading of public names, its cost, preloading and unloading, and the diagnosis of an installation."""
