"""Constants and formulas that compiled kernels inline: setup.py writes the declarations of each file of this folder."""
