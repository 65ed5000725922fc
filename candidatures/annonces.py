"""Messages about one dossier: to its structure, and to the service that follows it."""

from aap_portal.comptes.models import Droit, Membre
from aap_portal.courriels.models import Courriel


def adresses_de_la_structure(dossier, *, signataires=False):
    """The structure's address, its contact's for this dossier and, if asked for, its signataires', each once."""
    adresses = [dossier.structure.courriel, dossier.contact_courriel]
    if signataires:
        membres = Membre.objects.filter(structure=dossier.structure_id, droit=Droit.SIGNATAIRE, actif=True)
        adresses += membres.filter(utilisateur__is_active=True).values_list("utilisateur__email", flat=True)
    return sorted({adresse.lower() for adresse in adresses if adresse})


def adresse_du_service(dossier):
    """The agent who follows the dossier while they may, otherwise the service."""
    agent = dossier.instructeur
    if agent and type(dossier).objects.instruits_par(agent).filter(pk=dossier.pk).exists():
        return agent.email
    return dossier.campagne.service.courriel


def prevenir_structure(dossier, gabarit, *, cle, lien="", signataires=False, **contexte):
    """One message to each known address, in the transaction of the gesture; `cle` names the event."""
    for adresse in adresses_de_la_structure(dossier, signataires=signataires):
        _deposer(dossier, gabarit, f"{cle}-{adresse}", adresse, lien or dossier.get_absolute_url(), contexte)


def prevenir_service(dossier, gabarit, *, cle, lien, **contexte):
    """One message to the side of the service, in the transaction of the gesture."""
    if adresse := adresse_du_service(dossier):
        _deposer(dossier, gabarit, f"{cle}-service", adresse, lien, contexte)


def _deposer(dossier, gabarit, cle, adresse, lien, contexte):
    service = dossier.campagne.service
    Courriel.objects.deposer(
        cle=cle,
        destinataire=adresse,
        gabarit=gabarit,
        contexte={"dossier": dossier, "structure": dossier.structure, "service": service, **contexte},
        service=service,
        objet_lie=dossier.numero,
        lien=lien,
    )
