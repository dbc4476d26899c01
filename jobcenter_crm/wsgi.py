"""What gunicorn serves; refused while the database lacks migrations."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobcenter_crm.settings")

application = get_wsgi_application()

if not settings.DEBUG:
    # Django's own server says it itself, and goes on.
    from jobcenter_crm.backstage import refusals

    refusals.unmigrated_database()
