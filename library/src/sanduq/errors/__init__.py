"""Every error of sanduq, and the number of the check that raises it.

::

    SanduqError
    ├── Refused               what we were given is not what it claims to be; has a step of the specification
    │   ├── (0) MalformedJson … EventOrder            reading bytes, JSON, the archive
    │   ├── (1) RollMalformed … ReserveUsed           roll
    │   ├── (2) ElectionMalformed … TestUuid          question, setup, rule
    │   ├── (3) TrusteesMalformed … ElectionKey       keys
    │   ├── (4) BallotOversize … SealSpent            booth
    │   ├── (5) BoxNotOpen … BoxSuspended             box
    │   ├── (7) CountWrong … TestTrustee              count
    │   ├── (8) AnchorMismatch … SuspensionBroken     watch
    │   ├── (9) LetterMalformed … PressKeyMalformed   press
    │   └── (10) SumsMalformed … DiscKeyMalformed     disc
    ├── Unusable              we were called wrongly: a file is missing, exists already, cannot be written …
    └── EnginesDisagree       Rust and Python give different verdicts on one ballot: never a pass

A refusal is raised, never returned: nothing here answers with ``bool`` or ``None`` (DESIGN, style 4). The verifier's checks
all go through :func:`require`; a *reader*, which cannot go on, raises the class itself.

Messages are lower case, say what was expected and what was got, and hold no secret. What to do about it stands apart, in
``hint``.
"""

from sanduq.errors.base import *
from sanduq.errors.foundations import *
from sanduq.errors.roll import *
from sanduq.errors.question import *
from sanduq.errors.keys import *
from sanduq.errors.booth import *
from sanduq.errors.box import *
from sanduq.errors.count import *
from sanduq.errors.watch import *
from sanduq.errors.press import *
from sanduq.errors.disc import *
