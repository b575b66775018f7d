"""Box: takes ballots in, appends them to the public record, gives receipts; keeps the journal of acts (spec 5)."""

from sanduq.box.box import Box
from sanduq.box.intake import Intake, Known, Place, Taken, credential_in
from sanduq.box.receipt import BoxKey, Receipt, check_receipt, read_receipt

__all__ = [
    "Box",
    "BoxKey",
    "Intake",
    "Known",
    "Place",
    "Receipt",
    "Taken",
    "check_receipt",
    "credential_in",
    "read_receipt",
]
