"""A server killed between the commit and the queue: the receipt's PDF is made all the same, a little later."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from candidatures.models import Depot
from candidatures.taches import NOUVEL_ESSAI, RECEPISSE_OUBLIE, produire_recepisse, refaire_recepisses_oublies
from tests.factories import DEPOT_OUVERT, DossierFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def depot():
    """Committed, and nothing more: what follows the commit did not happen."""
    dossier = DossierFactory(complet=True)
    with time_machine.travel(DEPOT_OUVERT, tick=False):
        return Depot.objects.deposer(dossier, par=dossier.cree_par, cle=uuid.uuid4())


def tache(depot, statut, *, depuis):
    creee = DBTaskResult.objects.create(
        status=statut,
        run_after=timezone.now(),
        worker_ids=[],
        args_kwargs={"args": [depot.pk], "kwargs": {}},
        task_path=produire_recepisse.module_path,
        backend_name="default",
    )
    DBTaskResult.objects.filter(pk=creee.pk).update(enqueued_at=timezone.now() - depuis)


def apres(duree):
    return time_machine.travel(DEPOT_OUVERT + duree, tick=False)


def test_le_recepisse_oublie_est_fait_par_l_entretien(depot):
    assert depot.recepisse is None

    with apres(RECEPISSE_OUBLIE + timedelta(seconds=1)):
        call_command("entretien")

    depot.refresh_from_db()
    assert depot.recepisse.nom == f"recepisse-{depot.dossier.numero}-1.pdf"
    with apres(2 * RECEPISSE_OUBLIE):
        assert refaire_recepisses_oublies() == ""


def test_un_depot_tout_recent_attend_son_tour(depot):
    with apres(RECEPISSE_OUBLIE):
        assert refaire_recepisses_oublies() == ""


@pytest.mark.parametrize(
    ("statut", "depuis", "bilan"),
    [
        (TaskResultStatus.READY, NOUVEL_ESSAI * 2, ""),
        (TaskResultStatus.RUNNING, NOUVEL_ESSAI * 2, ""),
        (TaskResultStatus.FAILED, NOUVEL_ESSAI - timedelta(seconds=1), ""),
        (TaskResultStatus.FAILED, NOUVEL_ESSAI, "redemandés 1"),
    ],
)
def test_une_tache_qui_attend_n_est_pas_doublee_et_un_echec_est_repris_une_heure_apres(depot, statut, depuis, bilan):
    with apres(NOUVEL_ESSAI * 3):
        tache(depot, statut, depuis=depuis)

        assert refaire_recepisses_oublies() == bilan


def test_la_tache_d_un_autre_depot_ne_compte_pas(depot):
    autre = Depot(pk=depot.pk + 1)
    with apres(NOUVEL_ESSAI):
        tache(autre, TaskResultStatus.READY, depuis=timedelta(0))

        assert refaire_recepisses_oublies() == "redemandés 1"
