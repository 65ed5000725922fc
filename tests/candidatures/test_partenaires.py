"""A joint project: partners with their SIRET, one chef de file (AAP 2022, C.3; reading 42)."""

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from candidatures.models import Depot, Dossier, Partenaire
from tests.candidatures.textes import texte
from tests.factories import DEPOT_OUVERT, DossierFactory, dossier_depose, siret

pytestmark = pytest.mark.django_db
FICHE = {"siret": siret(90), "denomination": "Commune associée", "role": "Prête un bureau."}


@pytest.fixture(autouse=True)
def en_periode_de_depot():
    with time_machine.travel(DEPOT_OUVERT, tick=False):
        yield


@pytest.fixture
def dossier(client):
    dossier = DossierFactory()
    client.force_login(dossier.cree_par)
    return dossier


def ajouter(client, dossier, **champs):
    return client.post(reverse("candidatures:partenaire_ajouter", args=[dossier.numero]), FICHE | champs, follow=True)


def test_un_partenaire_se_lit_dans_la_rubrique_et_dans_la_relecture(client, dossier):
    espace = f"{siret(90)[:3]} {siret(90)[3:]}"

    reponse = ajouter(client, dossier, siret=espace, contact_nom="Ali")

    assert "« Commune associée » est partenaire du projet." in texte(reponse)
    assert "Commune associée 900 000 902 00016 Prête un bureau. Modifier Commune associée" in texte(reponse)
    assert Partenaire.objects.get().siret == siret(90)
    relecture = texte(client.get(reverse("candidatures:deposer", args=[dossier.numero])))
    assert f"Projet commun, dont {dossier.structure} est chef de file" in relecture


@pytest.mark.parametrize(
    ("numero", "phrase"),
    [
        ("90000000000000", "Ce SIRET n’est pas valable"),
        ("123", "Ce SIRET n’est pas valable"),
        ("chef", "Ce SIRET est celui de votre structure, chef de file : donnez celui du partenaire."),
        (siret(90), "Cette structure est déjà partenaire du projet."),
    ],
)
def test_un_siret_faux_celui_du_chef_de_file_ou_deja_la_est_refuse(client, dossier, numero, phrase):
    ajouter(client, dossier)

    reponse = ajouter(
        client, dossier, siret=dossier.structure.siret if numero == "chef" else numero, role="Un autre rôle"
    )

    assert reponse.status_code == 422
    assert phrase in texte(reponse)
    assert "Un autre rôle" in texte(reponse)
    assert Partenaire.objects.count() == 1


def test_un_partenaire_se_modifie_sans_se_heurter_a_lui_meme_puis_se_retire(client, dossier):
    ajouter(client, dossier)
    adresse = [dossier.numero, Partenaire.objects.get().pk]

    client.post(reverse("candidatures:partenaire_modifier", args=adresse), FICHE | {"role": "Anime les permanences."})
    assert Partenaire.objects.get().role == "Anime les permanences."
    page = client.post(reverse("candidatures:partenaire_retirer", args=adresse), follow=True)

    assert "« Commune associée » n’est plus partenaire du projet." in texte(page)
    assert Partenaire.objects.count() == 0


def test_la_base_refuse_deux_fois_le_meme_siret(dossier):
    Partenaire.objects.create(dossier=dossier, **FICHE)

    with pytest.raises(ValidationError, match=r"Cette structure est déjà partenaire du projet\."):
        Partenaire(dossier=dossier, **FICHE).full_clean()


def test_un_dossier_depose_ne_change_plus_de_partenaire(client):
    dossier = dossier_depose()
    partenaire = Partenaire.objects.create(dossier=dossier, **FICHE)
    client.force_login(dossier.cree_par)

    ajout = ajouter(client, dossier, siret=siret(91))
    retrait = client.post(reverse("candidatures:partenaire_retirer", args=[dossier.numero, partenaire.pk]), follow=True)

    assert ajout.status_code == 422
    assert "Ce dossier n’est plus un brouillon" in texte(ajout)
    assert "Ce dossier n’est plus un brouillon" in texte(retrait)
    assert list(dossier.partenaires.all()) == [partenaire]


def test_le_partenaire_d_un_autre_dossier_n_existe_pas(client, dossier):
    autre = Partenaire.objects.create(dossier=DossierFactory(), **FICHE)

    assert client.get(reverse("candidatures:partenaire_modifier", args=[dossier.numero, autre.pk])).status_code == 404


def test_le_recepisse_nomme_les_partenaires_et_le_mandataire(client):
    dossier = DossierFactory(
        complet=True, qualite_signataire="mandataire", mandataire_nom="Awa Exemple", mandataire_fonction="Trésorière"
    )
    Partenaire.objects.create(dossier=dossier, **FICHE)
    depot = Depot.objects.deposer(dossier, par=dossier.cree_par, cle="6f1c9c1e-0000-4000-8000-000000000001")
    client.force_login(dossier.cree_par)

    recu = texte(client.get(reverse("candidatures:recepisse", args=[dossier.numero, depot.rang])))

    assert "Par pouvoir du représentant légal Awa Exemple, Trésorière" in recu
    assert f"Avec Commune associée (SIRET {siret(90)})" in recu
    assert Dossier.objects.get().etat == "depose"
