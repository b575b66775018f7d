"""Watch: the public record, turnout, and the pages on which anybody checks."""
