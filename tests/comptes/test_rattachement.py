import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from aap_portal.comptes.models import DemandeRattachement, Droit
from aap_portal.courriels.models import Courriel
from aap_portal.referentiel.erreurs import ErreurMetier
from aap_portal.referentiel.models import Structure
from tests.comptes.test_structure import FICHE
from tests.factories import ServiceFactory, StructureFactory, UtilisateurFactory, siret

pytestmark = pytest.mark.django_db

RATTACHEMENT = reverse("comptes:rattachement")
EN_ATTENTE = DemandeRattachement.Etat.EN_ATTENTE


@pytest.fixture
def porteur(client):
    personne = UtilisateurFactory(first_name="Awa", last_name="Exemple")
    client.force_login(personne)
    return personne


@pytest.mark.parametrize("faux", ["", "123", "130 025 265 00014", "13002526500013 0", "treize", "1300252650001\x00"])
def test_un_siret_faux_recoit_une_phrase(client, porteur, faux):
    reponse = client.post(RATTACHEMENT, {"siret": faux})

    assert reponse.status_code == 422
    assertContains(reponse, 'href="#id_siret"', status_code=422)
    assert not DemandeRattachement.objects.exists()


def test_la_phrase_dit_ou_trouver_le_siret(client, porteur):
    assertContains(
        client.post(RATTACHEMENT, {"siret": "13002526500014"}), "l’avis de situation de l’Insee", status_code=422
    )


@pytest.mark.parametrize("ecriture", ["13002526500013", "130 025 265 00013", "130.025.265\u202f00013"])
def test_un_siret_inconnu_mene_a_la_fiche_de_la_structure(client, porteur, ecriture):
    reponse = client.post(RATTACHEMENT, {"siret": ecriture})

    assertRedirects(reponse, reverse("comptes:structure_creer", args=["13002526500013"]))


def test_qui_cree_la_structure_en_devient_signataire(client, porteur):
    numero = siret(700)

    client.post(reverse("comptes:structure_creer", args=[numero]), FICHE | {"siret": siret(701)})

    structure = Structure.objects.get()
    assert (structure.siret, structure.denomination) == (numero, "Association Exemple")
    assert porteur.appartenances.get().droit == Droit.SIGNATAIRE


def test_une_fiche_incomplete_ne_cree_rien(client, porteur):
    reponse = client.post(reverse("comptes:structure_creer", args=[siret(700)]), FICHE | {"denomination": ""})

    assertContains(reponse, "Erreur", status_code=422)
    assert not Structure.objects.exists()
    assert not porteur.appartenances.exists()


def test_une_adresse_de_fiche_au_siret_faux_est_introuvable(client, porteur):
    assert client.get(reverse("comptes:structure_creer", args=["123"])).status_code == 404


def test_la_fiche_d_une_structure_devenue_connue_renvoie_au_rattachement(client, porteur):
    structure = StructureFactory()

    reponse = client.post(reverse("comptes:structure_creer", args=[structure.siret]), FICHE)

    assertRedirects(reponse, RATTACHEMENT)
    assert not porteur.appartenances.exists()


def test_rejoindre_une_structure_connue_est_une_demande_dont_les_signataires_sont_prevenus(client, porteur):
    structure = StructureFactory(denomination="Association Exemple")
    UtilisateurFactory(email="signataire@structure.fr", signataire_de=structure)
    UtilisateurFactory(redacteur_de=structure)

    for _ in range(2):
        reponse = client.post(RATTACHEMENT, {"siret": structure.siret}, follow=True)

    assertContains(reponse, "Votre demande est transmise")
    assertContains(reponse, "Vos demandes en attente")
    demande = DemandeRattachement.objects.get()
    assert (demande.utilisateur, demande.structure, demande.etat) == (porteur, structure, EN_ATTENTE)
    assert not porteur.appartenances.exists()
    assert [(c.destinataire, c.objet) for c in Courriel.objects.all()] == [
        ("signataire@structure.fr", "Awa Exemple demande à rejoindre Association Exemple")
    ]


def test_un_membre_ne_demande_pas_deux_fois(client):
    structure = StructureFactory()
    client.force_login(UtilisateurFactory(lecteur_de=structure))

    reponse = client.post(RATTACHEMENT, {"siret": structure.siret}, follow=True)

    assertContains(reponse, "Vous êtes déjà membre de cette structure.")
    assert not DemandeRattachement.objects.exists()


