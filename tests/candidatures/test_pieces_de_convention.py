"""After the filing, what only the convention waits for can still be given, and nothing else (reading 28)."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from candidatures.models import Dossier
from tests.factories import DEPOT_OUVERT, UtilisateurFactory, dossier_depose
from tests.fichiers.echantillons import pdf

pytestmark = pytest.mark.django_db
Etat = Dossier.Etat


def rib():
    return SimpleUploadedFile("rib.pdf", pdf(), content_type="application/pdf")


def signataire(dossier):
    return UtilisateurFactory(signataire_de=dossier.structure)


@pytest.mark.parametrize("etat", [Etat.DEPOSE, Etat.RECEVABLE, Etat.INSCRIT, Etat.EXAMINE, Etat.ACCEPTE])
def test_le_rib_se_donne_jusqu_a_la_convention(client, etat):
    dossier = dossier_depose(etat=etat)
    client.force_login(signataire(dossier))

    page = client.get(reverse("candidatures:rubrique", args=[dossier.numero, "pieces"]))
    reponse = client.post(
        reverse("candidatures:piece_deposer", args=[dossier.numero, "rib"]), {"fichiers": rib()}, follow=True
    )

    assertContains(page, "Vous pouvez encore donner les pièces nécessaires à la convention")
    assertNotContains(page, reverse("candidatures:piece_deposer", args=[dossier.numero, "comptes_annuels"]))
    assertContains(reponse, "est ajouté.")
    assert dossier.pieces.filter(code="rib", retiree_le=None).count() == 1


@pytest.mark.parametrize("etat", [Etat.IRRECEVABLE, Etat.REFUSE, Etat.RETIRE])
def test_un_dossier_sans_suite_ne_recoit_plus_rien(client, etat):
    dossier = dossier_depose(etat=etat)
    client.force_login(signataire(dossier))

    reponse = client.post(reverse("candidatures:piece_deposer", args=[dossier.numero, "rib"]), {"fichiers": rib()})

    assertContains(reponse, "ses pièces ne peuvent plus être changées", status_code=403)
    assert not dossier.pieces.filter(code="rib").exists()


def test_une_piece_du_dossier_depose_ne_se_change_plus(client):
    with time_machine.travel(DEPOT_OUVERT - timedelta(days=1)):
        dossier = dossier_depose()
    client.force_login(signataire(dossier))
    deposee = dossier.pieces.get(code="comptes_annuels")

    ajout = client.post(
        reverse("candidatures:piece_deposer", args=[dossier.numero, "comptes_annuels"]), {"fichiers": rib()}
    )
    retrait = client.post(reverse("candidatures:piece_retirer", args=[dossier.numero, deposee.pk]))

    assertContains(
        ajout, "seules les pièces demandées, et celles de la convention, peuvent encore être données", status_code=403
    )
    assertContains(retrait, "elle ne peut plus être retirée", status_code=422)
    deposee.refresh_from_db()
    assert deposee.retiree_le is None


def test_le_dossier_dit_ce_que_la_convention_attend(client):
    dossier = dossier_depose(etat=Etat.EXAMINE)
    client.force_login(signataire(dossier))

    page = client.get(dossier.get_absolute_url())

    assertContains(page, "À donner avant la convention")
    assertContains(page, "Relevé d’identité bancaire")
