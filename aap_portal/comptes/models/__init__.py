from aap_portal.comptes.models.demande import DemandeRattachement
from aap_portal.comptes.models.droits import Droit, Habilitation, Membre, Role
from aap_portal.comptes.models.invitation import Invitation
from aap_portal.comptes.models.utilisateur import Utilisateur

__all__ = ["DemandeRattachement", "Droit", "Habilitation", "Invitation", "Membre", "Role", "Utilisateur"]
