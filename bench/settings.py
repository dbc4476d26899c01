"""The product's settings with two things added: each answer tells its statements, and one page asks for nothing of its own."""

import os

from jobcenter_crm.settings import *  # noqa: F403

MIDDLEWARE = ["bench.floor.Statements", *MIDDLEWARE]  # noqa: F405
ROOT_URLCONF = "bench.urls"
STATIC_ROOT = os.environ["BENCH_STATIC"]
