from django.apps import AppConfig


class ConfigApp(AppConfig):
    """The roof as an app, for the commands that put the parts together."""

    name = "jam.config"
    label = "config"
