"""For the checker of types alone: the settings of both sites in one, so that it knows the models of both."""

from sanduq_web.environment import LANGUAGES as LANGUAGES  # noqa: PLC0414  # what settings import, they do not pass on
from sanduq_web.environment import LANGUAGES_BIDI as LANGUAGES_BIDI  # noqa: PLC0414
from sanduq_web.environment import SANDUQ_LANGUAGES as SANDUQ_LANGUAGES  # noqa: PLC0414
from sanduq_web.press.settings import *  # noqa: F403
from sanduq_web.press.settings import INSTALLED_APPS as PRESS
from sanduq_web.settings import *  # noqa: F403
from sanduq_web.settings import INSTALLED_APPS as VOTE

INSTALLED_APPS = [*VOTE, *(each for each in PRESS if each not in VOTE)]
