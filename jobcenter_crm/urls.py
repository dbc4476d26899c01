"""Where every page lives."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

# The admin's own log-in form has no limit on guessing.
admin.site.login = secure_admin_login(admin.site.login)

urlpatterns = [
    path("", include("jobcenter_crm.desk.urls")),
    path("", include("contacts.urls")),
    path("", include("jobcenter_crm.staff.urls")),
    # Before the templates of documents, whose addresses begin with a word where these have a number.
    path("", include("partnerships.urls")),
    path("", include("placements.urls")),
    path("", include("jobcenter_crm.backstage.urls")),
    path("companies/", include("companies.urls")),
    path("segments/", include("companies.segments_urls")),
    path("admin/", admin.site.urls),
]

handler400 = "jobcenter_crm.frame.views.bad_request"
handler403 = "jobcenter_crm.frame.views.forbidden"
handler404 = "jobcenter_crm.frame.views.not_found"
handler500 = "jobcenter_crm.frame.views.broken"
