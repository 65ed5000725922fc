"""What happens when two people act at once, each in a process of their own, on the engine under test."""

from decimal import Decimal

import pytest

from aap_portal.courriels.models import Courriel
from aap_portal.referentiel.models import Campagne
from candidatures.models import Dossier
from copil import enveloppe
from copil.models import Decision, Evaluation, NoteCritere
from tests.copil.situations import accepter, noter, saisie, seance_close, seance_ouverte
from tests.courses import courir

pytestmark = pytest.mark.django_db(transaction=True)


def faire(*gestes, sans_verrou=False):
    """Do these gestures at the same instant; what each process says, sorted."""
    return sorted(courir("tests.copil.gestes:faire", list(gestes), sans_verrou=sans_verrou))


def derniers_euros():
    """Two dossiers examined, and money left for one."""
    seance = seance_close(dossiers=2)
    Campagne.objects.update(enveloppe=Decimal("28000.00"))
    return [_accepter(inscription, seance) for inscription in seance.inscriptions.all()]


def _accepter(inscription, seance):
    return {"geste": "accepter", "inscription": inscription.pk, "personne": seance.agent.pk}


def test_deux_acceptations_simultanees_ne_depassent_pas_l_enveloppe():
    assert faire(*derniers_euros()) == ["enveloppe", "fait"]

    assert enveloppe.reste(Campagne.objects.get()) == 0
    assert sorted(Dossier.objects.values_list("etat", flat=True)) == ["accepte", "examine"]


def test_temoin_sans_le_verrou_les_deux_acceptations_depassent_l_enveloppe():
    assert faire(*derniers_euros(), sans_verrou=True) == ["fait", "fait"]

    assert enveloppe.reste(Campagne.objects.get()) == Decimal("-28000.00")


def test_deux_decisions_simultanees_sur_un_dossier_en_laissent_une():
    seance = seance_close()
    geste = _accepter(seance.inscriptions.get(), seance)

    assert faire(geste, geste) == ["deja_decide", "fait"]

    assert Decision.objects.count() == 1


def deux_saisies():
    """One draft, open in two windows."""
    seance = seance_ouverte()
    inscription, membre = seance.inscriptions.get(), seance.membres.get()
    premier = seance.grille.criteres[0].pk
    Evaluation.objects.enregistrer(inscription, membre, {premier: saisie(seance.grille)[premier]}, version=0)
    return [{"geste": "noter", "inscription": inscription.pk, "membre": membre.pk, "note": note} for note in (8, 9)]


def test_deux_fenetres_simultanees_ne_s_ecrasent_pas():
    assert faire(*deux_saisies()) == ["SaisieDepassee", "fait"]

    note = NoteCritere.objects.get()
    assert note.motif == f"Texte {note.note.normalize()}."


def test_temoin_sans_le_verrou_une_des_deux_saisies_est_ecrasee():
    assert faire(*deux_saisies(), sans_verrou=True) == ["fait", "fait"]


def test_clore_et_finaliser_a_la_fois_ne_laisse_aucune_note_apres_la_cloture():
    seance = seance_ouverte(membres=2)
    inscription = seance.inscriptions.get()
    present, tardif = seance.membres.all()
    noter(inscription, present)

    resultats = faire(
        {"geste": "finaliser", "inscription": inscription.pk, "membre": tardif.pk},
        {"geste": "clore", "seance": seance.pk, "personne": seance.agent.pk, "absent": tardif.pk},
    )

    seance.refresh_from_db()
    finales = Evaluation.objects.finales().filter(membre=tardif)
    assert seance.est_close
    assert resultats in (["fait", "fait"], ["fait", "seance_fermee"])
    assert all(evaluation.finalisee_le < seance.close_le for evaluation in finales)
    assert finales.exists() == (resultats == ["fait", "fait"])


def test_decider_et_retirer_a_la_fois_laisse_un_seul_etat():
    seance = seance_close()
    inscription = seance.inscriptions.get()
    dossier = inscription.dossier

    resultats = faire(
        _accepter(inscription, seance), {"geste": "retirer", "dossier": dossier.pk, "personne": dossier.cree_par_id}
    )

    etat = Dossier.objects.get().etat
    assert resultats.count("fait") == 1, resultats
    assert (etat, Decision.objects.count()) in ((Dossier.Etat.ACCEPTE, 1), (Dossier.Etat.RETIRE, 0))


def test_deux_notifications_simultanees_n_envoient_qu_un_message():
    seance = seance_close()
    decision = accepter(seance.inscriptions.get(), seance.agent)
    geste = {"geste": "notifier", "decision": decision.pk, "personne": seance.agent.pk}

    assert faire(geste, geste) == ["deja", "fait"]

    assert Courriel.objects.filter(cle__startswith="decision-").count() == 1
