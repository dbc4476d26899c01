from django.urls import path

from jobcenter_crm.backstage import template_pages, views

app_name = "backstage"

urlpatterns = [
    path("documents/", template_pages.Templates.as_view(), name="templates"),
    path("documents/earlier/<int:pk>/", template_pages.earlier, name="template_earlier"),
    path("documents/<str:kind>/<str:language>/", template_pages.Template.as_view(), name="template"),
    path("documents/<str:kind>/<str:language>/file/", template_pages.file, name="template_file"),
    path("documents/<str:kind>/<str:language>/example/", template_pages.example, name="template_example"),
    path("documents/<str:kind>/<str:language>/built-in/", template_pages.go_back, name="template_go_back"),
    path("health/", views.health, name="health"),
    path("clock/", views.clock, name="clock"),
    path("clock/messages/", views.UnsettledMail.as_view(), name="unsettled_mail"),
    path("clock/messages/<int:pk>/resend/", views.resend, name="resend"),
    path("jobs/<int:pk>/", views.job, name="job"),
    path("jobs/<int:pk>/retry/", views.retry, name="retry"),
    path("jobs/<int:pk>/undo/", views.undo, name="undo"),
]
