"""The instructor's queue: who sees what, filters, sorting, the spreadsheet."""

import io
from datetime import timedelta

import openpyxl
import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from candidatures.models import Dossier
from copil.models import Deport
from tests.candidatures.textes import texte
from tests.factories import (
    DEPOT_OUVERT,
    CampagneFactory,
    DossierFactory,
    ServiceFactory,
    StructureFactory,
    UtilisateurFactory,
    dossier_depose,
)

pytestmark = pytest.mark.django_db
FILE = reverse("candidatures:file")


@pytest.fixture
def agent():
    return UtilisateurFactory(instructeur_de=ServiceFactory(), first_name="Amina", last_name="Agente")


@pytest.fixture
def connecte(client, agent):
    client.force_login(agent)
    return client


def numeros(reponse):
    return [dossier.numero for dossier in reponse.context["page"]]


def test_la_file_est_fermee_a_qui_n_est_pas_agent(client):
    assertRedirects(client.get(FILE), f"{reverse('account_login')}?next={FILE}", fetch_redirect_response=False)
    for personne in (
        UtilisateurFactory(signataire_de=StructureFactory()),
        UtilisateurFactory(membre_copil_de=ServiceFactory()),
    ):
        client.force_login(personne)
        assertContains(client.get(FILE), "Cette page est réservée aux agents du service.", status_code=403)


def test_la_file_montre_les_dossiers_deposes_de_mon_service_seulement(connecte, agent):
    recu = dossier_depose()
    DossierFactory()
    autre = ServiceFactory(code="DEETS974", nom="DEETS de La Réunion")
    dossier_depose(campagne=CampagneFactory(service=autre))
    conflit = dossier_depose()
    Deport.objects.create(dossier=conflit, utilisateur=agent, motif="Administratrice de l’association.")

    reponse = connecte.get(FILE)

    assert numeros(reponse) == [recu.numero]
    assertContains(reponse, "28\u202f000,00\u00a0€")
    assertContains(reponse, "Porteur existant")


def test_un_depot_hors_delai_attend_dans_son_onglet(connecte):
    a_l_heure, tard = dossier_depose(), dossier_depose()
    Dossier.objects.filter(pk=tard.pk).update(hors_delai=True)

    assert numeros(connecte.get(FILE)) == [a_l_heure.numero]
    assert numeros(connecte.get(FILE, {"onglet": "hors-delai"})) == [tard.numero]
    Dossier.objects.filter(pk=tard.pk).update(hors_delai_admis=True)
    assert set(numeros(connecte.get(FILE, {"onglet": ""}))) == {a_l_heure.numero, tard.numero}


def test_un_dossier_instruit_quitte_la_file_et_reste_dans_la_liste_de_tous(connecte):
    a_instruire = dossier_depose()
    recevable = dossier_depose(etat=Dossier.Etat.RECEVABLE)

    assert numeros(connecte.get(FILE, {"onglet": ""})) == [a_instruire.numero]
    assert set(numeros(connecte.get(FILE, {"onglet": "tous"}))) == {a_instruire.numero, recevable.numero}
    assert numeros(connecte.get(FILE, {"onglet": "tous", "etat": "recevable"})) == [recevable.numero]


@pytest.mark.parametrize(
    ("filtre", "trouve"),
    [
        ({"q": "2022-0900"}, True),
        ({"q": "ASSOCIATION REGISTRE"}, True),
        ({"q": "936 000 011 00013"}, True),
        ({"q": "936000011"}, True),
        ({"q": "inconnue"}, False),
        ({"categorie": "association"}, True),
        ({"categorie": "epci"}, False),
        ({"situation": "emergente"}, True),
        ({"situation": "existante"}, False),
        ({"metier": "facilitateur"}, True),
        ({"metier": "coordinateur"}, False),
        ({"suivi": "moi"}, True),
        ({"suivi": "personne"}, False),
        ({"incomplet": "1"}, True),
        ({"incomplet": "0"}, False),
    ],
)
def test_chaque_filtre_retient_ce_qu_il_dit(connecte, agent, filtre, trouve):
    structure = StructureFactory(denomination="Association Registre", siret="93600001100013", emergente=True)
    dossier = dossier_depose(structure=structure, numero="2022-0900")
    Dossier.objects.filter(pk=dossier.pk).update(instructeur=agent, incomplet=True)

    assert numeros(connecte.get(FILE, {"onglet": "", **filtre})) == ([dossier.numero] if trouve else [])


@pytest.mark.parametrize(
    "parametres", ["etat=invente", "q=%00", "suivi=x", "campagne=999999", "page=zzz", "tri=invente"]
)
def test_une_adresse_mal_ecrite_montre_la_liste(connecte, parametres):
    dossier = dossier_depose()

    assert numeros(connecte.get(f"{FILE}?{parametres}")) == [dossier.numero]


