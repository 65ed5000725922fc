import pytest
from django.db import IntegrityError, transaction

from aap_portal.comptes.models import Droit, Habilitation, Membre, Role, Utilisateur
from aap_portal.referentiel.erreurs import ErreurMetier
from tests.factories import ServiceFactory, StructureFactory, UtilisateurFactory

pytestmark = pytest.mark.django_db


def test_l_adresse_est_gardee_en_minuscules_et_unique_sans_egard_a_la_casse():
    Utilisateur.objects.create_user("Awa.Exemple@Structure.FR", first_name="Awa", last_name="Exemple")

    assert list(Utilisateur.objects.values_list("email", flat=True)) == ["awa.exemple@structure.fr"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Utilisateur.objects.create_user("AWA.EXEMPLE@structure.fr")
    with pytest.raises(IntegrityError), transaction.atomic():
        Utilisateur.objects.update(email="Awa.Exemple@structure.fr")


def test_un_superutilisateur_a_une_adresse_confirmee():
    personne = Utilisateur.objects.create_superuser("racine@exemple.fr", "une phrase de passe assez longue")

    assert list(personne.emailaddress_set.values_list("email", "verified", "primary")) == [
        ("racine@exemple.fr", True, True)
    ]


def test_les_roles_d_une_personne_s_additionnent_et_ne_coutent_qu_une_requete(django_assert_num_queries):
    service, structure = ServiceFactory(), StructureFactory()
    personne = UtilisateurFactory(instructeur_de=service, membre_copil_de=service, redacteur_de=structure)

    with django_assert_num_queries(1):
        assert personne.roles_par_service == {service.pk: {Role.INSTRUCTEUR, Role.MEMBRE_COPIL}}
        assert personne.services(Role.INSTRUCTEUR) == [service.pk]
        assert personne.services(Role.ADMINISTRATEUR) == []
        assert personne.droits_par_structure == {structure.pk: Droit.REDACTEUR}
        assert personne.structures() == [structure.pk]
        assert personne.structures(Droit.SIGNATAIRE) == []
        assert (personne.est_agent, personne.est_membre_copil, personne.est_porteur) == (True, True, True)
        assert (personne.est_externe, personne.est_administrateur) == (False, False)


def test_un_membre_du_copil_qui_n_est_pas_agent_est_externe():
    personne = UtilisateurFactory(membre_copil_de=ServiceFactory())

    assert (personne.est_externe, personne.est_agent) == (True, False)


def test_un_role_ou_un_droit_retire_ne_compte_plus():
    service, structure = ServiceFactory(), StructureFactory()
    personne = UtilisateurFactory(instructeur_de=service, lecteur_de=structure)
    personne.habilitations.update(actif=False)
    personne.appartenances.update(actif=False)

    relue = Utilisateur.objects.get(pk=personne.pk)

    assert (relue.roles_par_service, relue.droits_par_structure, relue.est_agent) == ({}, {}, False)


def test_un_changement_de_role_laisse_une_trace():
    habilitation = Habilitation.objects.accorder(UtilisateurFactory(), ServiceFactory(), Role.INSTRUCTEUR)
    habilitation.desactiver()

    assert list(habilitation.historique.values_list("role", "actif").order_by("history_id")) == [
        ("instructeur", True),
        ("instructeur", False),
    ]


def test_une_connexion_n_est_pas_un_changement_du_compte(client):
    personne = UtilisateurFactory()
    avant = personne.historique.count()

    client.force_login(personne)

    personne.refresh_from_db()
    assert personne.last_login is not None
    assert personne.historique.count() == avant


def test_l_historique_ne_garde_pas_le_mot_de_passe():
    assert not {"password", "last_login"} & {champ.name for champ in Utilisateur.historique.model._meta.get_fields()}


def test_un_second_droit_actif_dans_la_meme_structure_est_refuse_par_la_base():
    structure = StructureFactory()
    personne = UtilisateurFactory(lecteur_de=structure)

    with pytest.raises(IntegrityError), transaction.atomic():
        Membre.objects.create(utilisateur=personne, structure=structure, droit=Droit.SIGNATAIRE)


def test_le_dernier_administrateur_reste():
    habilitation = UtilisateurFactory(administrateur_de=ServiceFactory()).habilitations.get()

    with pytest.raises(ErreurMetier, match="au moins un administrateur"):
        habilitation.desactiver()

    habilitation.refresh_from_db()
    assert habilitation.actif
