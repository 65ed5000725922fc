"""Races around an answer: twice, against the agent who closes, against the withdrawal; separate processes, both engines."""

import time
import uuid

import pytest
import time_machine

from candidatures.models import DemandeComplement, Depot, Dossier
from tests.courses import courir
from tests.factories import DEPOT_OUVERT, DossierFactory, demander

pytestmark = pytest.mark.django_db(transaction=True)
GESTE = "tests.candidatures.test_courses_complements:faire"


def faire(geste, demande, cle="", attente=0.0):
    """One gesture, in a process of its own; `attente` widens the gap between what is read and what is written."""
    from aap_portal.comptes.models import Utilisateur
    from candidatures.models import complement, depot

    def ralentir(module, nom):
        original = getattr(module, nom)
        setattr(module, nom, lambda *args, **options: (time.sleep(attente), original(*args, **options))[1])

    ralentir(depot, "instantane")
    ralentir(complement.DemandeComplement, "_terminer")
    with time_machine.travel(DEPOT_OUVERT):
        objet = DemandeComplement.objects.get(pk=demande)
        par = Utilisateur.objects.get(pk=objet.dossier.cree_par_id)
        if geste == "repondre":
            return Depot.objects.repondre(objet, par=par, cle=uuid.UUID(cle), manques_admis=True).pk
        if geste == "clore":
            return objet.clore(par=par, motif="Délai passé.")
        return Dossier.objects.get(pk=objet.dossier_id).retirer(par=par, motif="Projet arrêté.")


@pytest.fixture
def demande():
    with time_machine.travel(DEPOT_OUVERT, tick=False):
        dossier = DossierFactory(complet=True)
        Depot.objects.deposer(dossier, par=dossier.cree_par, cle=uuid.uuid4())
        return demander(Dossier.objects.get(pk=dossier.pk))


def reponse(demande, cle=None, **options):
    return {"geste": "repondre", "demande": demande.pk, "cle": cle or str(uuid.uuid4()), **options}


def test_la_meme_reponse_repetee_donne_a_tous_le_meme_recepisse(demande):
    resultats = courir(GESTE, [reponse(demande, "0" * 32, attente=0.1)] * 3)

    assert resultats == [Depot.objects.get(rang=2).pk] * 3


def test_deux_reponses_distinctes_ne_font_qu_un_depot(demande):
    resultats = courir(GESTE, [reponse(demande, attente=0.2), reponse(demande, attente=0.2)])

    assert (Depot.objects.count(), "ErreurMetier" in resultats) == (2, True)


@pytest.mark.parametrize(("geste", "etat_du_dossier"), [("clore", "depose"), ("retirer", "retire")])
def test_repondre_et_mettre_fin_ne_font_jamais_les_deux(demande, geste, etat_du_dossier):
    course = [reponse(demande, attente=0.2), {"geste": geste, "demande": demande.pk, "attente": 0.2}]
    resultats = courir(GESTE, course)

    demande.refresh_from_db()
    repondue = Depot.objects.count() == 2
    assert demande.etat == ("repondue" if repondue else "close")
    assert (demande.depot_id is not None) == repondue
    # Who comes second is told, but a withdrawal is always possible after an answer.
    assert resultats.count("ErreurMetier") == (0 if geste == "retirer" and repondue else 1)
    assert demande.dossier.etat == ("depose" if resultats[1] == "ErreurMetier" else etat_du_dossier)


def test_sans_verrou_l_une_des_reponses_echoue_autrement_que_par_une_phrase(demande):
    """Negative control: the race is real, the lock is what makes it harmless."""
    resultats = courir(GESTE, [reponse(demande, "0" * 32, attente=0.3)] * 3, sans_verrou=True)

    assert [resultat for resultat in resultats if isinstance(resultat, str)] != []
