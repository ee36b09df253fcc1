"""The kinds of numbers a table can hold: evidence, readings, words of headers, and what a reader should know."""
