"""The limits: frozen sets of parameters, each of which says by what rule of the kernel it is judged."""
