"""For the checker of types alone: the settings of all sites in one, so that it knows the models of all."""

from sanduq_web.console.settings import *  # noqa: F403
from sanduq_web.console.settings import INSTALLED_APPS as CONSOLE
from sanduq_web.environment import LANGUAGES as LANGUAGES  # noqa: PLC0414  # what settings import, they do not pass on
from sanduq_web.environment import LANGUAGES_BIDI as LANGUAGES_BIDI  # noqa: PLC0414
from sanduq_web.environment import SANDUQ_LANGUAGES as SANDUQ_LANGUAGES  # noqa: PLC0414
from sanduq_web.press.settings import *  # noqa: F403
from sanduq_web.press.settings import INSTALLED_APPS as PRESS
from sanduq_web.settings import *  # noqa: F403
from sanduq_web.settings import INSTALLED_APPS as VOTE

INSTALLED_APPS = list(dict.fromkeys([*VOTE, *CONSOLE, *PRESS]))
