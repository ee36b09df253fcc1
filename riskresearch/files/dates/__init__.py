"""A column of dates: its form, its clock and its order."""
