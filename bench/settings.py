"""The project's settings for processes that a benchmark or a test starts: names of static files as they are, so that
nothing has to be collected before."""

from jobcenter_crm.settings import *  # noqa: F403
from jobcenter_crm.settings import STORAGES

STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
