"""Box: takes ballots in, appends them to the public record, gives receipts; keeps the journal of acts (spec 5)."""

from sanduq.box.box import Box
from sanduq.box.receipt import BoxKey, Receipt, check_receipt, read_receipt

__all__ = ["Box", "BoxKey", "Receipt", "check_receipt", "read_receipt"]
