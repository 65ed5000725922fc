from django.apps import AppConfig


class CandidaturesConfig(AppConfig):
    name = "candidatures"
    verbose_name = "Candidatures"

    def ready(self):
        # Declare which files a dossier opens, which mails a conflict hides, whom an infected file concerns, what follows a
        # later closing, the reminders, which structures a service knows, the receipts to make again.
        from . import (  # noqa: F401
            courriels_masques,
            fichiers_lisibles,
            infections,
            prolongation,
            rappels,
            rappels_complements,
            suivi,
            taches,
        )
