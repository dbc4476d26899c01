from django.apps import AppConfig


class FrameConfig(AppConfig):
    """How a page looks: base templates, icons, dates and numbers in words, forms; knows nothing of the trade."""

    name = "jobcenter_crm.frame"
