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

# What voters read beside the question: a neutral explanation, then every side in the order in which it is to be shown. The
# sides' texts are nearly as long as each other in each language (the longest at most 5/4 of the shortest); an empty line
# begins a new paragraph. Leave all of it out if there is none.
[information.text]
en = "The bridge would join both banks. It would take two years to build and be paid for by a toll."
fa = "پل دو کرانه را به هم می‌پیوندد. ساختن آن دو سال طول می‌کشد و هزینهٔ آن از عوارض گذر پرداخت می‌شود."

[[information.sides]]
heading = { en = "For the bridge", fa = "موافقان پل" }
[information.sides.text]
en = "Those in favour say: the way to the market becomes shorter by an hour."
fa = "موافقان می‌گویند: راه بازار یک ساعت کوتاه‌تر می‌شود."

[[information.sides]]
heading = { en = "Against the bridge", fa = "مخالفان پل" }
[information.sides.text]
en = "Those against say: the ferry is enough, and the toll is a burden to many."
fa = "مخالفان می‌گویند: قایق بس است و عوارض برای بسیاری سنگین است."

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
