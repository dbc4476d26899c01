"""The plans of the groups and the hours for them; the page that shows the groups together shows several apps and lives in `desk`."""

from django.urls import path

from companies import plans

app_name = "segments"

urlpatterns = [
    path("plans/<int:tier>/", plans.plan, name="plan"),
    path("hours/", plans.hours, name="hours"),
]
