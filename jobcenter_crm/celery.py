"""The Celery application: the worker that runs jobs, and the clock that only calls `tick`."""

import os
from logging.config import dictConfig

from celery import Celery
from celery.signals import setup_logging
from django.conf import settings

from jobcenter_crm.backstage import embedded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobcenter_crm.settings")

embedded.register()
app = Celery("jobcenter_crm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def log_like_the_rest(**kwargs):
    """Worker and clock write the same lines as the web; Celery would set up its own."""
    dictConfig(settings.LOGGING)
