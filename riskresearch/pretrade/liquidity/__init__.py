"""How long a book takes to sell, and what that costs."""
