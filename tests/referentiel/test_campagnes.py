"""The numbers of a campaign, set by the administrateurs of its service (readings 4, 6 and 12)."""

from datetime import datetime
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from aap_portal.referentiel.forms_campagne import CampagneForm
from aap_portal.referentiel.models import Campagne, Structure
from tests.candidatures.textes import texte
from tests.factories import (
    MAYOTTE,
    CampagneFactory,
    ServiceFactory,
    StructureFactory,
    UtilisateurFactory,
    decision_acceptee,
    dossier_depose,
)

pytestmark = pytest.mark.django_db
AVANT_L_OUVERTURE = datetime(2022, 6, 15, 10, tzinfo=MAYOTTE)
CAMPAGNES = reverse("referentiel:campagnes")


@pytest.fixture
def avant_l_ouverture():
    """Once filing is open, the closing is put off by its own act: tests/referentiel/test_prolonger.py."""
    with time_machine.travel(AVANT_L_OUVERTURE, tick=False):
        yield


@pytest.fixture
def administrateur():
    return UtilisateurFactory(administrateur_de=ServiceFactory(), first_name="Bacar", last_name="Admin")


@pytest.fixture
def connecte(client, administrateur):
    client.force_login(administrateur)
    return client


@pytest.fixture
def campagne():
    return CampagneFactory()


def page(campagne):
    return reverse("referentiel:campagne", args=[campagne.pk])


def envoi(client, adresse, **changements):
    """What the page would send back as it stands, but for `changements`."""
    contexte = client.get(adresse).context
    formulaires = [contexte["form"]]
    if "formset" in contexte:
        formulaires += [contexte["formset"].management_form, *contexte["formset"].forms]
    donnees = {}
    for formulaire in formulaires:
        for champ in formulaire:
            valeur = champ.value()
            if isinstance(valeur, datetime):
                valeur = valeur.strftime("%Y-%m-%dT%H:%M")
            donnees[champ.html_name] = "" if valeur is None else valeur
    return donnees | changements


def test_la_page_suit_l_echelle_des_droits(client, campagne):
    assertRedirects(
        client.get(CAMPAGNES), f"{reverse('account_login')}?next={CAMPAGNES}", fetch_redirect_response=False
    )
    autre = ServiceFactory(code="DEETS974", nom="DEETS de La Réunion")
    refus = "Les campagnes sont réglées par les administrateurs du service."

    def statuts(personne):
        client.force_login(personne)
        return [client.get(adresse).status_code for adresse in (CAMPAGNES, page(campagne))]

    assert statuts(UtilisateurFactory(signataire_de=StructureFactory())) == [403, 403]
    assert statuts(UtilisateurFactory(membre_copil_de=campagne.service)) == [403, 403]
    assert statuts(UtilisateurFactory(instructeur_de=campagne.service)) == [403, 403]
    assertContains(client.get(page(campagne)), refus, status_code=403)
    assert statuts(UtilisateurFactory(administrateur_de=autre)) == [200, 404]
    assert statuts(UtilisateurFactory(administrateur_de=campagne.service)) == [200, 200]


def test_la_liste_dit_la_cloture_exclue_et_l_enveloppe_vide(connecte):
    CampagneFactory(enveloppe=None)

    contenu = texte(connecte.get(CAMPAGNES))

    assert "au 30 octobre 2022 à 23 h 59 (heure de Mayotte)" in contenu
    assert "Non contrôlée" in contenu


def test_une_enveloppe_vide_est_dite_non_controlee(connecte):
    campagne = CampagneFactory(enveloppe=None)

    assertContains(connecte.get(page(campagne)), "le montant total accordé n’est pas contrôlé")


def test_les_instants_sont_saisis_a_l_heure_du_service(avant_l_ouverture, connecte, campagne):
    donnees = envoi(connecte, page(campagne), cloture_le="2022-11-15T00:00", motif="Cyclone.")
    assert donnees["ouverture_le"] == "2022-07-01T00:00"

    reponse = connecte.post(page(campagne), donnees, follow=True)

    assertContains(reponse, "La campagne est enregistrée.")
    campagne.refresh_from_db()
    assert campagne.cloture_le == datetime(2022, 11, 15, tzinfo=MAYOTTE)
    contenu = texte(reponse)
    assert "Clôture des dépôts : 31 octobre 2022 à 0 h → 15 novembre 2022 à 0 h" in contenu
    assert "Bacar Admin" in contenu
    assert "Cyclone." in contenu


