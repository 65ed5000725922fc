from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from aap_portal.comptes.models import Droit, Invitation
from aap_portal.courriels.models import Courriel
from aap_portal.referentiel.models import Agrement
from tests.factories import DEPOT_OUVERT, DossierFactory, ServiceFactory, StructureFactory, UtilisateurFactory

pytestmark = pytest.mark.django_db

FICHE = {
    "denomination": "Association Exemple",
    "categorie": "association",
    "situation": "existante",
    "adresse": "2 rue de l’Exemple",
    "code_postal": "97 600",
    "ville": "Mamoudzou",
    "representant_prenom": "Dominique",
    "representant_nom": "Exemple",
    "representant_qualite": "présidente",
    "courriel": "contact@structure.example",
    "iban": "FR14 2004 1010 0505 0001 3M02 606",
}


@pytest.fixture
def structure(db):
    return StructureFactory(denomination="Association Exemple", categorie="association")


def lien(nom, objet):
    return reverse(f"comptes:{nom}", args=[objet.pk])


def acteur(structure, qui):
    if qui == "instructeur":
        return UtilisateurFactory(instructeur_de=ServiceFactory())
    if qui == "etranger":
        return UtilisateurFactory(signataire_de=StructureFactory())
    return UtilisateurFactory(**{f"{qui}_de": structure})


def test_un_anonyme_est_mene_a_la_connexion(client, structure):
    page = lien("structure", structure)

    assertRedirects(client.get(page), f"{reverse('account_login')}?next={page}")


@pytest.mark.parametrize(
    ("qui", "page", "inviter", "modifier"),
    [
        ("etranger", 404, 404, 404),
        ("lecteur", 200, 403, 403),
        ("redacteur", 200, 403, 200),
        ("signataire", 200, 422, 200),
        ("instructeur", 200, 403, 403),
    ],
)
def test_qui_voit_et_qui_change_une_structure(client, structure, qui, page, inviter, modifier):
    client.force_login(acteur(structure, qui))

    assert client.get(lien("structure", structure)).status_code == page
    assert client.post(lien("membre_inviter", structure), {}).status_code == inviter
    assert client.get(lien("structure_modifier", structure)).status_code == modifier
    assert not Invitation.objects.exists()


def test_ma_structure_mene_a_la_seule_au_choix_ou_au_rattachement(client, structure):
    ma_structure = reverse("comptes:structure")
    personne = UtilisateurFactory()
    client.force_login(personne)
    assertRedirects(client.get(ma_structure), reverse("comptes:rattachement"))

    personne.appartenances.create(structure=structure, droit=Droit.LECTEUR)
    assertRedirects(client.get(ma_structure), lien("structure", structure))

    personne.appartenances.create(structure=StructureFactory(denomination="Commune Exemple"), droit=Droit.SIGNATAIRE)
    reponse = client.get(ma_structure)
    assertContains(reponse, "Association Exemple")
    assertContains(reponse, "Commune Exemple")


@pytest.mark.parametrize("nombre", [1, 3])
def test_la_page_coute_autant_de_requetes_pour_un_membre_que_pour_trois(
    client, structure, nombre, django_assert_num_queries
):
    client.force_login(UtilisateurFactory(signataire_de=structure))
    for _ in range(nombre):
        UtilisateurFactory(redacteur_de=structure)
        UtilisateurFactory().demandes_rattachement.create(structure=structure)
    client.get(lien("structure", structure))

    with django_assert_num_queries(7):
        client.get(lien("structure", structure))


def test_un_signataire_invite_un_collegue(client, structure):
    client.force_login(UtilisateurFactory(signataire_de=structure))

    reponse = client.post(
        lien("membre_inviter", structure), {"courriel": "Collegue@structure.fr", "droit": "redacteur"}, follow=True
    )

    assertContains(reponse, "L’invitation est envoyée à collegue@structure.fr.")
    assertContains(reponse, "Invitations en attente")
    invitation = Invitation.objects.get()
    assert (invitation.structure, invitation.droit, invitation.role) == (structure, Droit.REDACTEUR, "")
    assert Courriel.objects.get().destinataire == "collegue@structure.fr"


