"""Watch: verify everything, compare two copies (spec 8)."""
