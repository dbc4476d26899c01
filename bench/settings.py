"""The product's settings for processes that are measured, or tried by a test.

Three things differ: names of static files are as they are, so that nothing has to be collected before; each answer tells
its statements; and one page asks for nothing of its own.
"""

from jobcenter_crm.settings import *  # noqa: F403
from jobcenter_crm.settings import MIDDLEWARE, STORAGES

STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
MIDDLEWARE = ["bench.floor.Statements", *MIDDLEWARE]
ROOT_URLCONF = "bench.urls"
