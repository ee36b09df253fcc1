"""Tables of fills, orders and money as users have them."""
