from django.urls import path

from placements import placement_pages, slot_pages

app_name = "placements"

urlpatterns = [
    path("slots/<int:pk>/", slot_pages.slot, name="slot"),
    path("slots/<int:pk>/start/", placement_pages.start, name="start"),
    path("placements/", placement_pages.placements, name="placements"),
    path("placements/excel/", placement_pages.excel, name="placements_excel"),
    path("placements/<int:pk>/", placement_pages.placement, name="placement"),
    path("placements/<int:pk>/extend/", placement_pages.extend, name="extend"),
    path("placements/<int:pk>/end/", placement_pages.end, name="end"),
    path("placements/<int:pk>/stays/", placement_pages.add_stay, name="add_stay"),
    path("placements/stays/<int:pk>/", placement_pages.stay, name="stay"),
    path("placements/<int:pk>/effect/", placement_pages.effect, name="effect"),
    path("placements/<int:pk>/effect/undo/", placement_pages.undo_effect, name="undo_effect"),
]
