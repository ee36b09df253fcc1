"""Texts: encoding, separator, quotation marks, where the table is, and its cells."""
