"""What gunicorn serves; refused, with the sentence that says why, where settings or database will not do."""

import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobcenter_crm.settings")

try:
    application = get_wsgi_application()

    if not settings.DEBUG:
        # Django's own server says it itself, and goes on.
        from jobcenter_crm.backstage import refusals

        refusals.unmigrated_database()
except ImproperlyConfigured as problem:
    sys.exit(str(problem))
