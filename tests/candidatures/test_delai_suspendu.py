# ruff: noqa: F811, I001 (fixtures are imported)
"""What an open request stops: the instruction, and the clock of the implicit rejection (CRPA, L. 114-5; reading 25)."""

import uuid
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from aap_portal.referentiel.erreurs import ErreurMetier
from candidatures.models import Depot, Dossier, PieceJustificative
from tests.candidatures.demandes import agent, dossier, vingt_septembre  # noqa: F401 (fixtures)
from tests.candidatures.demandes import (
    APRES_CLOTURE,
    codes,
    relire,
    repondre,
)
from tests.candidatures.textes import aplatir
from tests.factories import DEPOT_OUVERT, MAYOTTE, DossierFactory, demander

pytestmark = pytest.mark.django_db


def test_le_dossier_n_est_ni_controle_ni_recevable_ni_inscrit_en_attendant(dossier, agent, vingt_septembre):
    demander(dossier, par=agent)
    dossier = relire(dossier)
    assert not dossier.est_instructible
    gestes = [
        lambda: dossier.controler("rubrique:projet", constat="conforme", par=agent),
        lambda: dossier.declarer_recevable(par=agent),
        lambda: dossier.declarer_irrecevable(par=agent, motif="Incomplet."),
    ]
    for geste in gestes:
        with pytest.raises(ErreurMetier) as refus:
            geste()
        assert codes(refus) == ["complement_attendu"]
    Dossier.objects.filter(pk=dossier.pk).update(etat="recevable")
    with pytest.raises(ErreurMetier) as refus:
        relire(dossier).inscrire(par=agent)
    assert codes(refus) == ["complement_attendu"]


def test_le_delai_de_rejet_s_arrete_puis_compte_les_jours(dossier, agent, vingt_septembre):
    demande = demander(dossier, par=agent)
    assert relire(dossier).rejet_implicite_le is None
    vingt_septembre.move_to(datetime(2022, 9, 30, 9, 0, tzinfo=MAYOTTE))

    repondre(demande, manques_admis=True)

    dossier = relire(dossier)
    assert dossier.rejet_implicite_le == date(2022, 11, 25)  # 15 November and ten days
    assert dossier.suspendu == timedelta(days=10)


@pytest.mark.parametrize(
    ("le", "terme"),
    [
        (datetime(2022, 10, 5, 23, 59, tzinfo=MAYOTTE), None),  # last day of the time given
        (datetime(2022, 10, 6, 0, 0, tzinfo=MAYOTTE), date(2022, 12, 1)),  # 15 November and sixteen days
        (APRES_CLOTURE, date(2022, 12, 1)),
    ],
)
def test_le_delai_de_rejet_reprend_a_l_echeance_sans_reponse(dossier, agent, vingt_septembre, le, terme):
    demande = demander(dossier, par=agent)
    vingt_septembre.move_to(le)
    assert relire(dossier).rejet_implicite_le == terme

    if terme:
        repondre(demande, manques_admis=True)
        assert relire(dossier).rejet_implicite_le == terme


def test_la_file_dit_le_rejet_qui_vient_apres_une_echeance_sans_reponse(client, dossier, agent, vingt_septembre):
    demander(dossier, par=agent)
    client.force_login(agent)
    file = reverse("candidatures:file")
    assert "en attente de compléments" in aplatir(client.get(file, {"tri": "rejet"}).content.decode())

    vingt_septembre.move_to(datetime(2022, 11, 20, 9, 0, tzinfo=MAYOTTE))
    client.force_login(agent)

    contenu = aplatir(client.get(file, {"tri": "rejet"}).content.decode())
    assert ("1 décembre 2022" in contenu or "1er décembre 2022" in contenu, "Dans 11 j" in contenu) == (True, True)


def test_un_depot_incomplet_reste_suspendu_jusqu_a_ses_pieces(vingt_septembre):
    """The second receipt tells a day after the filing that it acknowledges (reading 25)."""
    with time_machine.travel(DEPOT_OUVERT, tick=False):
        dossier = DossierFactory(complet=True)
        PieceJustificative.objects.filter(dossier=dossier, code="comptes_annuels").delete()
        Depot.objects.deposer(dossier, par=dossier.cree_par, cle=uuid.uuid4(), manques_admis=True)
    vingt_septembre.move_to(datetime(2022, 12, 20, 9, 0, tzinfo=MAYOTTE))
    assert relire(dossier).rejet_implicite_le is None
    demande = relire(dossier).demande_ouverte
    PieceJustificative.objects.create(
        dossier=dossier, code="comptes_annuels", reference="JO du 4 juin 2022", ajoutee_par=dossier.cree_par
    )

    repondre(demande)

    assert relire(dossier).rejet_implicite_le == date(2023, 2, 19)  # 15 November and ninety-six days
