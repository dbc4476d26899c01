from django.urls import path

from placements import cooperation_pages, finder_pages, hosting_pages, placement_pages, reservation_pages, slot_pages

app_name = "placements"

urlpatterns = [
    path("slots/find/", finder_pages.find, name="find"),
    path("slots/<int:pk>/reserve/", reservation_pages.reserve, name="reserve"),
    path("reservations/<int:pk>/meeting-held/", reservation_pages.meet, name="meet"),
    path("reservations/<int:pk>/renew/", reservation_pages.renew, name="renew"),
    path("reservations/<int:pk>/give-back/", reservation_pages.give_back, name="give_back"),
    path("slots/", slot_pages.slot_list, name="slots"),
    path("slots/excel/", slot_pages.excel, name="slots_excel"),
    path("slots/new/", slot_pages.add, name="add_slot"),
    path("slots/<int:pk>/", slot_pages.slot, name="slot"),
    path("slots/<int:pk>/change/", slot_pages.change, name="change_slot"),
    path("slots/<int:pk>/pause/", slot_pages.set_state, {"state": "paused"}, name="pause_slot"),
    path("slots/<int:pk>/close/", slot_pages.set_state, {"state": "closed"}, name="close_slot"),
    path("slots/<int:pk>/open/", slot_pages.set_state, {"state": "open"}, name="open_slot"),
    path("slots/<int:pk>/undo/", slot_pages.undo, name="undo_slot"),
    path("companies/<int:pk>/hosting/", hosting_pages.profile, name="hosting"),
    path("slots/<int:pk>/start/", placement_pages.start, name="start"),
    path("placements/", placement_pages.placements, name="placements"),
    path("placements/excel/", placement_pages.excel, name="placements_excel"),
    path("placements/cooperation/", cooperation_pages.employers, name="cooperation"),
    path("placements/cooperation/excel/", cooperation_pages.excel, name="cooperation_excel"),
    path("placements/cooperation/official/", cooperation_pages.add_official, name="add_official_figure"),
    path("placements/cooperation/official/<int:pk>/", cooperation_pages.change_official, name="change_official_figure"),
    path("placements/<int:pk>/", placement_pages.placement, name="placement"),
    path("placements/<int:pk>/extend/", placement_pages.extend, name="extend"),
    path("placements/<int:pk>/end/", placement_pages.end, name="end"),
    path("placements/<int:pk>/withdraw/", placement_pages.withdraw, name="withdraw"),
    path("placements/<int:pk>/undo/", placement_pages.reopen, name="reopen"),
    path("placements/<int:pk>/stays/", placement_pages.add_stay, name="add_stay"),
    path("placements/stays/<int:pk>/", placement_pages.stay, name="stay"),
    path("placements/<int:pk>/effect/", placement_pages.effect, name="effect"),
    path("placements/<int:pk>/effect/undo/", placement_pages.undo_effect, name="undo_effect"),
]
