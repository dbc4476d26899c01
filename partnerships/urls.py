from django.urls import path

from partnerships import (
    centre_pages,
    drafting_pages,
    goal_pages,
    service_pages,
    step_pages,
    version_pages,
    views,
    whom_to_call_pages,
)

app_name = "partnerships"

urlpatterns = [
    path("agreements/", views.agreements, name="agreements"),
    path("agreements/excel/", views.excel, name="excel"),
    path("agreements/new/", drafting_pages.add, name="add_agreement"),
    path("agreements/<int:pk>/", views.agreement, name="agreement"),
    path("agreements/<int:pk>/change/", drafting_pages.change, name="change_agreement"),
    path("agreements/<int:pk>/propose/", step_pages.propose, name="propose"),
    path("agreements/<int:pk>/take-back/", step_pages.take_back, name="take_back_proposal"),
    path("agreements/<int:pk>/sign/", step_pages.sign, name="sign"),
    path("agreements/<int:pk>/decline/", step_pages.decline, name="decline"),
    path("agreements/<int:pk>/end/", step_pages.end, name="end"),
    path("agreements/<int:pk>/undo/", step_pages.undo, name="undo_step"),
    path("agreements/<int:pk>/versions/", version_pages.versions, name="versions"),
    path("agreements/<int:pk>/goals/add/", goal_pages.add, name="add_goal"),
    path("goals/<int:pk>/", goal_pages.change, name="goal"),
    path("goals/<int:pk>/end/", goal_pages.end, name="end_goal"),
    path("agreements/<int:pk>/contacts/add/", whom_to_call_pages.add, name="add_contact"),
    path("agreement-contacts/<int:pk>/", whom_to_call_pages.change, name="contact"),
    path("agreement-contacts/<int:pk>/remove/", whom_to_call_pages.remove, name="remove_contact"),
    path("agreements/<int:pk>/centre/", centre_pages.centre, name="centre"),
    path("agreements/<int:pk>/members/", centre_pages.add_member, name="add_member"),
    path("agreements/members/<int:pk>/", centre_pages.member, name="member"),
    path("agreements/<int:pk>/mentors/", centre_pages.add_mentor, name="add_mentor"),
    path("agreements/mentors/<int:pk>/", centre_pages.mentor, name="mentor"),
    path("agreements/<int:pk>/terms/", service_pages.terms, name="terms"),
    path("agreements/<int:pk>/punch-cards/", service_pages.add_punch_card, name="add_punch_card"),
    path("agreements/punch-cards/<int:pk>/", service_pages.punch_card, name="punch_card"),
    path("agreements/punch-cards/<int:pk>/punch/", service_pages.punch, name="punch"),
    path("agreements/punches/<int:pk>/take-back/", service_pages.take_back_punch, name="take_back_punch"),
    path("agreements/<int:pk>/absence/", service_pages.add_absence, name="add_absence"),
    path("agreements/absence/<int:pk>/", service_pages.absence, name="absence"),
]
