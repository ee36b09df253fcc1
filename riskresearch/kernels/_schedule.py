"""When a model of the last rows is fitted again."""


def is_fitted_after(rows: int, *, window: int, every: int) -> bool:
    """Return whether a model is fitted after row number `rows`: after row `window`, then after every `every` rows.

    A model that begins with fewer rows keeps the same rhythm before its window is full.
    """
    return (rows - window) % every == 0
