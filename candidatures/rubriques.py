"""The nine sections of a dossier, in the order in which they are filled."""

from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True)
class Rubrique:
    code: str
    titre: str
    intro: str

    def lien(self, dossier, ancre=""):
        adresse = reverse("candidatures:rubrique", args=[dossier.numero, self.code])
        return f"{adresse}#{ancre}" if ancre else adresse


RUBRIQUES = (
    Rubrique("structure", "La structure", "Qui vous êtes et qui nous contactons au sujet de cette demande."),
    Rubrique("projet", "Le projet", "Le besoin que vous constatez, ce que vous visez et comment vous ferez."),
    Rubrique("postes", "Postes demandés", "Les postes de facilitateur et de coordinateur, et les communes couvertes."),
    Rubrique(
        "territoire", "Territoire et zones blanches", "Votre présence sur le terrain et les communes sans facilitateur."
    ),
    Rubrique(
        "missions",
        "Missions et volumes d’activité",
        "Les missions de l’appel à projets que vous prenez, et à quelle hauteur.",
    ),
    Rubrique("plan", "Plan de financement", "Qui paie quoi, poste par poste."),
    Rubrique(
        "budgets", "Budgets et projection", "Budget de la structure, budget du projet et projection sur trois ans."
    ),
    Rubrique("pieces", "Pièces", "Les documents attendus pour votre structure."),
    Rubrique("attestations", "Attestations", "Les engagements pris avec la demande."),
)
PAR_CODE = {rubrique.code: rubrique for rubrique in RUBRIQUES}
