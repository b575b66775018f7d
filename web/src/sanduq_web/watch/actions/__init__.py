"""Verbs of watching: what is due by the calendar (``due``), what observers write (``observing``), ``complaining``."""

from sanduq_web.watch.actions.due import TICK, bring_up_to_date, show_due, start_ticker, tick

__all__ = ["TICK", "bring_up_to_date", "show_due", "start_ticker", "tick"]
