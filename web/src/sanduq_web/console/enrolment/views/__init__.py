"""Screens of the register, of decisions, of what goes to the offline machine and comes back."""
