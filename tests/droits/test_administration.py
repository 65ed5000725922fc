"""The administration site: reference data is edited there, what the portal decides is only read, a déport hides there too."""

import copy
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.db import connection, transaction
from django.urls import reverse

from candidatures.models import Dossier
from copil.models import Deport
from tests.droits.monde import Monde, client_de
from tests.factories import UtilisateurFactory
from tests.sources import NOTRES

pytestmark = pytest.mark.django_db

# Everything else of ours is read only.
MODIFIABLES = {
    "comptes.Utilisateur", "comptes.Habilitation", "comptes.Membre",
    "referentiel.Service", "referentiel.Commune", "referentiel.Structure", "referentiel.Agrement", "referentiel.Campagne",
    "referentiel.PlafondCategorie", "referentiel.ZoneBlanche",
    "copil.Grille", "copil.BlocGrille", "copil.Critere",
}  # fmt: skip
MODELES = {modele._meta.label: modele for modele in admin.site._registry if modele._meta.app_label in set(NOTRES)}
EN_LECTURE = sorted(set(MODELES) - MODIFIABLES)


@pytest.fixture(scope="module")
def bureau(django_db_setup, django_db_blocker):
    """The world and two people who may do everything, of whom one declared a conflict on each dossier."""
    with django_db_blocker.unblock():
        with transaction.atomic():
            monde = Monde()
            racine = UtilisateurFactory(is_staff=True, is_superuser=True)
            deporte = UtilisateurFactory(is_staff=True, is_superuser=True)
            for dossier in Dossier.objects.all():
                Deport.objects.create(dossier=dossier, utilisateur=deporte, motif="Ancien salarié.")
            yield SimpleNamespace(monde=monde, racine=client_de(racine), deporte=client_de(deporte))
            transaction.set_rollback(True)
        connection.close()


def adresse(modele, page, *arguments):
    return reverse(f"admin:{modele._meta.app_label}_{modele._meta.model_name}_{page}", args=arguments)


def test_rien_d_autre_ne_s_administre_que_le_portail_ses_taches_et_les_seconds_facteurs():
    autres = {modele._meta.label for modele in admin.site._registry} - set(MODELES)
    assert autres == {"mfa.Authenticator", "django_tasks_database.DBTaskResult"}


def test_un_second_facteur_se_retire_mais_son_secret_ne_se_lit_ni_ne_se_change(bureau):
    facteur = Authenticator.objects.create(
        user=bureau.monde.personnes["instructeur"], type="totp", data={"secret": "JBSWY3DPEHPK3PXP"}
    )
    page = adresse(Authenticator, "change", facteur.pk)
    for chemin in (page, adresse(Authenticator, "changelist")):
        reponse = bureau.racine.get(chemin)
        assert reponse.status_code == 200
        assert "JBSWY3DPEHPK3PXP" not in reponse.content.decode()
    assert bureau.racine.post(page, {"user": bureau.monde.personnes["copil"].pk}).status_code == 403
    assert bureau.racine.get(adresse(Authenticator, "add")).status_code == 403

    bureau.racine.post(adresse(Authenticator, "delete", facteur.pk), {"post": "yes"})

    assert not Authenticator.objects.filter(pk=facteur.pk).exists()


@pytest.mark.parametrize("label", ["comptes.Utilisateur", "comptes.Membre", "comptes.Habilitation"])
def test_qui_a_tenu_un_droit_ne_s_efface_pas(bureau, label):
    objet = MODELES[label]._default_manager.first()

    assert bureau.racine.post(adresse(MODELES[label], "delete", objet.pk), {"post": "yes"}).status_code == 403
    assert MODELES[label]._default_manager.filter(pk=objet.pk).exists()


def test_l_administration_ne_retire_pas_le_dernier_signataire(bureau):
    membre = bureau.monde.personnes["voisin"].appartenances.get()
    champs = {"utilisateur": membre.utilisateur_id, "structure": membre.structure_id, "droit": "signataire"}

    reponse = bureau.racine.post(adresse(type(membre), "change", membre.pk), champs)

    assert "au moins un signataire" in reponse.content.decode()
    membre.refresh_from_db()
    assert membre.actif


def test_ce_qui_se_modifie_est_du_referentiel():
    assert sorted(MODIFIABLES - set(MODELES)) == []


