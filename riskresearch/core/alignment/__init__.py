"""Two series on common rows, whatever clock their dates were stamped by."""
