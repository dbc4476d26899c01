"""Run by `bench.scratch.in_own_process`: whether a process knows the views, before and after it has loaded the pages."""

import sys

from bench.scratch import told_by


def views_at_hand():
    return "companies.views" in sys.modules


def measured():
    from jobcenter_crm.preloading import load_pages

    before = views_at_hand()
    load_pages()
    return {"before": before, "after": views_at_hand()}


if __name__ == "__main__":
    told_by(measured)
