from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains

from aap_portal.referentiel.erreurs import ErreurMetier
from aap_portal.referentiel.models import Source
from candidatures.models import PieceJustificative
from conventions.models import Convention
from tests.factories import UtilisateurFactory, decision_acceptee

pytestmark = pytest.mark.django_db
EFFET = date(2023, 1, 1)


def preparer(decision):
    return Convention.objects.preparer(decision, effet_le=EFFET, cibles={}, par=decision.decidee_par)


def test_la_convention_reprend_la_decision_sans_rien_ressaisir():
    convention = preparer(decision_acceptee(montant="27999.99"))

    assert convention.numero == "DEETS976-CSI-2022-001"
    assert (convention.montant, convention.assiette) == (Decimal("27999.99"), Decimal("40000.00"))
    assert convention.terme_le == date(2023, 12, 31)
    assert [(v.nature, v.montant) for v in convention.versements.all()] == [
        ("avance", Decimal("13999.99")),
        ("solde", Decimal("14000.00")),
    ]
    assert [(b.nature, b.attendu_le) for b in convention.bilans.all()] == [
        ("intermediaire", date(2023, 7, 1)),
        ("annuel", date(2023, 10, 31)),
    ]


def test_ce_que_la_subvention_ne_couvre_plus_revient_aux_fonds_propres():
    decision = decision_acceptee(montant="20000.00")

    convention = preparer(decision)

    sources = convention.constat.lignes[0].sources
    assert sources[Source.AAP] == Decimal("20000.00")
    assert sources[Source.FONDS_PROPRES] == Decimal("20000.00")
    assert convention.constat.reste == 0


def test_le_plan_depose_reste_celui_du_depot():
    decision = decision_acceptee(montant="20000.00")

    preparer(decision)

    dossier = decision.inscription.dossier
    assert dossier.constat.subvention == Decimal("28000.00")


def test_deux_conventions_n_ont_jamais_le_meme_numero():
    premiere, seconde = preparer(decision_acceptee()), preparer(decision_acceptee())

    assert [premiere.numero, seconde.numero] == ["DEETS976-CSI-2022-001", "DEETS976-CSI-2022-002"]


def test_sans_notification_ni_iban_ni_rib_tout_est_dit_a_la_fois():
    decision = decision_acceptee(notifiee_le=None)
    structure = decision.inscription.dossier.structure
    structure.iban = ""
    structure.save()
    PieceJustificative.objects.filter(code="rib").delete()

    with pytest.raises(ErreurMetier) as refus:
        preparer(decision)

    assert refus.value.codes == ["non_notifiee", "iban", "piece_convention"]
    assert not Convention.objects.exists()


def test_une_seconde_convention_du_meme_dossier_est_refusee():
    decision = decision_acceptee()
    preparer(decision)

    with pytest.raises(ErreurMetier) as refus:
        preparer(decision)

    assert refus.value.codes == ["deja"]


@time_machine.travel("2022-12-05 08:00+03:00")
def test_un_administrateur_prepare_la_convention_depuis_la_liste(client):
    decision = decision_acceptee()
    client.force_login(decision.decidee_par)

    liste = client.get(reverse("conventions:conventions"))
    adresse = reverse("conventions:convention_preparer", args=[decision.pk])
    reponse = client.post(
        adresse,
        {
            "effet_le": "2023-01-01",
            "facilitateur_heures_degagees": "12000",
            "facilitateur_contacts_acheteurs": "40",
            "facilitateur_marches_accompagnes": "10",
        },
        follow=True,
    )

    assertContains(liste, adresse)
    assertContains(reponse, "est préparée. Relisez-la, puis éditez-la.")
    convention = Convention.objects.get()
    assert list(convention.indicateurs.values_list("code", "cible")) == [
        ("heures_degagees", 12000),
        ("contacts_acheteurs", 40),
        ("marches_accompagnes", 10),
    ]


def test_un_refus_garde_la_saisie_et_dit_pourquoi(client):
    decision = decision_acceptee()
    PieceJustificative.objects.filter(code="rib").delete()
    client.force_login(decision.decidee_par)

    reponse = client.post(
        reverse("conventions:convention_preparer", args=[decision.pk]),
        {
            "effet_le": "2023-02-03",
            "facilitateur_heures_degagees": "12345",
            "facilitateur_contacts_acheteurs": "40",
            "facilitateur_marches_accompagnes": "10",
        },
    )

    assertContains(reponse, "Il manque la pièce « Relevé d’identité bancaire »", status_code=422)
    assertContains(reponse, 'value="12345"', status_code=422)


def test_un_instructeur_voit_mais_ne_prepare_pas(client):
    decision = decision_acceptee()
    client.force_login(UtilisateurFactory(instructeur_de=decision.inscription.dossier.campagne.service))

    reponse = client.post(reverse("conventions:convention_preparer", args=[decision.pk]), {"effet_le": "2023-01-01"})

    assertContains(reponse, "", status_code=403)
    assert not Convention.objects.exists()
