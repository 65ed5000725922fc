"""How much of a dossier is read at once: each page asks for what it shows, in a constant number of queries."""

from django.db import models
from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone

from aap_portal.referentiel.models import Commune, LignePoste, PosteETP

from .piece import PieceJustificative


def _pieces():
    """What tells the pieces expected and given."""
    communes = Prefetch("poste__communes", queryset=Commune.objects.avec_zones())
    lignes = LignePoste.objects.select_related("poste").prefetch_related(communes)
    return [
        Prefetch("plan__lignes", queryset=lignes),
        Prefetch("pieces", queryset=PieceJustificative.objects.select_related("fichier")),
    ]


def _reponses():
    return [
        "plan__lignes__financements",
        "campagne__plafonds",
        "lignes_budget",
        "volumes",
        "projections",
    ]


class ChargementQuerySet(models.QuerySet):
    def avec_page(self):
        """What every list shows of a dossier, in one query."""
        return self.select_related("structure", "campagne__service", "instructeur", "plan")

    def avec_demande(self):
        """What a list says of the request, ETP and amounts, and of what is awaited."""
        lignes = LignePoste.objects.select_related("poste").prefetch_related("financements")
        return self.avec_page().prefetch_related(
            "campagne__plafonds", "demandes__points", Prefetch("plan__lignes", queryset=lignes)
        )

    def avec_contenu(self):
        """The whole dossier: what a check, a review or a snapshot reads."""
        return self.avec_page().prefetch_related(*_pieces(), *_reponses())

    def avec_couverture(self):
        """After `avec_contenu`: who is at work already in the communes that the dossier would cover."""
        en_place = PosteETP.objects.en_place(timezone.localdate()).select_related("structure")
        communes = "plan__lignes__poste__communes"
        return self.prefetch_related(Prefetch(f"{communes}__postes", queryset=en_place, to_attr="postes_en_place"))


class AvecChargement(models.Model):
    """A dossier fetched by `avec_page` reads the rest when its state says what the page will show."""

    class Meta:
        abstract = True

    def lire_pieces(self):
        prefetch_related_objects([self], *_pieces())

    def lire_contenu(self):
        prefetch_related_objects([self], *_pieces(), *_reponses())
