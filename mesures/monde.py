"""Who is there and what they have, when the measures begin: an open campaign, porteurs with complete drafts, an agent.

The dossiers are those of the tests (tests/factories.py), with texts as long as real ones and pieces that are real files.
"""

import json
import sys
from datetime import timedelta
from pathlib import Path

import django

PORTEURS, COUPES, AGENTS = 20, 10, 3
MOT_DE_PASSE = "mot-de-passe-des-mesures"
PHRASE = "Les marchés de l’État et des communes du territoire sont suivis avec leurs acheteurs, heure par heure. "
TEXTE = PHRASE * 18  # about 1,900 characters, as people write


def peupler(depots, coupures):
    """Fill an empty base; give back who logs in and the numbers of their dossiers."""
    from django.db import connection

    campagne = _campagne()
    porteurs = [_porteur(rang, campagne, depots, coupures if rang < COUPES else 0) for rang in range(PORTEURS)]
    agents = [_agent(rang, campagne.service) for rang in range(AGENTS)]
    with connection.cursor() as curseur:
        curseur.execute("CREATE TABLE plancher (texte TEXT)")
    return {"mot_de_passe": MOT_DE_PASSE, "porteurs": porteurs, "agents": agents, "riche": _riche(campagne)}


def _campagne():
    from django.utils import timezone

    from aap_portal.demonstration.cadre import installer_cadre
    from copil.annexe4 import creer_grille
    from tests.factories import CampagneFactory

    service, _, _ = installer_cadre(timezone.now())
    maintenant = timezone.now()
    campagne = CampagneFactory(
        service=service,
        annee=maintenant.year,
        titre="Campagne des mesures",
        ouverture_le=maintenant - timedelta(days=30),
        cloture_le=maintenant + timedelta(days=30),
        enveloppe=None,
    )
    creer_grille(campagne)
    return campagne


def _porteur(rang, campagne, depots, coupures):
    """A signataire of one structure by dossier to file, and of one more, whose draft is only ever saved."""
    from tests.factories import StructureFactory, UtilisateurFactory

    courriel = f"porteur{rang}@mesures.example"
    structures = [StructureFactory() for _ in range(depots + coupures + 1)]
    personne = UtilisateurFactory(email=courriel, password=MOT_DE_PASSE, signataire_de=structures[0])
    a_saisir, *a_deposer = [_brouillon(campagne, structure, personne).numero for structure in structures]
    return {"courriel": courriel, "a_saisir": a_saisir, "a_deposer": a_deposer[:depots], "a_couper": a_deposer[depots:]}


def _brouillon(campagne, structure, personne, **champs):
    from aap_portal.comptes.models import Droit, Membre
    from tests.factories import DossierFactory

    if not Membre.objects.filter(utilisateur=personne, structure=structure).exists():
        Membre.objects.create(utilisateur=personne, structure=structure, droit=Droit.SIGNATAIRE)
    textes = dict.fromkeys(("diagnostic", "objectifs", "strategie", "presentation", "implantation"), TEXTE)
    dossier = DossierFactory(
        complet=True, campagne=campagne, structure=structure, cree_par=personne, **(textes | champs)
    )
    joindre(dossier, personne, 2)
    return dossier


def joindre(dossier, personne, combien):
    """Free pieces, each a real small PDF stored like any other file."""
    from aap_portal.fichiers.models import Fichier
    from candidatures.models import PieceJustificative

    for rang in range(combien):
        contenu = _pdf(dossier.numero, rang)
        fichier = Fichier.objects.produire(contenu, nom=f"annexe-{rang + 1}.pdf", type_mime="application/pdf", pages=1)
        PieceJustificative.objects.create(dossier=dossier, code="libre", fichier=fichier, ajoutee_par=personne)
    Fichier.objects.filter(produit=True).update(produit=False, depose_par=personne)


def _pdf(numero, rang):
    import io

    import pikepdf

    with pikepdf.new() as document, io.BytesIO() as sortie:
        document.add_blank_page()
        document.docinfo["/Title"] = f"{numero}, annexe {rang + 1}"
        document.save(sortie)
        return sortie.getvalue()


def _agent(rang, service):
    from tests.factories import UtilisateurFactory

    courriel = f"agent{rang}@mesures.example"
    UtilisateurFactory(email=courriel, password=MOT_DE_PASSE, instructeur_de=service)
    return courriel


def _riche(campagne):
    """The heaviest dossier allowed: three posts, thirty files."""
    from decimal import Decimal

    from aap_portal.referentiel.models.poste import Source
    from tests.factories import LignePosteFactory, PosteETPFactory, StructureFactory, UtilisateurFactory

    structure = StructureFactory()
    personne = UtilisateurFactory(email="riche@mesures.example", password=MOT_DE_PASSE, signataire_de=structure)
    dossier = _brouillon(campagne, structure, personne)
    joindre(dossier, personne, 28)
    for rang in (2, 3):
        LignePosteFactory(
            plan=dossier.plan,
            poste=PosteETPFactory(structure=structure, intitule=f"Facilitatrice {rang}"),
            sources={Source.AAP: Decimal("28000.00"), Source.FONDS_PROPRES: Decimal("12000.00")},
        )
    return {"courriel": personne.email, "numero": dossier.numero}


if __name__ == "__main__":
    django.setup()
    from django.db import transaction

    with transaction.atomic():
        monde = peupler(*map(int, sys.argv[2:]))
    Path(sys.argv[1]).write_text(json.dumps(monde))
