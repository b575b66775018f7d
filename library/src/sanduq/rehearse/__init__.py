"""Rehearse: a whole referendum, from real figures, before there is a real one (``docs/look-up/rehearsal-format.md``).

:func:`read_plan` reads a rehearsal: a TOML file with the question, the rule and the trustees, and CSV files with the areas'
figures."""

from sanduq.rehearse.plan import Plan, PlanArea, merge_plan
from sanduq.rehearse.published import differences
from sanduq.rehearse.reading import read_plan
from sanduq.rehearse.scale import read_scale, scale_plan

__all__ = ["Plan", "PlanArea", "differences", "merge_plan", "read_plan", "read_scale", "scale_plan"]
