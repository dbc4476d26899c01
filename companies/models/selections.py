"""Saved searches: the one way to name a group of workplaces."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from companies.querysets import SelectionQuerySet
from jobcenter_crm.frame.danish import sort_key


class Selection(models.Model):
    """A search of the register under a name: the filter's parameters, as they stand in the URL.

    What it finds is asked anew each time (`companies.selections`). `version` is that of the filter's
    vocabulary when it was saved. A private one is seen by the one who made it, a shared one by all.
    """

    # The vocabulary of the filter as it is now.
    VERSION = 1

    name = models.CharField(_("name"), max_length=80)
    sort_name = models.CharField(max_length=160, editable=False)
    query = models.TextField(_("search"), blank=True, help_text=_("As it stands in the address of the register."))
    version = models.PositiveSmallIntegerField(default=VERSION, editable=False)
    is_shared = models.BooleanField(_("shared with all"), default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("made by"), on_delete=models.PROTECT, related_name="selections"
    )
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = SelectionQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["sort_name", "changed_at"])

    class Meta:
        ordering = ["sort_name", "pk"]
        verbose_name = _("selection")
        verbose_name_plural = _("selections")
        permissions = [("share_selection", "Can share a selection with all")]
        constraints = [
            models.UniqueConstraint(
                fields=["created_by", "name"], name="selection_once_a_name", condition=Q(is_shared=False)
            ),
            models.UniqueConstraint(fields=["name"], name="selection_shared_once_a_name", condition=Q(is_shared=True)),
            models.CheckConstraint(name="selection_has_a_name", condition=~Q(name="")),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.sort_name = sort_key(self.name)[:160]
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        """The register, with this search in the address."""
        query = QueryDict(self.query, mutable=True)
        query["selection"] = str(self.pk)
        return f"{reverse('companies:register')}?{query.urlencode()}"

    @property
    def data(self):
        """The parameters, as the filter takes them."""
        return QueryDict(self.query)

    @property
    def is_outdated(self):
        """Whether it was saved with a vocabulary of the filter that is not today's."""
        return self.version != self.VERSION

    def is_seen_by(self, user):
        """As `SelectionQuerySet.seen_by` asks it."""
        return self.is_shared or self.created_by_id == user.pk

    def name_for(self, user):
        """Its name; for those who can't open it any more only whose it is, as the middle of a sentence."""
        return (
            self.name
            if self.is_seen_by(user)
            else _("a selection that %(who)s no longer shares") % {"who": self.created_by}
        )

    def may_be_changed_by(self, user):
        """Its maker may change it; a shared one also a manager, who may outlast its maker."""
        return self.created_by_id == user.pk or (self.is_shared and user.has_perm("companies.change_selection"))
