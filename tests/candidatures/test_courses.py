import time
import uuid

import pytest
import time_machine

from candidatures.models import Depot, Dossier
from tests.courses import courir
from tests.factories import DEPOT_OUVERT, DossierFactory

pytestmark = pytest.mark.django_db(transaction=True)
GESTE = "tests.candidatures.test_courses:deposer"


def deposer(dossier, cle, attente=0.0):
    """Run in a process of its own, inside the period; `attente` widens the gap between the check and the writing."""
    from aap_portal.comptes.models import Utilisateur
    from candidatures.models import depot as module

    empreinte = module.empreinte

    def lente(contenu):
        time.sleep(attente)
        return empreinte(contenu)

    module.empreinte = lente
    with time_machine.travel(DEPOT_OUVERT):
        objet = Dossier.objects.get(pk=dossier)
        return Depot.objects.deposer(objet, par=Utilisateur.objects.get(pk=objet.cree_par_id), cle=uuid.UUID(cle)).pk


def course(dossier, combien, **options):
    cle = str(uuid.uuid4())
    return [{"dossier": dossier.pk, "cle": cle, **options} for _ in range(combien)]


def test_le_meme_envoi_repete_donne_a_tous_le_meme_recepisse():
    dossier = DossierFactory(complet=True)

    resultats = courir(GESTE, course(dossier, 4, attente=0.1))

    depot = Depot.objects.get()
    assert resultats == [depot.pk] * 4
    dossier.refresh_from_db()
    assert dossier.etat == Dossier.Etat.DEPOSE


def test_sans_verrou_l_un_des_envois_echoue():
    """Negative control: the race is real, the lock is what makes it harmless."""
    dossier = DossierFactory(complet=True)

    resultats = courir(GESTE, course(dossier, 3, attente=0.3), sans_verrou=True)

    assert [resultat for resultat in resultats if isinstance(resultat, str)] != []


def test_deux_envois_distincts_ne_font_qu_un_depot():
    dossier = DossierFactory(complet=True)

    resultats = courir(GESTE, course(dossier, 1, attente=0.2) + course(dossier, 1, attente=0.2))

    assert Depot.objects.count() == 1
    assert sorted(type(resultat).__name__ for resultat in resultats) == ["int", "str"]
    assert "ErreurMetier" in resultats
