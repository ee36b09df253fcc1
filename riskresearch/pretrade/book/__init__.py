"""The book that orders are judged against."""
