from django.urls import path

from jobcenter_crm.desk import views

app_name = "desk"

urlpatterns = [
    path("", views.my_day, name="home"),
    path("companies/<int:pk>/", views.card, name="card"),
    path("search/", views.search, name="search"),
    path("search/suggestions/", views.suggestions, name="suggestions"),
]
