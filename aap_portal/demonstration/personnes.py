"""The accounts of the demonstration; all have the same password, printed at the start."""

from dataclasses import dataclass

from aap_portal.comptes.models import (
    DemandeRattachement,
    Droit,
    Habilitation,
    Invitation,
    Membre,
    Role,
    Utilisateur,
)

MOT_DE_PASSE = "demonstration-aap"


@dataclass(frozen=True)
class Compte:
    courriel: str
    prenom: str
    nom: str
    fonction: str
    role: str
    roles: tuple = ()
    structure: str = ""
    droit: str = ""


COMPTES = (
    Compte("porteur@demo.example", "Anli", "Fictif", "Directeur", "signataire d’une association", (), "sud", Droit.SIGNATAIRE),
    Compte("redacteur@demo.example", "Zaïna", "Fictive", "Chargée de projet", "rédactrice", (), "sud", Droit.REDACTEUR),
    Compte("lecteur@demo.example", "Said", "Fictif", "Trésorier", "lecteur", (), "sud", Droit.LECTEUR),
    Compte("benevole@demo.example", "Halima", "Fictive", "Bénévole", "demande à rejoindre la même association"),
    Compte("commune@demo.example", "Moina", "Fictive", "Directrice générale", "signataire d’une commune", (), "nord", Droit.SIGNATAIRE),
    Compte("partenaire@demo.example", "Fatima", "Fictive", "Présidente", "signataire de toutes les autres structures"),
    Compte("instructeur@demo.example", "Hadidja", "Fictive", "Chargée de mission", "instructrice et membre du COPIL", (Role.INSTRUCTEUR, Role.MEMBRE_COPIL)),
    Compte("administrateur@demo.example", "Bacar", "Fictif", "Chef de service", "administrateur et instructeur", (Role.ADMINISTRATEUR, Role.INSTRUCTEUR)),
    Compte("copil1@demo.example", "Nadia", "Fictive", "Déléguée du préfet", "membre du COPIL", (Role.MEMBRE_COPIL,)),
    Compte("copil2@demo.example", "Youssouf", "Fictif", "Chef du service achats", "membre du COPIL", (Role.MEMBRE_COPIL,)),
    Compte("copil3@demo.example", "Echati", "Fictive", "Chargée de mission emploi", "membre du COPIL", (Role.MEMBRE_COPIL,)),
    Compte("national@demo.example", "Paul", "Fictif", "Chargé de mission", "comité national", (Role.COMITE_NATIONAL,)),
)  # fmt: skip


def installer_personnes(service, structures):
    """Return the people by the first part of their address; those who exist are left as they are."""
    return {compte.courriel.partition("@")[0]: _installer(compte, service, structures) for compte in COMPTES}


def faire_attendre(structures, personnes):
    """A request to join and an invitation that wait for an answer, made once."""
    sud = structures["sud"]
    if not sud.demandes_rattachement.exists():
        DemandeRattachement.objects.demander(personnes["benevole"], sud)
        Invitation.objects.inviter(
            courriel="comptable@demo.example", par=personnes["porteur"], structure=sud, droit=Droit.LECTEUR
        )


def _installer(compte, service, structures):
    personne = Utilisateur.objects.filter(email=compte.courriel).first()
    if personne is not None:
        return personne
    administre = Role.ADMINISTRATEUR in compte.roles
    personne = Utilisateur.objects.create_user(
        compte.courriel,
        MOT_DE_PASSE,
        first_name=compte.prenom,
        last_name=compte.nom,
        fonction=compte.fonction,
        is_staff=administre,
        is_superuser=administre,
    )
    personne.confirmer_adresse()
    for role in compte.roles:
        Habilitation.objects.create(utilisateur=personne, service=service, role=role)
    if compte.structure:
        Membre.objects.create(utilisateur=personne, structure=structures[compte.structure], droit=compte.droit)
    return personne
