from ._data_file import DataFile as DataFile
from ._read import read as read
from .weights._weights import WeightsFile as WeightsFile, read_weights as read_weights
