"""What follows a later closing, in its transaction: drafts are told, late filings that it covers are admitted."""

from django.urls import reverse

from aap_portal.courriels.models import Courriel
from aap_portal.referentiel.prolongation import declarer_suite

from .models import Dossier
from .notification import membres_actifs


@declarer_suite
def prevenir_les_brouillons(campagne, *, par):
    """One message to each member who may act, by draft and by closing."""
    brouillons = campagne.dossiers.filter(etat=Dossier.Etat.BROUILLON, recu_par_courriel_le=None).select_related(
        "structure", "campagne__service"
    )
    for dossier in brouillons.order_by("pk"):
        for personne in membres_actifs(dossier.structure):
            Courriel.objects.deposer(
                cle=f"prolongation-{dossier.pk}-{campagne.cloture_le.timestamp():.0f}-{personne.pk}",
                destinataire=personne.email,
                gabarit="candidatures/prolongation",
                contexte={"dossier": dossier, "campagne": campagne, "service": campagne.service},
                service=campagne.service,
                objet_lie=dossier.numero,
                lien=reverse("candidatures:dossier", args=[dossier.numero]),
            )


@declarer_suite
def admettre_les_tardifs(campagne, *, par):
    """Filed after the former closing and before the new one: the same rule for all (reading 6)."""
    tardifs = campagne.dossiers.filter(
        etat=Dossier.Etat.DEPOSE, hors_delai=True, hors_delai_admis=None, depose_le__lt=campagne.cloture_le
    )
    for dossier in tardifs.order_by("pk"):
        dossier.admettre_hors_delai(par=par, motif=f"Le dépôt est prolongé\u00a0: {campagne.motif_prolongation}")
