"""Keys: the trustees and their ceremony; a key that no one holds (spec 3)."""
