"""Who may read or touch a dossier. Rights add up over a person's roles; a declared conflict wins over agents' ones.

The rooms above (COPIL, conventions) declare here what they open or take away: nothing here names them.
"""

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from aap_portal.comptes.models import Droit

AUCUN = Q(pk__in=[])
_acces = []
_conflits = []


def declarer_acces(fonction):
    """`fonction(personne)` gives a Q of Dossier that a role opens to this person."""
    _acces.append(fonction)
    return fonction


def declarer_conflit(fonction):
    """`fonction(personne)` gives a Q of Dossier that this person must not see."""
    _conflits.append(fonction)
    return fonction


def services_d_agent(personne):
    return personne.services("instructeur", "administrateur")


def lus_par_role(personne):
    """An agent reads what was filed, what they enter from an e-mail, and a draft while its structure shares it: one given up
    unfiled stays private."""
    filtre = Q(campagne__service__in=services_d_agent(personne)) & _ouverts_au_service()
    for fonction in _acces:
        filtre |= fonction(personne)
    return filtre


def _ouverts_au_service():
    from .models import PartageBrouillon

    partages = Q(etat="brouillon", pk__in=PartageBrouillon.objects.ouverts().values("dossier"))
    return Q(depose_le__isnull=False) | Q(recu_par_courriel_le__isnull=False) | partages


def dialogues_d_agent(personne):
    """Threads that an agent reads: those of the dossiers they read, and of the drafts whose structure wrote first."""
    from .models import Message

    ecrits = Q(pk__in=Message.objects.values("dossier"))
    return Q(campagne__service__in=services_d_agent(personne)) & (_ouverts_au_service() | ecrits)


def cote_de(personne, dossier):
    """For whom this person writes: their structure first, whatever other role they hold."""
    from .models import Cote

    return Cote.STRUCTURE if dossier.structure_id in personne.structures() else Cote.SERVICE


def peut_ecrire(personne, dossier):
    """A lecteur reads the messages; a rédacteur, a signataire, an agent of the service write them."""
    if dossier.structure_id in personne.structures():
        return _est_membre(personne, dossier, Droit.REDACTEUR, Droit.SIGNATAIRE)
    return dossier.campagne.service_id in services_d_agent(personne)


def peut_dialoguer(personne, dossier):
    """Reads the messages of a dossier that they may see: its structure, or an agent of its service."""
    return dossier.structure_id in personne.structures() or dossier.campagne.service_id in services_d_agent(personne)


def exiger_ecriture(personne, dossier):
    if not peut_ecrire(personne, dossier):
        raise PermissionDenied("Seul un rédacteur ou un signataire de la structure peut écrire au service.")


def en_conflit(personne):
    filtre = AUCUN
    for fonction in _conflits:
        filtre |= fonction(personne)
    return filtre


def sans_conflit(dossiers, personne):
    return dossiers.exclude(en_conflit(personne))


def peut_saisir(personne, dossier):
    """Writes for the structure what it sent by e-mail: an agent of the service, as long as something can be given (reading 5)."""
    if not dossier.est_recu_par_courriel or not dossier.prend_des_pieces:
        return False
    if dossier.campagne.service_id not in services_d_agent(personne):
        return False
    return not type(dossier).objects.filter(en_conflit(personne), pk=dossier.pk).exists()


def lit_la_reponse_en_cours(personne, dossier):
    """Reads a draft of an answer before it is sent: its structure, and the agent who enters it for them."""
    return dossier.structure_id in personne.structures() or peut_saisir(personne, dossier)


def peut_copier(personne, dossier):
    """Asks for the dossier as one document: its structure at any time, others of what was filed and is not being changed."""
    return dossier.est_tel_que_depose or lit_la_reponse_en_cours(personne, dossier)


def exiger_copie(personne, dossier):
    if not peut_copier(personne, dossier):
        raise PermissionDenied(
            "La structure n’a pas encore envoyé ce qu’elle prépare\u00a0: une copie du dossier pourra être demandée "
            "quand elle l’aura déposé ou aura répondu à la demande de compléments."
        )


def peut_rediger(personne, dossier):
    """Fills the draft of their structure: a rédacteur or a signataire; they read the one that the service enters for them."""
    if peut_saisir(personne, dossier):
        return True
    en_saisie = dossier.est_brouillon and dossier.est_recu_par_courriel
    return not en_saisie and _est_membre(personne, dossier, Droit.REDACTEUR, Droit.SIGNATAIRE)


def peut_signer(personne, dossier):
    """Files, completes or withdraws: commits the structure. An agent files and completes what came by e-mail, no more."""
    if (dossier.est_brouillon or dossier.est_completable) and peut_saisir(personne, dossier):
        return True
    en_saisie = dossier.est_brouillon and dossier.est_recu_par_courriel
    return not en_saisie and _est_membre(personne, dossier, Droit.SIGNATAIRE)


def _est_membre(personne, dossier, *droits):
    return personne.droits_par_structure.get(dossier.structure_id) in droits


def peut_retirer(personne, dossier):
    """A signataire until the decision; a rédacteur gives up a draft only, an agent the one that they enter."""
    if not dossier.peut_passer_a(dossier.Etat.RETIRE):
        return False
    return (
        peut_rediger(personne, dossier) if dossier.est_brouillon else _est_membre(personne, dossier, Droit.SIGNATAIRE)
    )


def exiger_redacteur(personne, dossier):
    if not peut_rediger(personne, dossier):
        raise PermissionDenied("Seul un rédacteur ou un signataire de la structure peut modifier ce dossier.")


def exiger_signataire(personne, dossier):
    if not peut_signer(personne, dossier):
        raise PermissionDenied("Seul un signataire de la structure peut faire ce geste.")
