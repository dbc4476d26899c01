"""The product's pages, and the floor."""

from django.urls import include, path

from bench.floor import FLOOR, floor
from jobcenter_crm.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [path(FLOOR.removeprefix("/"), floor), path("", include("jobcenter_crm.urls"))]
