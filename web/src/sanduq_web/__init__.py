"""The vote site: ballot box, public record, check and result of referendums. The protocol is the library's, ``sanduq``."""

__version__ = "0.1.0"
