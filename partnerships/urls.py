from django.urls import path

from partnerships import centre_pages, service_pages, views

app_name = "partnerships"

urlpatterns = [
    path("agreements/", views.agreements, name="agreements"),
    path("agreements/<int:pk>/", views.agreement, name="agreement"),
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
