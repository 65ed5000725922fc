"""Whether a decision may be taken now: state of the session and of the dossier, reasons, national advice, money."""

from aap_portal.referentiel.erreurs import Obstacle
from aap_portal.referentiel.formats import etp, instant

from .decision import obstacles_aux_montants
from .enveloppe import obstacle_d_enveloppe
from .models import AvisNational, Decision


def obstacles_a_la_decision(decision, ancienne, dossier, campagne, accords) -> list:
    """Every reason to refuse this decision. `ancienne`: the one that it corrects, if any. The campaign is locked."""
    if obstacles := list(_moment(decision, ancienne, dossier)):
        return obstacles
    obstacles = [*_motifs(decision), *_avis_national(decision, dossier)]
    if decision.est_acceptee:
        montants = obstacles_aux_montants(dossier.constat.lignes, accords, dossier.taux)
        montants = montants or list(_etp_minimum(decision, campagne))
        if not montants and (depassement := obstacle_d_enveloppe(campagne, decision.montant, hors=ancienne)):
            montants = [depassement]
        obstacles += montants
    return obstacles


def _moment(decision, ancienne, dossier):
    if not decision.inscription.seance.est_close:
        yield Obstacle("seance_ouverte", "La décision se prend après la clôture de la séance : closez-la d’abord.")
    elif ancienne and ancienne.est_notifiee:
        le = instant(ancienne.notifiee_le, dossier.campagne.service.fuseau)
        yield Obstacle("deja_notifiee", f"Cette décision est notifiée depuis le {le} : elle ne change plus.")
    elif ancienne and ancienne.version != decision.version - 1:
        le = instant(ancienne.decidee_le, dossier.campagne.service.fuseau)
        yield Obstacle(
            "deja_decide",
            f"{ancienne.decidee_par} a décidé entre-temps, le {le} : « {ancienne.get_sens_display()} ». "
            "Rien n’a été changé ; rechargez la page pour voir cette décision.",
        )
    elif dossier.etat != (ancienne.sens if ancienne else dossier.Etat.EXAMINE):
        yield Obstacle("etat", f"Le dossier est « {dossier.get_etat_display()} » : il n’est plus à décider ici.")


def _motifs(decision):
    if not decision.est_acceptee and not decision.motifs:
        yield Obstacle(
            "motifs",
            "Un refus ou un ajournement se motive : écrivez les motifs, la structure les lira.",
            champ="motifs",
        )


def _etp_minimum(decision, campagne):
    """What is granted still makes a project of the call; less money may be given for as many ETP (reading 14)."""
    if decision.etp < campagne.etp_minimum:
        yield Obstacle(
            "etp_minimum",
            f"{etp(decision.etp)} accordés : un projet couvre au moins {etp(campagne.etp_minimum)}. "
            f"Accordez {etp(campagne.etp_minimum)} ou plus, au besoin en baissant le montant, ou refusez le dossier.",
            champ="sens",
            reference="AAP 2022, B.2-1",
        )


def _avis_national(decision, dossier):
    """Required before the decision on an emerging structure, which it does not bind (reading 19)."""
    if decision.sens == Decision.Sens.AJOURNE or not dossier.structure.est_emergente:
        return
    if not AvisNational.objects.filter(dossier=dossier).exclude(sens="").exists():
        yield Obstacle(
            "avis_national",
            "La structure est émergente et le comité national n’a pas rendu son avis : enregistrez cet avis, ou ajournez.",
            reference="AAP 2022, C.1",
        )
