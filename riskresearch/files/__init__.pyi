from ._data_file import DataFile as DataFile
from ._grid import Step as Step
from ._read import read as read
