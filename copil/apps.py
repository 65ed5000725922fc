from django.apps import AppConfig


class CopilConfig(AppConfig):
    name = "copil"
    verbose_name = "COPIL"

    def ready(self):
        # Declare who reads a dossier through a session and who must not, what is granted, and the blocks of the reader.
        from . import droits, encarts, enveloppe  # noqa: F401
