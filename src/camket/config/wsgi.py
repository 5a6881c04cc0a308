"""The WSGI application that ``camket serve`` and any WSGI server run."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "camket.config.settings")
application = get_wsgi_application()
