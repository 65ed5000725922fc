"""What every page of the frame shows around its content."""

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from aap_portal.comptes.models.droits import Role

_PORTEUR = [
    ("Mes dossiers", "candidatures:dossiers"),
    ("Messages", "candidatures:conversations"),
    ("Mes conventions", "conventions:conventions"),
]
_EXTERNE = [("Mes séances", "copil:seances")]
_NATIONAL = [("Avis à rendre", "copil:avis_demandes")]
_AGENT = [
    ("Dossiers", "candidatures:file"),
    ("Messages", "candidatures:conversations"),
    ("Séances", "copil:seances"),
    ("Conventions", "conventions:conventions"),
    ("Zones blanches", "referentiel:zones"),
    ("Courriels envoyés", "courriels:courriels"),
]
_ADMINISTRATEUR = [("Campagnes", "referentiel:campagnes"), ("Équipe", "comptes:equipe")]


def cadre(request):
    return {
        "cadre": {
            "theme": settings.THEME,
            "marque": settings.BLOC_MARQUE.split("|"),
            "contact": settings.CONTACT_COURRIEL,
            "demonstration": settings.DEMONSTRATION,
            "navigation": SimpleLazyObject(lambda: navigation(request)),
            "role": SimpleLazyObject(lambda: role(getattr(request, "user", None))),
        }
    }


def navigation(request):
    """The entries of the main menu for this person; rights add up, a page that is not there yet is left out."""
    personne = getattr(request, "user", None)
    if personne is None or not personne.is_authenticated:
        return []
    entrees = [("Accueil", "accueil"), *_entrees(personne)]
    if personne.is_staff:
        entrees.append(("Référentiel", "admin:index"))
    return [entree for libelle, nom in entrees if (entree := _entree(request, libelle, nom))]


def _entrees(personne):
    roles = _roles(personne)
    if personne.est_agent:
        return _AGENT + (_ADMINISTRATEUR if Role.ADMINISTRATEUR in roles else [])
    if personne.est_externe:
        national = _NATIONAL if Role.COMITE_NATIONAL in roles else []
        return _EXTERNE + national + (_porteur(personne) if personne.est_porteur else [])
    return _porteur(personne)


def _porteur(personne):
    plusieurs = len(personne.droits_par_structure) > 1
    return [*_PORTEUR, ("Mes structures" if plusieurs else "Ma structure", "comptes:structure")]


def _entree(request, libelle, nom):
    try:
        lien = reverse(nom)
    except NoReverseMatch:
        return None
    ici = request.path == lien
    dessous = nom != "accueil" and request.path.startswith(lien)
    return {"libelle": libelle, "lien": lien, "courante": "page" if ici else "true" if dessous else ""}


def _roles(personne):
    return set().union(*personne.roles_par_service.values())


def role(personne):
    """What the header calls this person: their widest role."""
    if personne is None or not personne.is_authenticated:
        return ""
    roles = _roles(personne)
    for candidat in (Role.ADMINISTRATEUR, Role.INSTRUCTEUR, Role.MEMBRE_COPIL, Role.COMITE_NATIONAL):
        if candidat in roles:
            return candidat.label
    return "Porteur de projet"
