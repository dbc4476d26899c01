"""Log-in and one's own profile.

Of the log-in library only these three pages: accounts are made by a steward, never by whoever finds
a page, and nothing can be reset by mail.
"""

from allauth.account.views import login, logout
from django.urls import include, path

from jobcenter_crm.staff import colleagues, views

accounts = [
    path("login/", login, name="account_login"),
    path("logout/", logout, name="account_logout"),
    path("password/", views.ChangePassword.as_view(), name="account_change_password"),
]
people = [
    path("profile/", views.profile, name="profile"),
    path("colleagues/", colleagues.Colleagues.as_view(), name="colleagues"),
    path("colleagues/<int:pk>/leaves/", colleagues.deactivate, name="deactivate"),
    path("colleagues/<int:pk>/comes-back/", colleagues.reactivate, name="reactivate"),
    path("profile/calendar/", views.open_feed, name="open_feed"),
    path("profile/calendar/remove/", views.close_feed, name="close_feed"),
]

urlpatterns = [
    path("accounts/", include(accounts)),
    path("", include((people, "staff"))),
]
