"""What dates show: the weekdays and periods in use, and holes in them."""