@pytest.mark.parametrize("label", sorted(MODELES))
def test_qui_administre_lit_tout(bureau, label):
    modele = MODELES[label]
    objet = modele._default_manager.first()
    assert bureau.racine.get(adresse(modele, "changelist")).status_code == 200
    if objet is not None:
        assert bureau.racine.get(adresse(modele, "change", objet.pk)).status_code == 200
        if hasattr(modele, "historique"):
            assert bureau.racine.get(adresse(modele, "history", objet.pk)).status_code == 200


@pytest.mark.parametrize("label", EN_LECTURE)
def test_ce_que_le_portail_decide_ne_se_modifie_pas(bureau, label):
    """Not by its pages, not by an old version of its history, not by an action of the list."""
    modele = MODELES[label]
    objet = modele._default_manager.first()
    assert bureau.racine.get(adresse(modele, "add")).status_code == 403
    assert bureau.racine.post(adresse(modele, "add"), {"x": "x"}).status_code == 403
    cle = objet.pk if objet else 1
    avant = modele._default_manager.filter(pk=cle).values().first()
    chemins = [adresse(modele, page, cle) for page in ("change", "delete")]
    if objet and (version := getattr(objet, "historique", None) and objet.historique.first()):
        chemins.append(adresse(modele, "simple_history", cle, version.pk))
    if objet:
        assert [bureau.racine.post(chemin, {"etat": "paye"}).status_code for chemin in chemins] == [403] * len(chemins)
    bureau.racine.post(
        adresse(modele, "changelist"), {"action": "delete_selected", "_selected_action": cle, "post": "yes"}
    )
    assert modele._default_manager.filter(pk=cle).values().first() == avant


# What a row leads to its dossier by, in the admin.
PAR_DOSSIER = {
    "candidatures.Dossier": "pk",
    "candidatures.PieceJustificative": "dossier",
    "candidatures.Depot": "dossier",
    "candidatures.LigneBudget": "dossier",
    "candidatures.VolumeActivite": "dossier",
    "candidatures.ProjectionAnnuelle": "dossier",
    "candidatures.ControleDossier": "dossier",
    "candidatures.CopieDossier": "dossier",
    "candidatures.PartageBrouillon": "dossier",
    "copil.Inscription": "dossier",
    "copil.Evaluation": "inscription__dossier",
    "copil.NoteCritere": "evaluation__inscription__dossier",
    "copil.Decision": "inscription__dossier",
    "copil.DecisionPoste": "decision__inscription__dossier",
    "copil.AvisNational": "dossier",
    "conventions.Convention": "dossier",
    "conventions.Versement": "convention__dossier",
    "conventions.Bilan": "convention__dossier",
    "conventions.IndicateurCible": "convention__dossier",
}


@pytest.mark.parametrize("label", sorted(PAR_DOSSIER))
def test_un_deport_ferme_aussi_l_administration(bureau, label):
    modele = MODELES[label]
    for objet in modele._default_manager.all()[:2]:
        for page in ("change", "history"):
            reponse = bureau.deporte.get(adresse(modele, page, objet.pk))
            assert reponse.status_code in {302, 404}, page
    liste = bureau.deporte.get(adresse(modele, "changelist"))
    assert list(liste.context["cl"].queryset) == []


def test_un_deport_cache_les_messages_sur_le_dossier(bureau):
    message = bureau.monde.message
    assert message in bureau.racine.get(adresse(type(message), "changelist")).context["cl"].queryset
    assert message not in bureau.deporte.get(adresse(type(message), "changelist")).context["cl"].queryset
    assert bureau.deporte.get(adresse(type(message), "change", message.pk)).status_code == 302


@pytest.mark.parametrize("personne", ["signataire", "instructeur", "administrateur", "copil", "national"])
def test_un_role_du_portail_n_ouvre_pas_l_administration(bureau, personne):
    client = client_de(bureau.monde.personnes[personne])
    temoin = copy.deepcopy(client.cookies)
    for chemin in [reverse("admin:index"), *(adresse(modele, "changelist") for modele in MODELES.values())]:
        assert client.get(chemin).status_code in {302, 403}
        client.cookies = copy.deepcopy(temoin)


def test_l_iban_et_les_jetons_ne_s_affichent_pas(bureau):
    structure = bureau.monde.structure
    page = bureau.racine.get(adresse(type(structure), "change", structure.pk)).content.decode()
    assert structure.iban not in page
    invitation = bureau.monde.invitation_agent
    page = bureau.racine.get(adresse(type(invitation), "change", invitation.pk)).content.decode()
    assert invitation.jeton_empreinte not in page
