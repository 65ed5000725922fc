"""An infected file is told to whoever gave it, with what to do: it is read by nobody and stands for nothing."""

from django.urls import reverse

from aap_portal.courriels.models import Courriel
from aap_portal.fichiers.acces import declarer_suite_d_une_infection

from .models import CopieDossier, PieceJustificative


@declarer_suite_d_une_infection
def prevenir_le_deposant(fichier):
    CopieDossier.objects.oublier_ce_qui_porte(fichier)
    if fichier.depose_par is None:
        return
    pieces = PieceJustificative.objects.en_vigueur().filter(fichier=fichier)
    piece = pieces.select_related("dossier__campagne__service").first()
    dossier = piece and piece.dossier
    lien = reverse("candidatures:pieces", args=[dossier.numero]) if dossier else reverse("accueil")
    Courriel.objects.deposer(
        cle=f"infection-{fichier.pk}",
        destinataire=fichier.depose_par.email,
        gabarit="candidatures/infection",
        contexte={"fichier": fichier, "piece": piece, "dossier": dossier},
        service=dossier and dossier.campagne.service,
        objet_lie=dossier.numero if dossier else "",
        lien=lien,
    )
