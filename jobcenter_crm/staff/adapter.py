"""What we ask of the log-in library."""

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _


class StaffAdapter(DefaultAccountAdapter):
    """Accounts are made by a steward, never by whoever finds the page."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed. Ask your data steward."),
        "email_password_mismatch": _("User name or password is wrong. Try again."),
        "enter_current_password": _("That is not your current password."),
        "rate_limited": _("Too many attempts. Wait a few minutes, and try again."),
        "too_many_login_attempts": _("Too many wrong attempts. Wait five minutes, and try again."),
        "username_password_mismatch": _("User name or password is wrong. Try again."),
    }

    def is_open_for_signup(self, request):
        return False

    def respond_user_inactive(self, request, user):
        messages.error(request, self.error_messages["account_inactive"])
        return redirect("account_login")
