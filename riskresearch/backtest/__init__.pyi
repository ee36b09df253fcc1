from ._halt_significance import (
    HaltSignificance as HaltSignificance,
    best_set_p_value as best_set_p_value,
    halt_significance as halt_significance,
)
