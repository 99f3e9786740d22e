"""The one Django application of the desk."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Accounts and sessions; everything else is read from the rooms."""

    name = "gongshi.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"
