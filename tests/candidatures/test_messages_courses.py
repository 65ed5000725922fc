"""The same message sent several times at once, and the same reminder found due by two passages at once."""

import time
import uuid
from datetime import datetime

import pytest
import time_machine

from aap_portal.courriels.models import Courriel
from candidatures.models import Dossier, Message, RappelBrouillon
from tests.courses import courir
from tests.factories import MAYOTTE, DossierFactory

pytestmark = pytest.mark.django_db(transaction=True)
ENVOI = "tests.candidatures.test_messages_courses:envoyer"
PASSAGE = "tests.candidatures.test_messages_courses:passer"


def envoyer(dossier, cle):
    """In a process of its own; the wait widens the gap between the check and the writing."""
    from aap_portal.comptes.models import Utilisateur
    from candidatures.models.message import MessageQuerySet

    place = MessageQuerySet.exiger_place

    def lente(self, *arguments):
        time.sleep(0.3)
        return place(self, *arguments)

    MessageQuerySet.exiger_place = lente
    objet = Dossier.objects.get(pk=dossier)
    auteur = Utilisateur.objects.get(pk=objet.cree_par_id)
    return Message.objects.envoyer(objet, par=auteur, texte="Une question ?", cle=uuid.UUID(cle)).pk


def passer(le):
    from candidatures.rappels import rappeler_les_brouillons

    with time_machine.travel(datetime.fromisoformat(le)):
        return rappeler_les_brouillons()


def courses(dossier):
    cle = str(uuid.uuid4())
    return [{"dossier": dossier.pk, "cle": cle} for _ in range(3)]


def test_le_meme_envoi_repete_ne_fait_qu_un_message():
    resultats = courir(ENVOI, courses(DossierFactory()))

    assert resultats == [Message.objects.get().pk] * 3
    assert Courriel.objects.count() == 1


def test_sans_verrou_l_un_des_envois_echoue():
    """Negative control: the race is real, the lock is what makes it harmless."""
    resultats = courir(ENVOI, courses(DossierFactory()), sans_verrou=True)

    assert [resultat for resultat in resultats if isinstance(resultat, str)] != []


def test_deux_passages_simultanes_n_envoient_qu_un_rappel():
    dossier = DossierFactory(complet=True)
    Dossier.objects.filter(pk=dossier.pk).update(cree_le=datetime(2022, 9, 1, tzinfo=MAYOTTE))

    resultats = courir(PASSAGE, [{"le": "2022-10-15T08:00:00+03:00"}] * 2)

    assert sorted(resultats) == ["", "envoyés 1"]
    assert (RappelBrouillon.objects.count(), Courriel.objects.count()) == (1, 1)
