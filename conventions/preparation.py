"""From the decision to the draft of a convention: what must be there, and the plan as it was granted."""

from decimal import Decimal

from django.db import transaction

from aap_portal.referentiel import plafonds
from aap_portal.referentiel.erreurs import Obstacle
from aap_portal.referentiel.models import Nature, Source
from candidatures.pieces import Exigence


def obstacles_a_la_convention(decision, dossier):
    """Why this decision can't become a convention yet (AAP 2022, D.1; reading 28)."""
    obstacles = []
    if decision.sens != decision.Sens.ACCEPTE:
        obstacles.append(Obstacle("non_acceptee", "Seul un dossier accepté donne lieu à une convention."))
    if not decision.est_notifiee:
        obstacles.append(Obstacle("non_notifiee", "Notifiez d’abord la décision à la structure."))
    if not dossier.structure.iban:
        obstacles.append(
            Obstacle("iban", "L’IBAN de la structure manque : un signataire le renseigne dans « Ma structure ».")
        )
    fournis = {piece.code for piece in dossier.pieces_en_vigueur}
    for piece in dossier.pieces_attendues:
        if piece.exigence == Exigence.CONVENTION and not piece.satisfaite_par(fournis):
            obstacles.append(
                Obstacle(
                    "piece_convention", f"Il manque la pièce « {piece.titre} » : la structure l’ajoute à son dossier."
                )
            )
    if hasattr(dossier, "convention"):
        obstacles.append(Obstacle("deja", f"La convention {dossier.convention.numero} existe déjà."))
    return obstacles


def plan_accorde(decision, dossier):
    """A copy of the plan as filed, reduced to what was granted; posts without a grant are left out of it."""
    accordes = {accord.ligne.poste_id: accord for accord in decision.postes.select_related("ligne")}
    with transaction.atomic():
        plan = dossier.plan.copier()
        for ligne in plan.lignes.prefetch_related("financements"):
            accord = accordes.get(ligne.poste_id)
            if not ligne.est_demandee:
                continue
            if accord is None or not accord.montant:
                ligne.delete()
                continue
            avant = Decimal(0) if ligne.nature == Nature.CONSOLIDATION else ligne.quotite_avant
            ligne.quotite_apres = avant + accord.etp
            ligne.save()
            _accorder(ligne, accord.montant)
        return type(plan).objects.prefetch_related("lignes__poste", "lignes__financements").get(pk=plan.pk)


def _accorder(ligne, montant):
    """The grant becomes what was decided; what it no longer covers falls on the structure's own funds (lecture 10)."""
    ligne.financements.filter(source=Source.AAP).delete()
    ligne.financements.create(source=Source.AAP, montant=montant, etat="acquis")
    reste = ligne_mesuree(ligne).reste
    if reste > plafonds.ZERO:
        propres, _ = ligne.financements.get_or_create(
            source=Source.FONDS_PROPRES, precision="", annee=None, defaults={"montant": plafonds.ZERO}
        )
        propres.montant += reste
        propres.save()


def ligne_mesuree(ligne):
    return type(ligne).objects.prefetch_related("financements").get(pk=ligne.pk).mesurer(ligne.plan.mois)
