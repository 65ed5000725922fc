from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from aap_portal.courriels import entretien
from aap_portal.courriels import envoi as remise
from aap_portal.courriels.models import Courriel, Etat

pytestmark = pytest.mark.django_db
MAINTENANT = "2022-10-01 08:00+00:00"


def tache(statut, *, depuis=timedelta(0), ouvriers=1, **champs):
    instant = timezone.now() - depuis
    return DBTaskResult.objects.create(
        status=statut,
        started_at=instant,
        run_after=instant,
        worker_ids=["ouvrier"] * ouvriers,
        args_kwargs={"args": [], "kwargs": {}},
        task_path="aap_portal.courriels.taches.envoyer_courriel",
        backend_name="default",
        **champs,
    )


@time_machine.travel(MAINTENANT, tick=False)
def test_l_entretien_envoie_ce_qui_est_du(envoi, deposer, mailoutbox):
    deposer("du")
    deposer("plus tard")
    Courriel.objects.filter(cle="plus tard").update(prochain_essai_le=timezone.now() + timedelta(seconds=1))

    call_command("entretien")
    call_command("entretien")

    assert len(mailoutbox) == 1
    assert dict(Courriel.objects.values_list("cle", "etat")) == {"du": Etat.ENVOYE, "plus tard": Etat.A_ENVOYER}


def test_un_serveur_en_panne_n_est_pas_interroge_pour_chaque_message(envoi, deposer, monkeypatch):
    essais = []

    def panne(courriel):
        essais.append(courriel)
        raise TimeoutError

    monkeypatch.setattr(remise, "remettre", panne)
    for rang in range(10):
        deposer(f"cle-{rang}")

    assert entretien.relancer_courriels() == "envoyés 0, refusés 4"
    assert len(essais) == 4


@time_machine.travel(MAINTENANT, tick=False)
def test_la_tache_d_un_ouvrier_tue_est_reprise_mais_pas_sans_fin():
    limite = entretien.TACHE_MORTE
    morte = tache(TaskResultStatus.RUNNING, depuis=limite + timedelta(seconds=1))
    vivante = tache(TaskResultStatus.RUNNING, depuis=limite)
    tueuse = tache(TaskResultStatus.RUNNING, depuis=limite * 2, ouvriers=entretien.REPRISES_MAX + 1)
    faite = tache(TaskResultStatus.SUCCESSFUL, depuis=limite * 2, finished_at=timezone.now())

    assert entretien.reprendre_taches_mortes() == "reprises 1, abandonnées 1"

    statuts = dict(DBTaskResult.objects.values_list("pk", "status"))
    assert statuts == {
        morte.pk: TaskResultStatus.READY,
        vivante.pk: TaskResultStatus.RUNNING,
        tueuse.pk: TaskResultStatus.FAILED,
        faite.pk: TaskResultStatus.SUCCESSFUL,
    }
    assert list(DBTaskResult.objects.ready()) == [morte]
    assert entretien.reprendre_taches_mortes() == ""


@time_machine.travel(MAINTENANT, tick=False)
def test_les_sessions_expirees_et_les_vieux_resultats_sont_retires():
    maintenant = timezone.now()
    for cle, ecart in (("passee", -1), ("presente", 1)):
        Session.objects.create(session_key=cle, session_data="", expire_date=maintenant + timedelta(seconds=ecart))
    ages = {"vieux": entretien.RESULTATS_GARDES + timedelta(seconds=1), "gardé": entretien.RESULTATS_GARDES}
    crees = {nom: tache(TaskResultStatus.SUCCESSFUL, finished_at=maintenant - age) for nom, age in ages.items()}

    call_command("entretien")

    assert list(Session.objects.values_list("pk", flat=True)) == ["presente"]
    assert list(DBTaskResult.objects.all()) == [crees["gardé"]]


def test_une_tache_en_panne_n_arrete_pas_les_autres(monkeypatch, capsys):
    faites = []
    monkeypatch.setattr(entretien, "_taches", {})

    @entretien.declarer_tache_periodique("cassée")
    def cassee():
        raise ZeroDivisionError

    @entretien.declarer_tache_periodique("rappels")
    def rappels():
        faites.append(1)
        return "3 rappels"

    with pytest.raises(CommandError, match="en échec\u00a0: cassée"):
        call_command("entretien")
    assert faites == [1]
    assert capsys.readouterr().out == "rappels\u00a0: 3 rappels\n"
