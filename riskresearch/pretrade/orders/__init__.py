"""Orders, as a frame, rows, mappings or records have them."""
