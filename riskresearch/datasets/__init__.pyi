from ._info import DatasetInfo as DatasetInfo
from ._load import catalog as catalog, clear_cache as clear_cache, load as load
from ._manifest import describe as describe, names as names
