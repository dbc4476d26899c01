"""gunicorn reads this by itself where it is started: what it has to say goes into the same lines as all the rest."""

from jobcenter_crm.backstage import logs

logconfig_dict = logs.configure(debug=False)
# Its own handler would write them once more, in its own form.
logconfig_dict["loggers"]["gunicorn.error"] = {"handlers": [], "propagate": True}
