import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from aap_portal.comptes.models import Invitation, Role
from aap_portal.courriels.models import Courriel
from tests.factories import ServiceFactory, StructureFactory, UtilisateurFactory

pytestmark = pytest.mark.django_db

EQUIPE = reverse("comptes:equipe")
INVITER = reverse("comptes:agent_inviter")
PHRASE = "quatre mots bien choisis ensemble"


def connecter(client, confirme=True, **role):
    """Log in; `confirme`: the password has just been given again, as the pages that change a role ask."""
    personne = UtilisateurFactory(password=PHRASE, **role)
    client.force_login(personne)
    if confirme:
        client.post(reverse("account_reauthenticate"), {"password": PHRASE})
    return personne


def acces(client, qui):
    roles = {
        "porteur": {"signataire_de": StructureFactory},
        "membre_copil": {"membre_copil_de": ServiceFactory},
        "instructeur": {"instructeur_de": ServiceFactory},
        "administrateur": {"administrateur_de": ServiceFactory},
    }
    return connecter(client, **{nom: fabrique() for nom, fabrique in roles[qui].items()})


@pytest.mark.parametrize(
    ("qui", "page", "geste"),
    [("porteur", 403, 403), ("membre_copil", 403, 403), ("instructeur", 200, 403), ("administrateur", 200, 422)],
)
def test_l_equipe_se_lit_entre_agents_et_ne_change_que_par_un_administrateur(client, qui, page, geste):
    acces(client, qui)
    habilitation = UtilisateurFactory(membre_copil_de=ServiceFactory()).habilitations.get()

    assert client.get(EQUIPE).status_code == page
    assert client.post(INVITER, {}).status_code == geste
    if qui != "administrateur":
        assert client.post(reverse("comptes:habilitation_desactiver", args=[habilitation.pk])).status_code == 403
    habilitation.refresh_from_db()
    assert habilitation.actif
    assert not Invitation.objects.exists()


def test_l_instructeur_ne_voit_aucun_geste(client):
    acces(client, "instructeur")

    assertNotContains(client.get(EQUIPE), "Envoyer l’invitation")


def test_les_roles_d_une_personne_se_lisent_ensemble_et_la_page_coute_autant_pour_une_que_pour_trois(
    client, django_assert_num_queries
):
    service = ServiceFactory()
    connecter(client, administrateur_de=service)
    UtilisateurFactory(last_name="Cumul", instructeur_de=service, membre_copil_de=service)
    assert client.get(EQUIPE).content.decode().count("Prénom Cumul</strong>") == 1
    with CaptureQueriesContext(connection) as une:
        client.get(EQUIPE)
    for _ in range(2):
        UtilisateurFactory(instructeur_de=service, membre_copil_de=service)

    with django_assert_num_queries(len(une)):
        client.get(EQUIPE)


def test_l_administrateur_invite_un_membre_du_copil(client):
    service = ServiceFactory()
    connecter(client, administrateur_de=service)

    reponse = client.post(
        INVITER, {"courriel": "membre@exemple.fr", "role": "membre_copil", "service": service.pk}, follow=True
    )

    assertContains(reponse, "L’invitation est envoyée à membre@exemple.fr.")
    assertContains(reponse, "Invitations en attente")
    invitation = Invitation.objects.get()
    assert (invitation.service, invitation.role) == (service, Role.MEMBRE_COPIL)
    assert Courriel.objects.get().service == service


def test_l_administrateur_n_invite_que_dans_son_service(client):
    connecter(client, administrateur_de=ServiceFactory())
    autre = ServiceFactory(code="AUTRE", nom="Autre service")

    reponse = client.post(INVITER, {"courriel": "m@exemple.fr", "role": "instructeur", "service": autre.pk})

    assert reponse.status_code == 422
    assert not Invitation.objects.exists()


def test_donner_un_role_demande_d_abord_le_mot_de_passe(client):
    service = ServiceFactory()
    connecter(client, confirme=False, administrateur_de=service)
    donnees = {"courriel": "m@exemple.fr", "role": "instructeur", "service": service.pk}

    reponse = client.post(INVITER, donnees)

    verification = f"{reverse('account_reauthenticate')}?next={INVITER}"
    assertRedirects(reponse, verification.replace(INVITER, INVITER.replace("/", "%2F")))
    assert not Invitation.objects.exists()
    client.post(verification, {"password": PHRASE})
    assert Invitation.objects.get().courriel == "m@exemple.fr"


def test_retirer_un_role(client):
    service = ServiceFactory()
    connecter(client, administrateur_de=service)
    agent = UtilisateurFactory(first_name="Ali", last_name="Exemple", instructeur_de=service)

    reponse = client.post(reverse("comptes:habilitation_desactiver", args=[agent.habilitations.get().pk]), follow=True)

    assertContains(reponse, "Ali Exemple n’a plus ce rôle.")
    assert not agent.habilitations.get().actif


def test_le_dernier_administrateur_ne_peut_pas_se_retirer(client):
    personne = connecter(client, administrateur_de=ServiceFactory())

    reponse = client.post(
        reverse("comptes:habilitation_desactiver", args=[personne.habilitations.get().pk]), follow=True
    )

    assertContains(reponse, "Un service garde toujours au moins un administrateur")
    assert personne.habilitations.get().actif


def test_le_role_d_un_autre_service_est_introuvable(client):
    connecter(client, administrateur_de=ServiceFactory())
    autre = UtilisateurFactory(instructeur_de=ServiceFactory(code="AUTRE", nom="Autre service"))

    reponse = client.post(reverse("comptes:habilitation_desactiver", args=[autre.habilitations.get().pk]))

    assert reponse.status_code == 404
    assert autre.habilitations.get().actif


def test_une_invitation_peut_etre_annulee(client):
    service = ServiceFactory()
    personne = connecter(client, administrateur_de=service)
    invitation, _ = Invitation.objects.inviter(
        courriel="m@exemple.fr", par=personne, service=service, role="instructeur"
    )

    reponse = client.post(reverse("comptes:invitation_agent_annuler", args=[invitation.pk]), follow=True)

    assertContains(reponse, "L’invitation de m@exemple.fr est annulée.")
    assert not Invitation.objects.en_cours().exists()


@pytest.mark.parametrize("nombre", [1, 3])
def test_la_page_coute_autant_pour_un_agent_que_pour_trois(client, nombre, django_assert_num_queries):
    service = ServiceFactory()
    personne = connecter(client, administrateur_de=service)
    for rang in range(nombre):
        UtilisateurFactory(instructeur_de=service)
        Invitation.objects.inviter(courriel=f"m{rang}@exemple.fr", par=personne, service=service, role="instructeur")
    client.get(EQUIPE)

    with django_assert_num_queries(7):
        client.get(EQUIPE)


def test_une_invitation_ouverte_ne_rend_pas_un_role_retire():
    service = ServiceFactory()
    administrateur = UtilisateurFactory(administrateur_de=service)
    agent = UtilisateurFactory(instructeur_de=service)
    invitations = {
        role: Invitation.objects.inviter(courriel=courriel, par=administrateur, service=service, role=role)[0]
        for role, courriel in [(Role.INSTRUCTEUR, agent.email), (Role.ADMINISTRATEUR, "autre@deets.example")]
    }

    agent.habilitations.get().desactiver()

    en_cours = [
        role for role, invitation in invitations.items() if Invitation.objects.en_cours().filter(pk=invitation.pk)
    ]
    assert en_cours == [Role.ADMINISTRATEUR]
