from django.urls import path

from jobcenter_crm.backstage import views

app_name = "backstage"

urlpatterns = [
    path("health/", views.health, name="health"),
    path("clock/", views.clock, name="clock"),
    path("clock/messages/<int:pk>/resend/", views.resend, name="resend"),
    path("jobs/<int:pk>/", views.job, name="job"),
    path("jobs/<int:pk>/retry/", views.retry, name="retry"),
    path("jobs/<int:pk>/undo/", views.undo, name="undo"),
]
