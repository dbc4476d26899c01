"""The background work of contacts: filling a contact plan with many workplaces."""

from contacts import contact_plans  # noqa: F401 - its kind of bulk work is known as soon as it is read