def test_les_filtres_reviennent_avec_la_session_jusqu_a_ce_qu_on_les_reinitialise(connecte):
    connecte.get(FILE, {"onglet": "tous", "q": "Exemple"})

    assertRedirects(connecte.get(FILE), f"{FILE}?onglet=tous&q=Exemple")
    assertRedirects(connecte.get(FILE, {"reinitialiser": "1"}), FILE)
    assert connecte.get(FILE).status_code == 200


def test_trier_puis_changer_de_page_garde_les_filtres(connecte):
    for _ in range(26):
        dossier_depose()

    reponse = connecte.get(FILE, {"onglet": "", "q": "Exemple", "tri": "-numero"})

    assertContains(reponse, "?onglet=&amp;q=Exemple&amp;tri=-numero&amp;page=2")
    assertContains(reponse, "26 dossiers")
    assertContains(reponse, 'aria-sort="descending"')
    tries = numeros(reponse)
    assert tries == sorted(tries, reverse=True)


@pytest.mark.parametrize("tri", ["rejet", "numero", "structure", "depot", "montant"])
def test_chaque_tri_va_dans_les_deux_sens(connecte, tri):
    premier = dossier_depose(le=DEPOT_OUVERT, numero="2022-0001", structure=StructureFactory(denomination="A"))
    second = dossier_depose(
        le=DEPOT_OUVERT + timedelta(days=1), numero="2022-0002", structure=StructureFactory(denomination="B")
    )
    financement = second.plan.lignes.get().financements.get(source="aap")
    type(financement).objects.filter(pk=financement.pk).update(montant=financement.montant + 1)

    assert numeros(connecte.get(FILE, {"tri": tri})) == [premier.numero, second.numero]
    assert numeros(connecte.get(FILE, {"tri": f"-{tri}"})) == [second.numero, premier.numero]


@pytest.mark.parametrize(
    ("jour", "phrase"),
    [
        ("2022-10-30", None),
        ("2022-10-31", "Dans 15 j"),
        ("2022-11-15", "Aujourd’hui"),
        ("2022-11-16", "Dépassé"),
    ],
)
def test_le_rejet_implicite_qui_approche_est_signale(connecte, jour, phrase):
    dossier_depose(le=DEPOT_OUVERT)

    with time_machine.travel(f"{jour} 12:00+03:00", tick=False):
        reponse = connecte.get(FILE)

    contenu = texte(reponse)
    assert "15 novembre 2022" in contenu
    assert [mot for mot in ("Dans 15 j", "Aujourd’hui", "Dépassé") if mot in contenu] == ([phrase] if phrase else [])


def test_le_rejet_implicite_est_suspendu_tant_que_des_pieces_sont_attendues(connecte):
    dossier = dossier_depose()
    Dossier.objects.filter(pk=dossier.pk).update(incomplet=True)

    reponse = connecte.get(FILE)

    assertContains(reponse, "Suspendu")
    assertContains(reponse, "Incomplet")


def test_le_nombre_de_requetes_ne_depend_pas_des_lignes(connecte, django_assert_max_num_queries):
    dossier_depose()
    connecte.get(FILE, {"onglet": "tous"})
    with django_assert_max_num_queries(15) as une:
        connecte.get(FILE, {"onglet": "tous"})
    for _ in range(2):
        dossier_depose()
    with django_assert_max_num_queries(15) as trois:
        connecte.get(FILE, {"onglet": "tous"})

    assert len(une.captured_queries) == len(trois.captured_queries)


def test_le_tableur_suit_les_filtres_et_le_tri_de_l_ecran(connecte, agent):
    garde = dossier_depose(structure=StructureFactory(denomination="=Formule", siret="93600001100013"))
    dossier_depose(structure=StructureFactory(emergente=True))
    Dossier.objects.filter(pk=garde.pk).update(instructeur=agent)

    reponse = connecte.get(reverse("candidatures:file_tableur"), {"suivi": "moi"})

    feuille = openpyxl.load_workbook(io.BytesIO(reponse.content)).active
    entetes, *lignes = feuille.iter_rows(values_only=True)
    ligne = dict(zip(entetes, lignes[0], strict=True))
    assert len(lignes) == 1
    assert ligne["Numéro"] == garde.numero
    assert ligne["Structure"] == "=Formule"
    assert ligne["SIRET"] == "93600001100013"
    assert ligne["Subvention demandée"] == 28000
    assert ligne["ETP demandés"] == 1
    assert ligne["Suivi par"] == "Amina Agente"
    assert ligne["Déposé le"].isoformat() == "2022-09-15T10:00:00"


def test_une_liste_vide_dit_comment_elle_se_remplit(connecte):
    assertContains(connecte.get(FILE), "Les dossiers arrivent ici dès que leur structure les dépose.")
    reponse = connecte.get(FILE, {"q": "rien"})
    assertContains(reponse, "Aucun dossier ne correspond")
    assertNotContains(reponse, "<table")
