"""What an operator does beside serving: look whether all is well, keep backups, put one back."""