def test_une_invitation_peut_etre_annulee(client, structure):
    signataire = UtilisateurFactory(signataire_de=structure)
    invitation, _ = Invitation.objects.inviter(
        courriel="c@exemple.fr", par=signataire, structure=structure, droit="lecteur"
    )
    client.force_login(signataire)

    reponse = client.post(lien("invitation_membre_annuler", invitation), follow=True)

    assertContains(reponse, "L’invitation de c@exemple.fr est annulée.")
    assert not Invitation.objects.en_cours().exists()


def test_un_signataire_change_le_droit_puis_retire_un_membre(client, structure):
    client.force_login(UtilisateurFactory(signataire_de=structure))
    membre = UtilisateurFactory(lecteur_de=structure).appartenances.get()

    assertContains(
        client.post(lien("membre_changer_droit", membre), {"droit": "redacteur"}, follow=True), "Le droit est changé."
    )
    membre.refresh_from_db()
    assert membre.droit == Droit.REDACTEUR
    client.post(lien("membre_retirer", membre))
    membre.refresh_from_db()
    assert not membre.actif


@pytest.mark.parametrize("qui", ["etranger", "lecteur", "redacteur", "instructeur"])
def test_seul_un_signataire_gere_les_membres(client, structure, qui):
    membre = UtilisateurFactory(lecteur_de=structure).appartenances.get()
    client.force_login(acteur(structure, qui))
    attendu = 404 if qui == "etranger" else 403

    assert client.post(lien("membre_changer_droit", membre), {"droit": "signataire"}).status_code == attendu
    assert client.post(lien("membre_retirer", membre)).status_code == attendu
    membre.refresh_from_db()
    assert (membre.actif, membre.droit) == (True, Droit.LECTEUR)


def test_un_redacteur_ne_voit_l_iban_que_masque_et_ne_peut_pas_le_changer(client, structure):
    client.force_login(UtilisateurFactory(redacteur_de=structure))
    assertContains(client.get(lien("structure", structure)), "FR14 •••• 2606")
    assertNotContains(client.get(lien("structure_modifier", structure)), "IBAN")

    client.post(lien("structure_modifier", structure), FICHE | {"iban": "FR7630006000011234567890189"})

    structure.refresh_from_db()
    assert (structure.adresse, structure.iban) == ("2 rue de l’Exemple", "FR1420041010050500013M02606")


def test_les_numeros_se_lisent_avec_des_espaces(client, structure):
    client.force_login(UtilisateurFactory(signataire_de=structure))

    client.post(lien("structure_modifier", structure), FICHE | {"rna": "w9r1 011 072"})

    structure.refresh_from_db()
    assert (structure.code_postal, structure.rna) == ("97600", "W9R1011072")
    assert structure.iban == "FR1420041010050500013M02606"


@pytest.mark.parametrize(
    ("champ", "valeur", "phrase"),
    [
        ("code_postal", "976", "Un code postal compte cinq chiffres"),
        ("iban", "FR1420041010050500013M02607", "Cet IBAN n’est pas valable"),
        ("bic", "ABC", "Un BIC compte 8 ou 11 caractères"),
        ("rna", "12345", "Ce numéro RNA n’est pas valable"),
        ("courriel", "contact", "Saisissez une adresse de courriel valide."),
        ("denomination", "a\x00b", "Le caractère nul n’est pas autorisé."),
    ],
)
def test_une_reponse_fausse_recoit_une_phrase_et_garde_la_saisie(client, structure, champ, valeur, phrase):
    client.force_login(UtilisateurFactory(signataire_de=structure))

    reponse = client.post(lien("structure_modifier", structure), FICHE | {champ: valeur})

    assertContains(reponse, phrase, status_code=422)
    assertContains(reponse, "2 rue de l’Exemple", status_code=422)


def test_seule_une_association_a_un_numero_rna(client, structure):
    client.force_login(UtilisateurFactory(signataire_de=structure))

    reponse = client.post(
        lien("structure_modifier", structure), FICHE | {"categorie": "collectivite", "rna": "W9R1011072"}
    )

    assertContains(reponse, "Seule une association a un numéro RNA", status_code=422)


