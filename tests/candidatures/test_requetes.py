"""What a page asks of the database does not depend on what the dossier holds, and stays under fifteen queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from aap_portal.fichiers.models import Fichier
from candidatures.models import DemandeComplement, Dossier, Message, PieceJustificative, PointComplement
from candidatures.rubriques import RUBRIQUES
from tests.factories import DossierFactory, LignePosteFactory, PosteETPFactory, UtilisateurFactory, dossier_depose

pytestmark = pytest.mark.django_db
MAXIMUM = 15
PAGES = ["dossier", "verifier", "deposer", *(rubrique.code for rubrique in RUBRIQUES)]


def alourdir(dossier):
    """Three posts, thirty files, three messages: the most that a dossier holds."""
    for _ in range(2):
        LignePosteFactory(plan=dossier.plan, poste=PosteETPFactory(structure=dossier.structure))
    for rang in range(30):
        fichier = Fichier.objects.create(
            nom=f"annexe-{rang}.pdf", extension="pdf", taille=1000, sha256=f"{rang:064x}", type_mime="application/pdf"
        )
        PieceJustificative.objects.create(dossier=dossier, code="libre", fichier=fichier, ajoutee_par=dossier.cree_par)
    agent = UtilisateurFactory(instructeur_de=dossier.campagne.service)
    for rang in range(3):
        Message.objects.create(
            dossier=dossier, auteur=agent, cote="service", texte=f"Message {rang}", envoye_le=timezone.now()
        )


def demander(dossier, *objets):
    """A request for complements that waits for its answer on these points."""
    demande = DemandeComplement.objects.create(
        dossier=dossier,
        rang=1,
        par=UtilisateurFactory(instructeur_de=dossier.campagne.service),
        envoyee_le=timezone.now(),
        echeance_le=timezone.localdate() + timedelta(days=15),
    )
    for objet in objets:
        PointComplement.objects.create(demande=demande, objet=objet, question="Précisez.")


def adresse(page, dossier):
    if page in {"dossier", "verifier", "deposer"}:
        return reverse(f"candidatures:{page}", args=[dossier.numero])
    return reverse("candidatures:rubrique", args=[dossier.numero, page])


def requetes(client, chemin):
    with CaptureQueriesContext(connection) as faites:
        assert client.get(chemin).status_code == 200
    return len(faites)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    "fabriquer", [lambda: DossierFactory(complet=True), dossier_depose], ids=["brouillon", "depose"]
)
def test_une_page_coute_autant_pour_un_dossier_lourd_que_pour_un_leger(client, fabriquer, page):
    dossier = fabriquer()
    client.force_login(dossier.cree_par)
    chemin = adresse(page, dossier)
    requetes(client, chemin)
    leger = requetes(client, chemin)
    alourdir(dossier)

    assert requetes(client, chemin) == leger


def test_la_page_d_un_brouillon_coute_au_plus_quinze_requetes(client):
    dossier = DossierFactory(complet=True)
    alourdir(dossier)
    client.force_login(dossier.cree_par)
    requetes(client, dossier.get_absolute_url())

    assert requetes(client, dossier.get_absolute_url()) <= MAXIMUM


def test_une_demande_de_complements_coute_autant_pour_un_point_que_pour_trois(client):
    seul, trois = dossier_depose(), dossier_depose()
    demander(seul, "rubrique:projet")
    demander(trois, "rubrique:projet", "rubrique:budgets", "piece:rib")
    couts = []
    for dossier in (seul, trois):
        client.force_login(dossier.cree_par)
        requetes(client, dossier.get_absolute_url())
        couts.append(requetes(client, dossier.get_absolute_url()))

    assert couts[0] == couts[1] <= MAXIMUM


@pytest.mark.parametrize("etat", [Dossier.Etat.DEPOSE, Dossier.Etat.RECEVABLE, Dossier.Etat.IRRECEVABLE])
def test_la_page_d_un_dossier_depose_coute_au_plus_quinze_requetes(client, etat):
    dossier = dossier_depose(etat=etat)
    alourdir(dossier)
    client.force_login(dossier.cree_par)
    requetes(client, dossier.get_absolute_url())

    assert requetes(client, dossier.get_absolute_url()) <= MAXIMUM
