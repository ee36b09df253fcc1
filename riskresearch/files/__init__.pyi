from ._weights import WeightsFile as WeightsFile, read_weights as read_weights
