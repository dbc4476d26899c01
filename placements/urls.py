from django.urls import path

from placements import finder_pages, reservation_pages, slot_pages

app_name = "placements"

urlpatterns = [
    path("slots/find/", finder_pages.find, name="find"),
    path("slots/<int:pk>/", slot_pages.slot, name="slot"),
    path("slots/<int:pk>/reserve/", reservation_pages.reserve, name="reserve"),
    path("reservations/<int:pk>/meeting-held/", reservation_pages.meet, name="meet"),
    path("reservations/<int:pk>/renew/", reservation_pages.renew, name="renew"),
    path("reservations/<int:pk>/give-back/", reservation_pages.give_back, name="give_back"),
]
