"""How gunicorn serves the product wherever it is started in this folder; ports and numbers are said where it is started."""

import gc

from jobcenter_crm.backstage import logs

# What it has to say goes into the same lines as all the rest; its own handler would write them once more, in its own form.
logconfig_dict = logs.configure(debug=False)
logconfig_dict["loggers"]["gunicorn.error"] = {"handlers": [], "propagate": True}

# The code is loaded once and shared by all processes: two of them hold a quarter less.
preload_app = True


def when_ready(server):
    """Before the first process is forked: what all need is loaded and stays shared, and none inherits a connection."""
    from django.db import connections

    from jobcenter_crm.preloading import load_pages

    load_pages()
    connections.close_all()
    gc.collect()
    # Otherwise the first collection would write to every object, and so copy all of it into each process.
    gc.freeze()
