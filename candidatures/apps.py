from django.apps import AppConfig


class CandidaturesConfig(AppConfig):
    name = "candidatures"
    verbose_name = "Candidatures"

    def ready(self):
        # Declare which files a dossier opens, and which messages a conflict hides.
        from . import courriels_masques, fichiers_lisibles  # noqa: F401
