import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from tests.factories import UtilisateurFactory

pytestmark = pytest.mark.django_db

MON_COMPTE = reverse("comptes:mon_compte")
SAISIE = {"first_name": "Awa", "last_name": "Exemple", "fonction": "Directrice", "telephone": "0639 00 00 00"}


def test_mon_compte_est_ferme_aux_anonymes(client):
    assertRedirects(client.get(MON_COMPTE), f"{reverse('account_login')}?next={MON_COMPTE}")


def test_chacun_change_ses_nom_fonction_et_telephone_et_rien_d_autre(client):
    personne = UtilisateurFactory(email="awa@structure.fr")
    client.force_login(personne)

    reponse = client.post(MON_COMPTE, SAISIE | {"email": "autre@exemple.fr", "is_staff": "1"}, follow=True)

    assertContains(reponse, "Votre compte est enregistré.")
    personne.refresh_from_db()
    assert (personne.nom_complet, personne.fonction, personne.telephone) == (
        "Awa Exemple",
        "Directrice",
        "0639 00 00 00",
    )
    assert (personne.email, personne.is_staff) == ("awa@structure.fr", False)


def test_un_nom_vide_est_refuse_et_l_entete_garde_le_nom_enregistre(client):
    client.force_login(UtilisateurFactory(first_name="Awa", last_name="Exemple"))

    reponse = client.post(MON_COMPTE, SAISIE | {"first_name": "", "last_name": ""})

    assertContains(reponse, "Erreur", status_code=422)
    assertContains(reponse, "Awa Exemple", status_code=422)


def test_un_compte_sans_mot_de_passe_en_choisit_un_par_un_lien_envoye_a_son_adresse(client):
    client.force_login(UtilisateurFactory())

    reponse = client.get(reverse("account_change_password"), follow=True)

    assertRedirects(reponse, reverse("account_reset_password"))
    assertContains(reponse, "Recevoir le lien")
    assert client.post(reverse("account_change_password"), {"password1": "x"}).status_code == 302
