"""Reminders of drafts that are not filed: due and not sent, at the instants of the service's zone."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse

from aap_portal.comptes.models import Membre
from aap_portal.courriels.models import Courriel
from candidatures.models import Depot, Dossier, PieceJustificative, RappelBrouillon
from candidatures.rappels import rappeler_les_brouillons, rappels
from tests.candidatures.textes import aplatir, texte
from tests.factories import MAYOTTE, CampagneFactory, DossierFactory, ServiceFactory, UtilisateurFactory

pytestmark = pytest.mark.django_db
CLOTURE = datetime(2022, 10, 31, tzinfo=MAYOTTE)  # last day: 30 October
UNE_SECONDE = timedelta(seconds=1)


def a(jour, heure=8, minute=0, mois=10):
    return datetime(2022, mois, jour, heure, minute, tzinfo=MAYOTTE)


EN_SEPTEMBRE = a(1, mois=9)


def brouillon(cree_le=EN_SEPTEMBRE, **champs):
    dossier = DossierFactory(complet=True, **champs)
    Dossier.objects.filter(pk=dossier.pk).update(cree_le=cree_le)
    return dossier


def passer(le):
    with time_machine.travel(le, tick=False):
        return rappeler_les_brouillons()


def envoyes():
    return list(RappelBrouillon.objects.values_list("jours", flat=True))


# --- When -----------------------------------------------------------------------------------------
def test_quatre_rappels_a_huit_heures_du_service():
    attendus = [(15, a(15)), (7, a(23)), (2, a(28)), (0, a(30))]
    assert [(rappel.jours, rappel.le) for rappel in rappels(CLOTURE, MAYOTTE)] == attendus


@pytest.mark.parametrize(
    ("cloture", "dernier"),
    [
        (a(30, 20), a(30, 8)),  # twelve hours are left at 8
        (a(30, 19, 59), a(30, 7, 59)),
        (a(30, 12), a(30, 0)),
        (a(30, 6), a(29, 18)),
        (a(30, 0, 1), a(29, 12, 1)),
    ],
)
def test_le_dernier_laisse_toujours_douze_heures(cloture, dernier):
    assert rappels(cloture, MAYOTTE)[-1].le == dernier


@pytest.mark.parametrize(("jours", "le"), [(15, a(15)), (7, a(23)), (2, a(28)), (0, a(30))])
def test_un_rappel_part_a_son_instant_pas_une_seconde_avant(jours, le):
    brouillon()
    passer(le - UNE_SECONDE)
    assert jours not in envoyes()

    assert passer(le) == "envoyés 1"

    assert jours in envoyes()


def test_la_zone_est_celle_du_service():
    paris = ServiceFactory(code="IDF", fuseau="Europe/Paris", fuseau_libelle="heure de Paris")
    brouillon(campagne=CampagneFactory(service=paris, cloture_le=datetime(2022, 10, 30, 22, 0, tzinfo=UTC)))

    passer(datetime(2022, 10, 15, 5, 59, 59, tzinfo=UTC))  # 7 h 59 in Paris, in summer time
    assert envoyes() == []
    passer(datetime(2022, 10, 15, 6, 0, tzinfo=UTC))
    assert envoyes() == [15]


@pytest.mark.parametrize("le", [CLOTURE, CLOTURE + UNE_SECONDE, CLOTURE + timedelta(days=30)])
def test_plus_rien_des_l_instant_de_cloture(le):
    brouillon()

    assert passer(le) == ""

    assert (envoyes(), Courriel.objects.count()) == ([], 0)


def test_juste_avant_la_cloture_le_dernier_rappel_part_encore():
    brouillon()
    passer(CLOTURE - UNE_SECONDE)
    assert envoyes() == [0]


# --- Once -----------------------------------------------------------------------------------------
def test_un_passage_par_minute_n_envoie_chaque_rappel_qu_une_fois():
    brouillon()
    for le in (a(15), a(15, 8, 1), a(16), a(22, 23), a(23), a(23, 8, 1)):
        passer(le)

    assert envoyes() == [15, 7]
    assert Courriel.objects.count() == 2


@pytest.mark.parametrize(("reprise", "attendu"), [(a(24), 7), (a(29), 2), (a(30, 9), 0), (a(27, 23), 7)])
def test_apres_une_panne_un_seul_rappel_part_le_bon(reprise, attendu):
    brouillon()
    passer(reprise)
    passer(reprise + timedelta(minutes=1))

    assert envoyes() == [attendu]


def test_un_brouillon_commence_apres_l_instant_attend_le_suivant():
    brouillon(cree_le=a(24, 10))
    passer(a(24, 11))
    assert envoyes() == []

    passer(a(28))

    assert envoyes() == [2]


def test_la_commande_d_entretien_les_envoie(capsys):
    brouillon()
    with time_machine.travel(a(15), tick=False):
        call_command("entretien")

    assert "brouillons non déposés : envoyés 1" in aplatir(capsys.readouterr().out)


def test_un_brouillon_qui_echoue_n_en_prive_pas_les_autres(monkeypatch, caplog):
    """A legal category without any rate in the campaign: reading such a draft fails."""
    fautif = brouillon(campagne=CampagneFactory(titre="Sans taux"))
    fautif.campagne.plafonds.all().delete()
    suivant = brouillon()

    assert passer(a(15)) == "envoyés 1"

    assert RappelBrouillon.objects.get().dossier == suivant
    assert f"reminder of dossier {fautif.pk} failed" in caplog.text


# --- To whom, and what ----------------------------------------------------------------------------
def test_il_va_a_qui_peut_agir():
    dossier = brouillon()
    UtilisateurFactory(lecteur_de=dossier.structure)
    redacteur = UtilisateurFactory(redacteur_de=dossier.structure)
    parti = UtilisateurFactory(signataire_de=dossier.structure)
    Membre.objects.get(utilisateur=parti).retirer(par=dossier.cree_par)

    passer(a(15))

    assert {c.destinataire for c in Courriel.objects.filter(objet_lie=dossier.numero)} == {
        dossier.cree_par.email,
        redacteur.email,
    }


@pytest.mark.parametrize("suite", ["depose", "retire"])
def test_rien_a_qui_a_depose_ou_retire(suite):
    dossier = brouillon()
    with time_machine.travel(a(2), tick=False):
        if suite == "depose":
            Depot.objects.deposer(dossier, par=dossier.cree_par, cle=uuid.uuid4())
        else:
            dossier.retirer(par=dossier.cree_par)
    avant = Courriel.objects.count()

    passer(a(15))

    assert (envoyes(), Courriel.objects.count()) == ([], avant)


def test_il_dit_ce_qui_manque_et_l_instant_de_cloture():
    dossier = brouillon(strategie="")
    PieceJustificative.objects.filter(dossier=dossier, code="comptes_annuels").delete()

    passer(a(23))

    courriel = Courriel.objects.get()
    corps = aplatir(courriel.corps)
    assert aplatir(courriel.objet) == f"Votre dossier {dossier.numero} n’est pas déposé : clôture dans 7 j 16 h"
    assert "se termine le 30 octobre 2022 à 23 h 59 (heure de Mayotte)" in corps
    assert "Il manque : 1 pièce, 1 rubrique." in corps
    assert "- Le projet : à compléter" in corps
    assert "- Comptes annuels du dernier exercice clos" in corps
    assert reverse("candidatures:verifier", args=[dossier.numero]) in corps
    assert "insertion@deets.example – 02 69 00 00 00" in corps


def test_le_dernier_jour_et_rien_qui_manque_se_disent():
    brouillon()

    passer(a(30))

    courriel = Courriel.objects.get()
    assert courriel.objet.startswith("Dernier jour")
    assert "Rien ne manque : il reste à le relire et à le déposer." in aplatir(courriel.corps)


def test_un_agent_ne_lit_pas_ce_qui_manque_a_un_brouillon(client):
    dossier = brouillon()
    passer(a(15))
    client.force_login(UtilisateurFactory(instructeur_de=dossier.campagne.service))

    assert dossier.numero not in texte(client.get(reverse("courriels:courriels")))
    assert client.get(Courriel.objects.get().get_absolute_url()).status_code == 404


# --- A closing put off ----------------------------------------------------------------------------
def prolonger(campagne, jusqu_a, le):
    administrateur = UtilisateurFactory(administrateur_de=campagne.service)
    with time_machine.travel(le, tick=False):
        campagne.prolonger(jusqu_a=jusqu_a, motif="Cyclone.", par=administrateur)


def test_une_cloture_prolongee_refait_le_calcul():
    dossier = brouillon()
    passer(a(28))
    prolonger(dossier.campagne, a(15, 0, mois=11), a(29))  # last day: 14 November
    avant = Courriel.objects.count()

    passer(a(30, 7, 59))
    assert envoyes() == [2]
    passer(a(30, 8))  # fifteen days before the new last day
    passer(a(7, 8, mois=11))

    assert list(RappelBrouillon.objects.values_list("jours", "cloture_le")) == [
        (2, CLOTURE), (15, a(15, 0, mois=11)), (7, a(15, 0, mois=11)),
    ]  # fmt: skip
    assert Courriel.objects.count() == avant + 2


def test_une_prolongation_courte_ne_rappelle_pas_ce_qu_elle_vient_de_dire():
    dossier = brouillon()
    prolonger(dossier.campagne, a(2, 0, mois=11), a(30, 12))  # last day: 1 November; D-2 was 30 October at 8

    passer(a(30, 13))
    assert envoyes() == []
    passer(a(1, 8, mois=11))
    assert envoyes() == [0]
