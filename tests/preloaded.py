"""Run by `bench.scratch.in_own_process`: which of some modules that pages need a process has before it loads them, and after."""

import sys

from bench.scratch import told_by

NEEDED = ["companies.views", "holidays.countries.denmark", "jobcenter_crm.frame.context"]
WITH_REDIS = "redis.client"


def at_hand():
    return [name for name in [*NEEDED, WITH_REDIS] if name in sys.modules]


def measured():
    from jobcenter_crm.preloading import load_pages

    before = at_hand()
    load_pages()
    return {"before": before, "after": at_hand()}


if __name__ == "__main__":
    told_by(measured)
