#!/usr/bin/env python
"""Django's command line for Jobcenter CRM."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobcenter_crm.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as refusal:
        if "--traceback" in sys.argv:
            raise
        # Whoever wrote the settings is told what to do, not where in the code it was noticed.
        sys.exit(str(refusal))


if __name__ == "__main__":
    main()
