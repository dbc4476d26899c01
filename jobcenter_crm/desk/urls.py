from django.urls import path

from jobcenter_crm.desk import barriers, segments, views
from jobcenter_crm.desk.dashboard import committee_pages as committee
from jobcenter_crm.desk.dashboard import own, switch, target_pages
from jobcenter_crm.desk.dashboard import pages as dashboard

app_name = "desk"

urlpatterns = [
    path("", views.my_day, name="home"),
    path("companies/<int:pk>/", views.card, name="card"),
    path("companies/<int:pk>/about/", views.about, name="about"),
    path("companies/<int:pk>/brief/", views.brief, name="brief"),
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("dashboard/targets/here/", target_pages.here, name="targets_here"),
    path("dashboard/targets/", target_pages.target_list, name="targets"),
    path("dashboard/targets/add/", target_pages.target_add, name="target_add"),
    path("dashboard/targets/<int:pk>/", target_pages.target, name="target"),
    path("dashboard/targets/<int:pk>/change/", target_pages.target_change, name="target_change"),
    path("dashboard/targets/<int:pk>/end/", target_pages.target_end, name="target_end"),
    path("dashboard/committee/", committee.choose, name="committee"),
    path("dashboard/committee.pdf", committee.paper, name="committee_pdf"),
    # Before the parts, which any other word is the name of.
    path("dashboard/mine/", own.mine, name="mine"),
    path("dashboard/colleagues/", own.colleagues, name="by_colleague"),
    path("dashboard/colleagues/switch/", switch.staff_figures, name="staff_figures"),
    path("dashboard/<slug:name>/", dashboard.part, name="dashboard_part"),
    path("segments/", segments.segments, name="segments"),
    path("segments/apply/", segments.segments_apply, name="segments_apply"),
    path("segments/moves/", segments.segment_moves, name="segment_moves"),
    path("segments/barriers/", barriers.barriers, name="barriers"),
    path("segments/movement/", segments.movement, name="movement"),
    path("segments/movement/rows/", segments.movement_rows, name="movement_rows"),
    path("segments/rules/add/", segments.rule_add, name="rule_add"),
    path("segments/rules/<int:pk>/", segments.rule, name="rule"),
    path("segments/rules/<int:pk>/move/", segments.rule_move, name="rule_move"),
    path("segments/rules/<int:pk>/remove/", segments.rule_remove, name="rule_remove"),
    path("search/", views.search, name="search"),
    path("search/suggestions/", views.suggestions, name="suggestions"),
]
