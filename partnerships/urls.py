from django.urls import path

from partnerships import views

app_name = "partnerships"

urlpatterns = [
    path("agreements/", views.agreements, name="agreements"),
    path("agreements/<int:pk>/", views.agreement, name="agreement"),
]
