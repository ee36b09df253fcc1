"""Files that store their values with types: workbooks, Parquet, Arrow, JSON."""
