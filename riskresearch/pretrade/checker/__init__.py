"""The checker: limits bound to a book, verdicts, headroom and logs."""
