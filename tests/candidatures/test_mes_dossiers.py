"""The porteur's list, and the start of a dossier."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from aap_portal.comptes.models import Membre
from candidatures.models import Dossier, PieceJustificative
from copil.models import Decision
from tests.candidatures.textes import texte
from tests.factories import (
    DEPOT_OUVERT,
    MAYOTTE,
    CampagneFactory,
    DossierFactory,
    InscriptionFactory,
    StructureFactory,
    UtilisateurFactory,
    dossier_depose,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def en_periode_de_depot():
    with time_machine.travel(DEPOT_OUVERT, tick=False):
        yield


def commencer(client, structure, campagne):
    return client.post(reverse("candidatures:commencer"), {"structure": structure.pk, "campagne": campagne.pk})


def test_sans_structure_la_page_dit_comment_en_rejoindre_une(client):
    client.force_login(UtilisateurFactory())

    reponse = client.get(reverse("candidatures:dossiers"))

    assert "Vous n’êtes rattaché à aucune structure" in texte(reponse)
    assert reverse("comptes:rattachement") in reponse.content.decode()


def test_un_brouillon_dit_sa_cloture_avec_son_fuseau_et_ce_qui_manque(client):
    dossier = DossierFactory(complet=True, intitule="")
    PieceJustificative.objects.filter(dossier=dossier).delete()
    client.force_login(dossier.cree_par)

    page = texte(client.get(reverse("candidatures:dossiers")))

    assert f"Dossier {dossier.numero} Brouillon, non déposé" in page
    assert "Clôture dans 45 j 14 h , le 30 octobre 2022 à 23 h 59 (heure de Mayotte)" in page
    assert "Il manque : 2 pièces, 1 rubrique." in page


def test_un_reste_a_financer_est_dit_en_euros(client):
    dossier = DossierFactory(complet=True)
    financement = dossier.plan.lignes.get().financements.get(source="fonds_propres")
    financement.montant -= 630
    financement.save()
    client.force_login(dossier.cree_par)

    page = texte(client.get(reverse("candidatures:dossiers")))

    assert "Il manque : 630,00 € de cofinancement." in page


def test_chaque_structure_a_ses_dossiers(client):
    premiere, seconde = StructureFactory(denomination="Une"), StructureFactory(denomination="Deux")
    personne = UtilisateurFactory(signataire_de=premiere)
    Membre.objects.create(utilisateur=personne, structure=seconde, droit="lecteur")
    dossiers = [DossierFactory(structure=premiere), DossierFactory(structure=seconde)]
    etranger = DossierFactory()
    client.force_login(personne)

    reponse = client.get(reverse("candidatures:dossiers"))

    titres = [espace.structure.denomination for espace in reponse.context["espaces"]]
    page = texte(reponse)
    assert titres == ["Deux", "Une"]
    assert page.index(dossiers[1].numero) < page.index(dossiers[0].numero)
    assert etranger.numero not in page


def test_une_personne_de_plusieurs_structures_n_en_regarde_qu_une_si_elle_veut(client):
    premiere, seconde = StructureFactory(denomination="Une"), StructureFactory(denomination="Deux")
    personne = UtilisateurFactory(signataire_de=premiere)
    dossiers = [DossierFactory(structure=premiere), DossierFactory(structure=seconde)]
    client.force_login(personne)
    assert "Toutes" not in texte(client.get(reverse("candidatures:dossiers")))
    Membre.objects.create(utilisateur=personne, structure=seconde, droit="lecteur")

    page = texte(client.get(reverse("candidatures:dossiers"), {"structure": seconde.pk}))

    assert "Toutes" in page
    assert (dossiers[0].numero in page, dossiers[1].numero in page) == (False, True)
    for autre in ("", "x", StructureFactory().pk):
        page = texte(client.get(reverse("candidatures:dossiers"), {"structure": autre}))
        assert all(dossier.numero in page for dossier in dossiers)


def test_commencer_ouvre_un_brouillon_numerote_puis_reprend_le_meme(client):
    campagne, structure = CampagneFactory(), StructureFactory()
    client.force_login(UtilisateurFactory(redacteur_de=structure))
    assert "Commencer un dossier" in texte(client.get(reverse("candidatures:dossiers")))

    reponses = [commencer(client, structure, campagne) for _ in range(2)]

    dossier = Dossier.objects.get()
    assert (dossier.numero, dossier.etat, dossier.structure) == ("2022-0001", "brouillon", structure)
    assert [reponse.url for reponse in reponses] == [dossier.get_absolute_url()] * 2
    assert "Commencer" not in texte(client.get(reverse("candidatures:dossiers")))


def test_un_lecteur_ne_commence_pas(client):
    campagne, structure = CampagneFactory(), StructureFactory()
    client.force_login(UtilisateurFactory(lecteur_de=structure))

    reponse = commencer(client, structure, campagne)

    assert (reponse.status_code, Dossier.objects.count()) == (403, 0)
    assert "Seul un rédacteur ou un signataire de la structure peut commencer un dossier." in texte(reponse)


def test_on_ne_commence_pas_au_nom_d_une_autre_structure(client):
    client.force_login(UtilisateurFactory(signataire_de=StructureFactory()))

    reponse = commencer(client, StructureFactory(), CampagneFactory())

    assert (reponse.status_code, Dossier.objects.count()) == (404, 0)


@pytest.mark.parametrize("valeur", ["", "abc", "-1", "9" * 30, "1\x00"])
def test_un_numero_forge_est_introuvable(client, valeur):
    structure = StructureFactory()
    client.force_login(UtilisateurFactory(signataire_de=structure))

    reponse = client.post(reverse("candidatures:commencer"), {"structure": structure.pk, "campagne": valeur})

    assert (reponse.status_code, Dossier.objects.count()) == (404, 0)


@pytest.mark.parametrize(
    ("instant", "permis"),
    [
        (datetime(2022, 7, 1, tzinfo=MAYOTTE) - timedelta(seconds=1), False),
        (datetime(2022, 7, 1, tzinfo=MAYOTTE), True),
        (datetime(2022, 10, 31, tzinfo=MAYOTTE) - timedelta(seconds=1), True),
        (datetime(2022, 10, 31, tzinfo=MAYOTTE), False),
    ],
)
def test_on_commence_seulement_pendant_la_campagne(client, instant, permis):
    campagne, structure = CampagneFactory(), StructureFactory()
    personne = UtilisateurFactory(signataire_de=structure)

    with time_machine.travel(instant, tick=False):
        client.force_login(personne)
        reponse = commencer(client, structure, campagne)
        page = texte(client.get(reponse.url))

    assert Dossier.objects.exists() == permis
    assert ("un dossier ne peut pas être commencé" in page) != permis


def test_une_decision_ne_se_lit_qu_une_fois_notifiee(client):
    inscription = InscriptionFactory()
    dossier = inscription.dossier
    Dossier.objects.filter(pk=dossier.pk).update(etat="refuse")
    decision = Decision.objects.create(
        inscription=inscription, sens="refuse", avis_copil="refuse", motifs="Hors sujet.", decidee_par=dossier.cree_par,
        decidee_le=DEPOT_OUVERT,
    )  # fmt: skip
    client.force_login(dossier.cree_par)
    pages = [reverse("candidatures:dossiers"), dossier.get_absolute_url()]

    assert ["Refusé" in texte(client.get(adresse)) for adresse in pages] == [False, False]

    decision.notifiee_le = DEPOT_OUVERT
    decision.save()
    assert ["Refusé" in texte(client.get(adresse)) for adresse in pages] == [True, True]


def test_la_liste_ne_coute_pas_plus_pour_trois_dossiers(client):
    structure, adresse = StructureFactory(), reverse("candidatures:dossiers")
    dossier_depose(structure=structure)
    DossierFactory(complet=True, structure=structure)
    client.force_login(UtilisateurFactory(signataire_de=structure))
    client.get(adresse)  # the session's first request writes
    pour_un = nombre_de_requetes(client, adresse)

    for titre in ("Deux", "Trois"):
        campagne = CampagneFactory(titre=titre)
        dossier_depose(structure=structure, campagne=campagne)
        DossierFactory(complet=True, structure=structure, campagne=campagne)

    assert nombre_de_requetes(client, adresse) == pour_un


def nombre_de_requetes(client, adresse):
    with CaptureQueriesContext(connection) as requetes:
        assert client.get(adresse).status_code == 200
    return len(requetes)
