"""A dossier really filed, the agent who asks, and the gestures of an answer: shared by the tests of requests for complements."""

import uuid
from datetime import datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from aap_portal.fichiers.models import Fichier
from candidatures.models import Depot, Dossier, PieceJustificative
from tests.factories import DEPOT_OUVERT, MAYOTTE, DossierFactory, UtilisateurFactory

APRES_CLOTURE = datetime(2022, 11, 7, 9, 0, tzinfo=MAYOTTE)


@pytest.fixture
def dossier():
    """Really filed on 15 September, so that its snapshot exists."""
    with time_machine.travel(DEPOT_OUVERT - timedelta(days=3), tick=False):
        dossier = DossierFactory(complet=True)
    with time_machine.travel(DEPOT_OUVERT, tick=False):
        Depot.objects.deposer(dossier, par=dossier.cree_par, cle=uuid.uuid4())
    return relire(dossier)


@pytest.fixture
def agent(dossier):
    return UtilisateurFactory(instructeur_de=dossier.campagne.service, first_name="Amina", last_name="Agente")


@pytest.fixture
def vingt_septembre():
    with time_machine.travel(datetime(2022, 9, 20, 9, 0, tzinfo=MAYOTTE), tick=False) as temps:
        yield temps


def relire(dossier):
    return Dossier.objects.avec_contenu().prefetch_related("controles").get(pk=dossier.pk)


def repondre(demande, **options):
    par = demande.dossier.cree_par
    return Depot.objects.repondre(demande, par=par, cle=options.pop("cle", uuid.uuid4()), **options)


def piece_donnee(dossier, code, nom):
    fichier = Fichier.objects.produire(b"contenu", nom=nom, type_mime="application/octet-stream")
    return PieceJustificative.objects.create(dossier=dossier, code=code, fichier=fichier, ajoutee_par=dossier.cree_par)


def codes(refus):
    return refus.value.codes


def ecrire(client, dossier, code, **champs):
    return client.post(reverse("candidatures:rubrique", args=[dossier.numero, code]), champs)
