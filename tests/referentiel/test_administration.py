"""The admin edits reference data, reads the rest, and shows neither account numbers nor dossiers in conflict."""

import pytest
from django.contrib import admin
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains
from simple_history.admin import SimpleHistoryAdmin

from aap_portal.referentiel.administration import HistoriqueAdmin
from aap_portal.referentiel.models import Commune, Structure
from candidatures.models import Dossier
from copil.models import Deport
from tests.factories import CommuneFactory, StructureFactory, UtilisateurFactory, dossier_depose

pytestmark = pytest.mark.django_db
IBAN = "FR1420041010050500013M02606"


@pytest.fixture
def racine(client):
    personne = UtilisateurFactory(is_staff=True, is_superuser=True)
    client.force_login(personne)
    return personne


def adresse(objet, page, *suite):
    return reverse(f"admin:{objet._meta.app_label}_{objet._meta.model_name}_{page}", args=[objet.pk, *suite])


def test_une_commune_se_corrige_et_son_historique_se_lit(client, racine):
    commune = CommuneFactory(nom="Bandrele")
    donnees = {"service": commune.service_id, "code_insee": commune.code_insee, "nom": "Bandrélé"}

    assert client.post(adresse(commune, "change"), donnees).status_code == 302

    assert Commune.objects.get().nom == "Bandrélé"
    assertContains(client.get(adresse(commune, "history")), "Bandrélé")


def test_l_iban_n_apparait_nulle_part_en_clair(client, racine):
    structure = StructureFactory(iban=IBAN)
    structure.iban = "FR7630006000011234567890189"
    structure.save()
    version = structure.historique.last()

    pages = [
        adresse(structure, "change"),
        adresse(structure, "history"),
        adresse(structure, "simple_history", version.pk),
    ]
    for page in pages:
        reponse = client.get(page)
        assert reponse.status_code == 200
        for numero in (IBAN, "FR7630006000011234567890189"):
            assertNotContains(reponse, numero)
            assertNotContains(reponse, numero[4:20])


def test_enregistrer_une_structure_garde_son_iban(client, racine):
    structure = StructureFactory(iban=IBAN)
    formulaire = client.get(adresse(structure, "change")).context["adminform"].form
    donnees = {champ.html_name: champ.value() or "" for champ in formulaire} | {"ville": "Sada", "iban": "FR00"}

    assert client.post(adresse(structure, "change"), donnees).status_code == 302

    structure.refresh_from_db()
    assert (structure.ville, structure.iban) == ("Sada", IBAN)


def test_un_dossier_se_lit_sans_se_modifier(client, racine):
    dossier = dossier_depose()
    page = adresse(dossier, "change")

    assertContains(client.get(page), dossier.numero)
    assertNotContains(client.get(page), 'name="_save"')
    assert client.post(page, {"etat": "accepte"}).status_code == 403
    assert client.get(reverse("admin:candidatures_dossier_add")).status_code == 403
    assert client.post(adresse(dossier, "delete"), {"post": "yes"}).status_code == 403
    assert Dossier.objects.get().etat == "depose"


def test_une_version_passee_ne_se_remet_pas_par_un_envoi(client, racine):
    dossier = dossier_depose()
    version = dossier.historique.first()
    page = adresse(dossier, "simple_history", version.pk)
    assert client.get(page).status_code == 200

    assert client.post(page, {"etat": "accepte", "numero": "2022-9999"}).status_code == 403

    assert Dossier.objects.get().numero == dossier.numero


def test_un_dossier_en_conflit_disparait_de_l_administration(client, racine):
    dossier, autre = dossier_depose(), dossier_depose()
    dossier.journal.create(de="brouillon", vers="depose", motif="Motif du dossier caché")
    Deport.objects.create(dossier=dossier, utilisateur=racine, motif="Parent du trésorier.")

    liste = client.get(reverse("admin:candidatures_dossier_changelist"))

    assertContains(liste, autre.numero)
    assertNotContains(liste, dossier.numero)
    version = dossier.historique.first()
    for page in (
        adresse(dossier, "history"),
        adresse(dossier, "simple_history", version.pk),
    ):
        assert client.get(page).status_code == 404
    assert dossier.numero not in client.get(adresse(dossier, "change"), follow=True).content.decode().split("<main")[-1]
    for modele in ("candidatures_piecejustificative", "candidatures_lignebudget", "referentiel_journaletat"):
        page = client.get(reverse(f"admin:{modele}_changelist"))
        assertNotContains(page, dossier.numero)
        assertNotContains(page, "Motif du dossier caché")
    lignes = client.get(reverse("admin:referentiel_ligneposte_changelist"))
    assert {ligne.poste.structure for ligne in lignes.context["cl"].queryset} == {autre.structure}


def test_aucune_administration_n_a_l_historique_sans_ses_bornes():
    """SimpleHistoryAdmin alone shows versions outside its queryset, and saves one posted with the right to view."""
    historiques = [classe for classe in admin.site._registry.values() if isinstance(classe, SimpleHistoryAdmin)]

    assert historiques
    assert [classe for classe in historiques if not isinstance(classe, HistoriqueAdmin)] == []


@pytest.mark.parametrize("modele", ["comptes", "referentiel", "candidatures", "copil", "conventions"])
def test_chaque_liste_et_chaque_fiche_s_ouvre(client, racine, modele):
    dossier = dossier_depose()
    dossier.journal.create(de="brouillon", vers="depose")
    inscrits = [classe for classe in admin.site._registry if classe._meta.app_label == modele]
    assert inscrits

    for classe in inscrits:
        liste = f"admin:{classe._meta.app_label}_{classe._meta.model_name}_changelist"
        assert client.get(reverse(liste)).status_code == 200, classe
        if objet := classe._default_manager.first():
            assert client.get(adresse(objet, "change")).status_code == 200, classe
    assert Structure.objects.exists()
