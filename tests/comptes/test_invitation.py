import re
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertRedirects

from aap_portal.comptes.models import Droit, Habilitation, Invitation, Membre, Role, Utilisateur
from aap_portal.courriels.models import Courriel
from aap_portal.referentiel.erreurs import ErreurMetier
from tests.factories import ServiceFactory, StructureFactory, UtilisateurFactory

pytestmark = pytest.mark.django_db

PHRASE = "quatre mots bien choisis ensemble"
COMPTE = {"first_name": "Nouvel", "last_name": "Agent", "password1": PHRASE, "password2": PHRASE}


def inviter(courriel="nouveau@deets.example", role=Role.INSTRUCTEUR):
    """The invitation and the address of its page."""
    service = ServiceFactory()
    par = UtilisateurFactory(first_name="Camille", last_name="Exemple", administrateur_de=service)
    invitation, jeton = Invitation.objects.inviter(courriel=courriel, par=par, service=service, role=role)
    return invitation, reverse("comptes:invitation", args=[jeton])


def test_l_invitation_part_par_la_boite_d_envoi_et_la_base_ne_garde_que_l_empreinte_du_jeton(settings):
    _, page = inviter(courriel="Nouveau@DEETS.example")

    courriel = Courriel.objects.get()
    assert (courriel.destinataire, courriel.confidentiel) == ("nouveau@deets.example", True)
    assert settings.SITE_URL + page in courriel.corps
    assert "Camille Exemple vous invite sur le portail, comme instructeur, DEETS de Mayotte." in courriel.corps
    jeton = re.search(r"/invitation/([^/]+)/", page).group(1)
    assert jeton not in str(Invitation.objects.values().get())


def test_une_personne_sans_compte_en_ouvre_un_avec_l_adresse_de_l_invitation_deja_confirmee(client):
    invitation, page = inviter()
    assertContains(client.get(page), "Créer mon compte et accepter")

    reponse = client.post(page, COMPTE | {"email": "pirate@exemple.fr"})

    assertRedirects(reponse, reverse("accueil"), fetch_redirect_response=False)
    personne = Utilisateur.objects.get(email="nouveau@deets.example")
    assert personne.services(Role.INSTRUCTEUR) == [invitation.service_id]
    assert personne.emailaddress_set.get().verified
    assert client.session["_auth_user_id"] == str(personne.pk)
    assert not Utilisateur.objects.filter(email="pirate@exemple.fr").exists()


def test_un_mot_de_passe_qui_ne_va_pas_garde_ce_qui_est_saisi_et_n_ouvre_rien(client):
    _, page = inviter()

    reponse = client.post(page, COMPTE | {"password2": "autre"})

    assertContains(reponse, "Les deux mots de passe sont différents.", status_code=422)
    assertContains(reponse, 'value="Nouvel"', status_code=422)
    assert not Utilisateur.objects.filter(email="nouveau@deets.example").exists()


def test_qui_a_deja_un_compte_se_connecte_pour_accepter(client):
    _, page = inviter()
    personne = UtilisateurFactory(email="nouveau@deets.example")
    assertContains(client.get(page), f"{reverse('account_login')}?next={page}")
    client.force_login(personne)
    assertContains(client.get(page), "Accepter l’invitation")
    assert not Habilitation.objects.filter(utilisateur=personne).exists()

    client.post(page)

    assert personne.habilitations.get().role == Role.INSTRUCTEUR


def test_une_invitation_ne_sert_qu_une_fois(client):
    invitation, page = inviter()
    client.post(page, COMPTE)
    client.logout()

    assertContains(client.get(page), "Cette invitation a déjà servi.", status_code=410)
    assertContains(client.post(page, COMPTE), "Cette invitation a déjà servi.", status_code=410)
    with pytest.raises(ErreurMetier, match="a déjà servi ou a expiré"):
        invitation.accepter(Utilisateur.objects.get(email="nouveau@deets.example"))
    assert Invitation.historique.filter(acceptee_le__isnull=False).count() == 1


@pytest.mark.parametrize(("delai", "statut"), [(timedelta(days=7, seconds=-1), 200), (timedelta(days=7), 410)])
def test_une_invitation_expire_au_bout_de_sept_jours(client, delai, statut):
    depart = timezone.now()
    with time_machine.travel(depart, tick=False):
        _, page = inviter()
    with time_machine.travel(depart + delai, tick=False):
        assert client.get(page).status_code == statut


def test_un_compte_d_une_autre_adresse_ne_peut_pas_accepter(client):
    invitation, page = inviter()
    autre = UtilisateurFactory(email="autre@exemple.fr")
    client.force_login(autre)

    reponse = client.post(page)

    assertContains(reponse, "vous êtes connecté comme autre@exemple.fr", status_code=403)
    assert not autre.habilitations.exists()
    with pytest.raises(ErreurMetier, match="une autre adresse"):
        invitation.accepter(autre)
    invitation.refresh_from_db()
    assert invitation.acceptee_le is None


def test_un_jeton_inconnu_est_introuvable(client):
    assert client.get(reverse("comptes:invitation", args=["jeton-inconnu"])).status_code == 404


def test_inviter_a_nouveau_rend_l_ancien_lien_inutile(client):
    ancienne, page = inviter()
    Invitation.objects.inviter(
        courriel=ancienne.courriel, par=ancienne.invite_par, service=ancienne.service, role=ancienne.role
    )

    assertContains(client.get(page), "Cette invitation a expiré ou a été annulée.", status_code=410)
    assert Courriel.objects.count() == 2


def test_l_invitation_dans_une_structure_donne_le_droit_promis_sans_jamais_l_abaisser():
    structure = StructureFactory()
    signataire = UtilisateurFactory(signataire_de=structure)
    collegue = UtilisateurFactory()
    for personne in (collegue, signataire):
        invitation, _ = Invitation.objects.inviter(
            courriel=personne.email, par=signataire, structure=structure, droit=Droit.LECTEUR
        )
        invitation.accepter(personne)

    assert dict(Membre.objects.values_list("utilisateur", "droit")) == {
        collegue.pk: Droit.LECTEUR,
        signataire.pk: Droit.SIGNATAIRE,
    }


def test_une_invitation_porte_sur_un_service_ou_sur_une_structure():
    service, structure = ServiceFactory(), StructureFactory()
    for objet in (
        {"service": service, "role": Role.INSTRUCTEUR, "structure": structure, "droit": Droit.LECTEUR},
        {"service": service, "droit": Droit.LECTEUR},
        {},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Invitation.objects.inviter(courriel="a@exemple.fr", par=UtilisateurFactory(), **objet)
    assert not Courriel.objects.exists()
