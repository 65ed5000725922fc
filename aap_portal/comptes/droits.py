"""Who may see a structure, a team, and who may change them."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from aap_portal.comptes.models import Droit, Role
from aap_portal.comptes.suivi import structures_suivies
from aap_portal.referentiel.models import Service, Structure


def structures_visibles(personne):
    """An agent reads the structures of their services, a porteur their own; both add up."""
    return Structure.objects.filter(Q(pk__in=personne.structures()) | Q(pk__in=structures_suivies(personne)))


def peut_gerer(personne, structure_id):
    return personne.droits_par_structure.get(structure_id) == Droit.SIGNATAIRE


def exiger_signataire(personne, structure_id):
    if not peut_gerer(personne, structure_id):
        raise PermissionDenied("Seul un signataire de la structure peut faire ce geste.")


def exiger_redacteur(personne, structure_id):
    if personne.droits_par_structure.get(structure_id) not in {Droit.REDACTEUR, Droit.SIGNATAIRE}:
        raise PermissionDenied("Seul un rédacteur ou un signataire de la structure peut la modifier.")


def exiger_agent(personne):
    if not personne.est_agent:
        raise PermissionDenied("Cette page est réservée aux agents du service.")


def services_administres(personne):
    return Service.objects.filter(pk__in=personne.services(Role.ADMINISTRATEUR))


def services_consultes(personne):
    return Service.objects.filter(pk__in=personne.services(Role.ADMINISTRATEUR, Role.INSTRUCTEUR))
