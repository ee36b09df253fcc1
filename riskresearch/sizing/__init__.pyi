from ._fixed_fraction import FixedFractionSizer as FixedFractionSizer
from ._protocol import (
    OnlineSizer as OnlineSizer,
    PositionSizer as PositionSizer,
    SizerStream as SizerStream,
)
