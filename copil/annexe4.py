"""The grid of the text: three blocks, nine criteria, 100 points (AAP 2022, Annexe 4; reading 22)."""

from django.db import transaction

from .models import BlocGrille, Critere, Grille

ANNEXE_4 = (
    (
        "Adéquation avec l’appel à projets",
        (
            ("Expérience de l’organisme en matière de clauses sociales, ses références", 15),
            ("Appropriation des enjeux et objectifs du cahier des charges", 10),
            ("Connaissance du contexte territorial", 10),
        ),
    ),
    (
        "Pertinence de l’offre",
        (
            ("Originalité de l’offre", 10),
            ("Qualification et expertise du coordinateur et des facilitateurs dans le domaine", 15),
            ("Qualité de l’offre de services proposée par la structure existante ou émergente", 20),
        ),
    ),
    (
        "Budget",
        (
            ("Coût global du projet", 10),
            ("Cofinancement", 5),
            ("Projection financière sur trois ans", 5),
        ),
    ),
)


def creer_grille(campagne):
    """The grid of Annexe 4 for a campaign, version 1, still editable; the one it has already, if any."""
    with transaction.atomic():
        grille, nouvelle = Grille.objects.get_or_create(
            campagne=campagne, version=1, defaults={"titre": "Grille de l’annexe 4"}
        )
        if nouvelle:
            for ordre, (titre, criteres) in enumerate(ANNEXE_4, start=1):
                bloc = BlocGrille.objects.create(grille=grille, ordre=ordre, titre=titre)
                for rang, (intitule, maximum) in enumerate(criteres, start=1):
                    Critere.objects.create(bloc=bloc, ordre=rang, intitule=intitule, maximum=maximum)
    return grille