def repondant(structure, qui):
    roles = {"signataire": {"signataire_de": structure}, "redacteur": {"redacteur_de": structure}}
    roles |= {"instructeur": {"instructeur_de": ServiceFactory()}, "copil": {"membre_copil_de": ServiceFactory()}}
    roles |= {"etranger": {"signataire_de": StructureFactory()}}
    return UtilisateurFactory(**roles[qui])


@pytest.mark.parametrize("qui", ["signataire", "instructeur"])
def test_un_signataire_ou_un_agent_accepte(client, qui):
    demande = DemandeRattachement.objects.demander(UtilisateurFactory(), StructureFactory())
    par = repondant(demande.structure, qui)
    client.force_login(par)

    reponse = client.post(reverse("comptes:demande_accepter", args=[demande.pk]), {"droit": "redacteur"}, follow=True)

    assertContains(reponse, "La demande est acceptée.")
    demande.refresh_from_db()
    assert (demande.etat, demande.traitee_par) == (DemandeRattachement.Etat.ACCEPTEE, par)
    assert demande.utilisateur.appartenances.get().droit == Droit.REDACTEUR
    assert "Votre demande est acceptée" in Courriel.objects.get(destinataire=demande.utilisateur.email).corps
    assert demande.historique.count() == 2


def test_une_demande_refusee_ne_donne_rien(client):
    demande = DemandeRattachement.objects.demander(UtilisateurFactory(), StructureFactory())
    client.force_login(repondant(demande.structure, "signataire"))

    reponse = client.post(reverse("comptes:demande_refuser", args=[demande.pk]), follow=True)

    assertContains(reponse, "La demande est refusée.")
    assert not demande.utilisateur.appartenances.exists()


@pytest.mark.parametrize(("qui", "statut"), [("redacteur", 403), ("etranger", 404), ("copil", 404)])
def test_les_autres_ne_repondent_pas(client, qui, statut):
    demande = DemandeRattachement.objects.demander(UtilisateurFactory(), StructureFactory())
    client.force_login(repondant(demande.structure, qui))

    for geste in ("demande_accepter", "demande_refuser"):
        reponse = client.post(reverse(f"comptes:{geste}", args=[demande.pk]), {"droit": "signataire"})
        assert reponse.status_code == statut
    demande.refresh_from_db()
    assert demande.etat == EN_ATTENTE


@pytest.mark.parametrize("geste", ["demande_accepter", "demande_refuser"])
def test_personne_ne_repond_a_sa_propre_demande(client, geste):
    agent = UtilisateurFactory(instructeur_de=ServiceFactory())
    demande = DemandeRattachement.objects.demander(agent, StructureFactory())
    client.force_login(agent)

    reponse = client.post(reverse(f"comptes:{geste}", args=[demande.pk]), {"droit": "signataire"})

    assertContains(reponse, "Personne ne répond à sa propre demande", status_code=403)
    assert not DemandeRattachement.objects.traitables_par(agent).exists()
    for verbe in (lambda: demande.accepter(par=agent, droit=Droit.SIGNATAIRE), lambda: demande.refuser(par=agent)):
        with pytest.raises(ErreurMetier, match="sa propre demande") as refus:
            verbe()
        assert refus.value.codes == ["sa_propre_demande"]
    demande.refresh_from_db()
    assert demande.etat == EN_ATTENTE
    assert not agent.appartenances.exists()


def test_on_ne_repond_qu_une_fois():
    demande = DemandeRattachement.objects.demander(UtilisateurFactory(), StructureFactory())
    agent = repondant(demande.structure, "instructeur")
    demande.refuser(par=agent)

    with pytest.raises(ErreurMetier, match="Une réponse a déjà été donnée"):
        demande.accepter(par=agent, droit=Droit.SIGNATAIRE)

    assert not demande.utilisateur.appartenances.exists()


@pytest.mark.parametrize(("qui", "statut"), [("signataire", 403), ("copil", 403), ("instructeur", 200)])
def test_la_liste_des_demandes_est_celle_des_agents(client, qui, statut):
    client.force_login(repondant(StructureFactory(), qui))

    assert client.get(reverse("comptes:demandes")).status_code == statut


@pytest.mark.parametrize("nombre", [1, 3])
def test_la_liste_des_demandes_coute_autant_pour_une_que_pour_trois(client, nombre, django_assert_num_queries):
    client.force_login(repondant(None, "instructeur"))
    for _ in range(nombre):
        DemandeRattachement.objects.demander(UtilisateurFactory(), StructureFactory())
    client.get(reverse("comptes:demandes"))

    with django_assert_num_queries(4):
        client.get(reverse("comptes:demandes"))
