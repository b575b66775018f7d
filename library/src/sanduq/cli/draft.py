"""The draft that ``sanduq question new`` writes: a whole, valid example to be changed."""

from typing import Final

DRAFT: Final = """\
# A referendum. Every text stands in every language. The format: docs/look-up/rehearsal-format.md
format = 1
languages = ["en", "fa"]
minimum = 20  # an area with fewer ballots stays uncounted, since so few would be betrayed
title = { en = "The bridge", fa = "پل" }

[calendar]  # UTC
opens = "2030-05-01T06:00:00Z"
closes = "2030-05-03T18:00:00Z"

[trustees]
count = 5
threshold = 3  # more than half, fewer than all

[areas]
files = ["areas.csv"]
columns = { code = "code", name = "name", parent = "parent", electorate = "electorate" }

[[questions]]
id = "bridge"
text = { en = "Shall the bridge be built?", fa = "آیا پل ساخته شود؟" }
blank = true
answers = [
  { id = "yes", text = { en = "Yes", fa = "آری" } },
  { id = "no", text = { en = "No", fa = "نه" } },
]

[rule]  # docs/look-up/rules.md
decides = "whole"

[[rule.items]]
id = "bridge"
kind = "proposal"
accept = "yes"
share = { of = "valid-votes", compare = "more-than", needed = "1/2" }
tie = "fails"
"""

AREAS: Final = """\
code,name,parent,electorate
north,North bank,valley,500
south,South bank,valley,400
"""
