"""A porteur's space: for each of their structures, its dossiers and the campaigns in which one may be started."""

from dataclasses import dataclass, field

from aap_portal.comptes.models import Droit
from aap_portal.referentiel.models import Campagne, Structure

from .etapes import etat_public, notifies
from .models import Dossier, Message
from .resume import Resume, resumer


@dataclass(frozen=True)
class LigneDossier:
    dossier: Dossier
    etat: str
    resume: Resume | None
    a_lire: int = 0  # messages of the service


@dataclass
class Espace:
    structure: Structure
    droit: Droit
    lignes: list = field(default_factory=list)
    campagnes: list = field(default_factory=list)

    @property
    def peut_commencer(self):
        return self.droit != Droit.LECTEUR


@dataclass(frozen=True)
class Ouverture:
    """A campaign shown to a structure: open or not yet, with a dossier of theirs already or not."""

    campagne: Campagne
    est_ouverte: bool
    deja: bool


def espaces(personne, *, le):
    """One space by structure, in a number of queries that depends on nothing."""
    structures = Structure.objects.filter(pk__in=personne.structures())
    par_structure = {s.pk: Espace(s, Droit(personne.droits_par_structure[s.pk])) for s in structures}
    if not par_structure:
        return []
    dossiers = list(Dossier.objects.portes_par(personne).avec_contenu().prefetch_related("demandes__points"))
    connus, a_lire = notifies(dossiers), Message.objects.a_lire_par(personne).par_dossier()
    for dossier in sorted(dossiers, key=_a_faire, reverse=True):
        par_structure[dossier.structure_id].lignes.append(_ligne(dossier, connus, a_lire))
    campagnes = Campagne.objects.filter(cloture_le__gt=le).select_related("service").order_by("cloture_le")
    for espace in par_structure.values():
        espace.campagnes = [
            _ouverture(campagne, espace, le) for campagne in campagnes if not _a_un_brouillon(campagne, espace)
        ]
    return list(par_structure.values())


def _a_faire(dossier):
    """What waits for the structure: it comes first."""
    return dossier.est_brouillon or dossier.est_completable


def _ligne(dossier, connus, a_lire):
    resume = resumer(dossier) if _a_faire(dossier) else None
    return LigneDossier(dossier, etat_public(dossier, connus), resume, a_lire.get(dossier.pk, 0))


def _a_un_brouillon(campagne, espace):
    return any(ligne.dossier.campagne_id == campagne.pk and ligne.dossier.est_brouillon for ligne in espace.lignes)


def _ouverture(campagne, espace, le):
    deja = any(
        ligne.dossier.campagne_id == campagne.pk and ligne.etat != Dossier.Etat.RETIRE for ligne in espace.lignes
    )
    return Ouverture(campagne, campagne.est_ouverte(le), deja)
