import re
import time
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertRedirects

from aap_portal.courriels.models import Courriel
from tests.factories import ServiceFactory, StructureFactory, UtilisateurFactory

pytestmark = pytest.mark.django_db

PHRASE = "quatre mots bien choisis ensemble"
ACTIVER = reverse("mfa_activate_totp")
MON_COMPTE = reverse("comptes:mon_compte")


@pytest.fixture
def obligatoire(settings):
    settings.SECOND_FACTEUR_OBLIGATOIRE = True


def code(cle):
    return format_hotp_value(hotp_value(cle, int(time.time()) // 30))


def activer(client):
    page = client.get(ACTIVER)
    cle = re.search(r"<code>(\w+)</code>", page.content.decode()).group(1)
    return cle, client.post(ACTIVER, {"code": code(cle)}, follow=True)


@pytest.mark.parametrize("role", ["instructeur", "administrateur", "membre_copil", "comite_national"])
def test_le_reglage_mene_qui_a_un_role_a_l_activation(client, obligatoire, role):
    client.force_login(UtilisateurFactory(**{f"{role}_de": ServiceFactory()}))

    reponse = client.get(MON_COMPTE, follow=True)

    assertRedirects(reponse, ACTIVER)
    assertContains(reponse, "Votre rôle demande un second facteur")
    assertContains(reponse, "data:image/svg+xml;base64")


def test_le_reglage_vaut_aussi_pour_qui_accede_a_l_administration(client, obligatoire):
    client.force_login(UtilisateurFactory(is_staff=True, is_superuser=True))

    assertRedirects(client.get(reverse("admin:index")), ACTIVER)


def test_le_reglage_ne_touche_pas_un_porteur(client, obligatoire):
    client.force_login(UtilisateurFactory(signataire_de=StructureFactory()))

    assert client.get(MON_COMPTE).status_code == 200


def test_sans_le_reglage_un_agent_n_y_est_pas_mene(client):
    client.force_login(UtilisateurFactory(instructeur_de=ServiceFactory()))

    assert client.get(MON_COMPTE).status_code == 200


def test_on_peut_toujours_se_deconnecter(client, obligatoire):
    client.force_login(UtilisateurFactory(instructeur_de=ServiceFactory()))

    client.post(reverse("account_logout"))

    assert "_auth_user_id" not in client.session


def test_apres_activation_l_agent_entre_et_recoit_des_codes_de_secours(
    client, obligatoire, django_capture_on_commit_callbacks
):
    client.force_login(UtilisateurFactory(instructeur_de=ServiceFactory()))

    with django_capture_on_commit_callbacks(execute=True):
        _, reponse = activer(client)

    assertRedirects(reponse, reverse("mfa_view_recovery_codes"))
    assertContains(reponse, "10 codes utilisables sur 10.")
    assert client.get(MON_COMPTE).status_code == 200
    assert "Le second facteur de votre compte a été activé." in Courriel.objects.get().corps


def test_un_code_faux_n_active_rien(client, obligatoire):
    client.force_login(UtilisateurFactory(instructeur_de=ServiceFactory()))
    client.get(ACTIVER)

    assertContains(client.post(ACTIVER, {"code": "000000"}), "Code incorrect")
    assertRedirects(client.get(MON_COMPTE), ACTIVER)


def test_le_second_facteur_est_demande_a_la_connexion_et_un_code_de_secours_le_remplace(client):
    personne = UtilisateurFactory(password=PHRASE)
    client.force_login(personne)
    _, reponse = activer(client)
    secours = re.findall(r"<li><code>(\w+)</code></li>", reponse.content.decode())
    client.post(reverse("account_logout"))

    reponse = client.post(reverse("account_login"), {"login": personne.email, "password": PHRASE})
    assertRedirects(reponse, reverse("mfa_authenticate"))
    assert "_auth_user_id" not in client.session
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "_auth_user_id" not in client.session
    client.post(reverse("mfa_authenticate"), {"code": secours[0]})
    assert client.session["_auth_user_id"] == str(personne.pk)


def test_desactiver_demande_d_abord_de_confirmer_qui_l_on_est(client):
    personne = UtilisateurFactory(password=PHRASE)
    client.force_login(personne)
    activer(client)

    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        reponse = client.post(reverse("mfa_deactivate_totp"))

    assertRedirects(reponse, f"{reverse('account_reauthenticate')}?next=%2Fcompte%2Fsecond-facteur%2Fdesactiver%2F")
    assert personne.authenticator_set.filter(type="totp").exists()
