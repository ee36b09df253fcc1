"""What users have their numbers in, and how each is read: pandas, polars, Arrow and xarray; others by their name."""