def test_reporter_la_cloture_demande_un_motif(avant_l_ouverture, connecte, campagne):
    reponse = connecte.post(page(campagne), envoi(connecte, page(campagne), cloture_le="2022-11-15T00:00"))

    assert reponse.status_code == 422
    assert "Vous changez la date de clôture : donnez-en le motif" in texte(reponse)
    campagne.refresh_from_db()
    assert campagne.cloture_le == datetime(2022, 10, 31, tzinfo=MAYOTTE)


def test_une_campagne_qui_a_des_dossiers_ne_change_pas_sans_motif(connecte, campagne):
    dossier_depose(campagne=campagne)
    reponse = connecte.get(page(campagne))
    assertContains(reponse, "1 dossier déjà déposé dans cette campagne")

    reponse = connecte.post(page(campagne), envoi(connecte, page(campagne), etp_minimum="0,75"))

    assert reponse.status_code == 422
    assert "Des dossiers sont déposés dans cette campagne : donnez le motif du changement." in texte(reponse)
    connecte.post(page(campagne), envoi(connecte, page(campagne), etp_minimum="0,75", motif="Erreur de saisie."))
    campagne.refresh_from_db()
    assert campagne.etp_minimum == Decimal("0.75")
    assert campagne.historique.first().history_change_reason == "Erreur de saisie."


def test_la_cloture_suit_l_ouverture(avant_l_ouverture, connecte, campagne):
    donnees = envoi(connecte, page(campagne), cloture_le="2022-06-30T00:00", motif="Essai.")

    reponse = connecte.post(page(campagne), donnees)

    assert reponse.status_code == 422
    assert "La clôture doit suivre l’ouverture." in texte(reponse)


@pytest.mark.parametrize(
    ("saisi", "lu"),
    [
        ("66,67", "0.6667"),
        ("70 %", "0.70"),
        ("0", "0"),
        ("100", "1"),
        ("100,01", None),
        ("-1", None),
        ("abc", None),
        ("", None),
    ],
)
def test_un_taux_se_saisit_en_pourcentage(connecte, campagne, saisi, lu):
    plafond = campagne.plafonds.get(categorie=Structure.Categorie.EPCI)
    donnees = envoi(connecte, page(campagne))
    prefixe = next(cle for cle, valeur in donnees.items() if cle.endswith("-id") and valeur == plafond.pk).removesuffix(
        "id"
    )
    donnees[f"{prefixe}taux_aap"] = saisi

    reponse = connecte.post(page(campagne), donnees)

    plafond.refresh_from_db()
    if lu is None:
        assert reponse.status_code == 422
        assert plafond.taux_aap == Decimal("0.7")
    else:
        assert reponse.status_code == 302
        assert plafond.taux_aap == Decimal(lu)


def test_une_nouvelle_campagne_reprend_les_reglages_d_une_autre_un_an_plus_tard(connecte, campagne):
    campagne.plafonds.filter(categorie=Structure.Categorie.EPA).update(taux_aap=Decimal("0.65"))
    campagne.etp_minimum = Decimal("0.60")
    campagne.save()
    creer = f"{reverse('referentiel:campagne_creer')}?depuis={campagne.pk}"

    donnees = envoi(connecte, creer)
    assert donnees["enveloppe"] == ""
    reponse = connecte.post(creer, donnees, follow=True)

    assertContains(reponse, "La campagne est créée.")
    suite = Campagne.objects.get(annee=2023)
    assert suite.ouverture_le == datetime(2023, 7, 1, tzinfo=MAYOTTE)
    assert suite.cloture_le == datetime(2023, 10, 31, tzinfo=MAYOTTE)
    assert (suite.service, suite.etp_minimum, suite.enveloppe) == (campagne.service, Decimal("0.60"), None)
    assert suite.taux(Structure.Categorie.EPA).aap == Decimal("0.65")


