"""The Celery application: the worker that runs jobs, and the clock that only calls `tick`."""

import os
import sys
from logging.config import dictConfig

from celery import Celery
from celery.signals import beat_init, setup_logging, worker_init
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from jobcenter_crm.backstage import embedded, refusals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobcenter_crm.settings")

embedded.register()
app = Celery("jobcenter_crm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def log_like_the_rest(**kwargs):
    """Worker and clock write the same lines as the web; Celery would set up its own."""
    dictConfig(settings.LOGGING)


@worker_init.connect
@beat_init.connect
def refuse_an_unmigrated_database(**kwargs):
    """Worker and clock end at once; Celery would log an error of ours and go on."""
    try:
        refusals.unmigrated_database()
    except ImproperlyConfigured as problem:
        sys.exit(str(problem))
