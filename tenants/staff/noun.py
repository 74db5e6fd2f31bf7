"""What the noun `staff` registers: nothing but its refusals, which are found in its modules."""
