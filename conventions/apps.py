from django.apps import AppConfig


class ConventionsConfig(AppConfig):
    name = "conventions"
    verbose_name = "Conventions"

    def ready(self):
        from . import droits, taches  # noqa: F401  declare readable files and periodic work
