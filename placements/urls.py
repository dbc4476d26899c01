from django.urls import path

from placements import slot_pages

app_name = "placements"

urlpatterns = [
    path("slots/<int:pk>/", slot_pages.slot, name="slot"),
]
