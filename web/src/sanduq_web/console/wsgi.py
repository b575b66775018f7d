"""What a WSGI server calls."""

import os

from django.core.wsgi import get_wsgi_application

from sanduq_web.utf8 import only_utf8

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanduq_web.console.settings")
application = only_utf8(get_wsgi_application())
