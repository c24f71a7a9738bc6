"""The lowest floor: what every page is made of."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Tags, icons, charts, number formats. No models, no rules."""

    name = "zi_portal.ui"
    label = "ui"
    verbose_name = "Tampilan"
