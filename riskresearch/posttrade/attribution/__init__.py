"""Attribution of returns and of risk: by group, by factor, and both beside each other."""