def test_une_premiere_campagne_part_des_nombres_du_texte(connecte):
    creer = reverse("referentiel:campagne_creer")
    donnees = envoi(
        connecte, creer, annee="2022", titre="AAP", ouverture_le="2022-07-01T00:00", cloture_le="2022-10-31T00:00"
    )

    assert connecte.post(creer, donnees).status_code == 302

    campagne = Campagne.objects.get()
    assert (campagne.etp_minimum, campagne.part_avance, campagne.reconductions_max) == (
        Decimal("0.5"),
        Decimal("0.5"),
        2,
    )
    taux = {categorie: campagne.taux(categorie) for categorie in Structure.Categorie}
    assert (taux["collectivite"].aap, taux["collectivite"].etat) == (Decimal("0.8"), Decimal("0.8"))
    assert {(taux[c].aap, taux[c].etat) for c in ("association", "epci", "epa", "autre")} == {(Decimal("0.7"), None)}


def test_deux_campagnes_de_meme_annee_et_de_meme_titre_sont_refusees(connecte, campagne):
    creer = f"{reverse('referentiel:campagne_creer')}?depuis={campagne.pk}"

    reponse = connecte.post(creer, envoi(connecte, creer, annee="2022"))

    assert reponse.status_code == 422
    assert "Ce service a déjà une campagne de cette année et de ce titre." in texte(reponse)
    assert Campagne.objects.count() == 1


def test_un_envoi_force_ne_change_pas_le_service(connecte, campagne):
    autre = ServiceFactory(code="DEETS974", nom="DEETS de La Réunion")

    connecte.post(page(campagne), envoi(connecte, page(campagne), service=autre.pk))

    campagne.refresh_from_db()
    assert campagne.service.code == "DEETS976"


def test_le_nombre_de_requetes_de_la_liste_est_constant(connecte, django_assert_max_num_queries):
    CampagneFactory()
    connecte.get(CAMPAGNES)
    with django_assert_max_num_queries(15) as une:
        connecte.get(CAMPAGNES)
    for annee in (2023, 2024):
        dossier_depose(campagne=CampagneFactory(annee=annee))
    with django_assert_max_num_queries(15) as trois:
        connecte.get(CAMPAGNES)

    assert len(une.captured_queries) == len(trois.captured_queries)


@pytest.mark.parametrize(("enveloppe", "admise"), [("28000", True), ("27999,99", False), ("", True)])
def test_l_enveloppe_ne_descend_pas_sous_ce_qui_est_accorde(connecte, campagne, enveloppe, admise):
    decision_acceptee(dossier=dossier_depose(campagne=campagne))

    reponse = connecte.post(
        page(campagne), envoi(connecte, page(campagne), enveloppe=enveloppe, motif="Crédits notifiés.")
    )

    campagne.refresh_from_db()
    if admise:
        assert campagne.enveloppe == (Decimal("28000.00") if enveloppe else None)
    else:
        phrase = "28 000,00 € sont déjà accordés dans cette campagne : l’enveloppe ne peut pas être plus basse."
        assert phrase in texte(reponse)
        assert (reponse.status_code, campagne.enveloppe) == (422, Decimal("400000.00"))


def test_une_acceptation_prise_entre_temps_compte_aussi(connecte, campagne, monkeypatch):
    """The form was read before the decision: the rule is asked again under the lock."""
    valider = CampagneForm.is_valid

    def puis_decider(form):
        valide = valider(form)
        decision_acceptee(dossier=dossier_depose(campagne=campagne))
        return valide

    donnees = envoi(connecte, page(campagne), enveloppe="10000")
    monkeypatch.setattr(CampagneForm, "is_valid", puis_decider)

    reponse = connecte.post(page(campagne), donnees)

    campagne.refresh_from_db()
    assert (reponse.status_code, campagne.enveloppe) == (422, Decimal("400000.00"))
    assert "28 000,00 € sont déjà accordés" in texte(reponse)