CERFA = {
    "site_web": "exemple.example",
    "recepisse_prefecture": "W123",
    "correspondance_adresse": "BP 12",
    "correspondance_code_postal": "97 615",
    "correspondance_ville": "Dzaoudzi",
    "representant_telephone": "0269000001",
    "representant_courriel": "presidence@exemple.example",
    "utilite_publique": "on",
    "utilite_publique_le": "2019-05-03",
    "assujettie_impots": "False",
    "reseaux": "Réseau Exemple",
    "adherents_personnes_morales": "Trois SIAE",
}
AGREMENTS = {"agrements-TOTAL_FORMS": "2", "agrements-INITIAL_FORMS": "0", "agrements-0-type": "Jeunesse"}


def test_la_fiche_garde_ce_que_demande_le_cerfa(client, structure):
    client.force_login(acteur(structure, "redacteur"))

    reponse = client.post(lien("structure_modifier", structure), FICHE | CERFA | AGREMENTS)

    assertRedirects(reponse, lien("structure", structure))
    structure.refresh_from_db()
    assert (structure.site_web, structure.correspondance) == ("https://exemple.example", "BP 12, 97615 Dzaoudzi")
    assert (structure.utilite_publique, structure.utilite_publique_le) == (True, date(2019, 5, 3))
    assert (structure.assujettie_impots, structure.representant_courriel) == (False, CERFA["representant_courriel"])
    assert [agrement.type for agrement in structure.agrements.all()] == ["Jeunesse"]


def test_un_agrement_se_retire_et_un_agrement_sans_type_est_refuse(client, structure):
    agrement = Agrement.objects.create(structure=structure, type="Jeunesse")
    client.force_login(acteur(structure, "redacteur"))
    lignes = {"agrements-TOTAL_FORMS": "2", "agrements-INITIAL_FORMS": "1", "agrements-0-id": agrement.pk}

    refus = client.post(
        lien("structure_modifier", structure),
        FICHE | lignes | {"agrements-0-type": "Jeunesse", "agrements-1-attribue_par": "DRAJES"},
    )
    retrait = client.post(
        lien("structure_modifier", structure),
        FICHE | lignes | {"agrements-0-type": "Jeunesse", "agrements-0-DELETE": "on"},
    )

    assert refus.status_code == 422
    assertContains(refus, "DRAJES", status_code=422)
    assertRedirects(retrait, lien("structure", structure))
    assert structure.agrements.count() == 0


def test_une_date_d_utilite_publique_sans_la_case_est_refusee(client, structure):
    client.force_login(acteur(structure, "redacteur"))

    reponse = client.post(lien("structure_modifier", structure), FICHE | {"utilite_publique_le": "2019-05-03"})

    assertContains(reponse, "Cochez cette case, ou effacez la date de publication.", status_code=422)


def test_une_collectivite_n_a_pas_les_champs_des_associations(client):
    commune = StructureFactory(collectivite=True)
    client.force_login(acteur(commune, "redacteur"))

    page = client.get(lien("structure_modifier", commune))

    assertContains(page, "Adresse de correspondance")
    for mot in ("utilité publique", "Agréments", "récépissé en préfecture"):
        assertNotContains(page, mot)


@pytest.mark.parametrize(
    ("etat", "categorie"),
    [
        ("brouillon", "collectivite"),
        ("depose", "association"),
        ("examine", "association"),
        ("ajourne", "association"),
        ("accepte", "collectivite"),
        ("retire", "collectivite"),
    ],
)
def test_le_statut_ne_change_pas_pendant_l_examen_d_un_dossier(client, structure, etat, categorie):
    DossierFactory(structure=structure, etat=etat, depose_le=DEPOT_OUVERT)
    client.force_login(UtilisateurFactory(signataire_de=structure))
    fige = categorie == "association"

    page = client.get(lien("structure_modifier", structure)).content.decode()
    client.post(
        lien("structure_modifier", structure), FICHE | {"iban": "", "categorie": "collectivite", "ville": "Dembeni"}
    )

    structure.refresh_from_db()
    assert (structure.categorie, structure.ville) == (categorie, "Dembeni")
    assert ("demandez au service de corriger" in page) == fige
