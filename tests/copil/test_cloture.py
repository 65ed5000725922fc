import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from aap_portal.referentiel.erreurs import ErreurMetier
from candidatures.models import Dossier
from copil.models import Inscription, Seance
from tests.copil.situations import lisible, noter, seance_close, seance_ouverte

pytestmark = pytest.mark.django_db


def test_une_seance_ne_se_clot_pas_tant_qu_un_membre_present_n_a_pas_fini(client):
    seance = seance_ouverte(dossiers=2, membres=2)
    premier, second = seance.membres.all()
    for inscription in seance.inscriptions.all():
        noter(inscription, premier)
    noter(seance.inscriptions.first(), second, part="1")
    client.force_login(seance.agent)
    adresse = reverse("copil:seance_clore", args=[seance.pk])

    refusee = client.post(adresse)
    page = lisible(refusee)
    assert refusee.status_code == 422
    assert f"{second} n’a pas finalisé ses notes pour 1 dossier : attendez, ou notez cette personne absente." in page
    assert f"{premier} n’a pas finalisé" not in page

    assertRedirects(client.post(adresse, {"absents": [second.pk]}), reverse("copil:salle", args=[seance.pk]))
    seance.refresh_from_db()
    assert seance.est_close
    assert set(Dossier.objects.values_list("etat", flat=True)) == {Dossier.Etat.EXAMINE}
    assert list(seance.membres.values_list("present", flat=True)) == [True, False]


def test_un_dossier_sans_aucune_note_empeche_de_clore_meme_si_tous_sont_absents():
    seance = seance_ouverte()

    with pytest.raises(ErreurMetier) as refus:
        seance.clore(par=seance.agent, absents={seance.membres.get().pk})

    assert refus.value.codes == ["sans_note"]


def test_un_dossier_retire_par_sa_structure_n_empeche_rien():
    seance = seance_ouverte(dossiers=2)
    retire, note = seance.inscriptions.all()
    retire.dossier.retirer(par=retire.dossier.cree_par)
    noter(note, seance.membres.get())

    seance.clore(par=seance.agent)

    assert Dossier.objects.get(pk=retire.dossier_id).etat == Dossier.Etat.RETIRE
    assert Dossier.objects.get(pk=note.dossier_id).etat == Dossier.Etat.EXAMINE


def test_un_dossier_deja_note_ne_quitte_plus_l_ordre_du_jour(client):
    seance = seance_ouverte()
    inscription = seance.inscriptions.get()
    noter(inscription, seance.membres.get())
    client.force_login(seance.agent)

    reponse = client.post(reverse("copil:dossier_desinscrire", args=[seance.pk, inscription.dossier.numero]))

    assertContains(reponse, "il ne peut plus être retiré de l’ordre du jour.", status_code=422)
    assert Inscription.objects.exists()


@pytest.mark.parametrize("geste", ["seance_convoquer", "seance_preparer", "seance_ouvrir", "seance_clore"])
def test_une_seance_close_ne_bouge_plus(client, geste):
    seance = seance_close()
    client.force_login(seance.agent)

    reponse = client.post(reverse(f"copil:{geste}", args=[seance.pk]))

    assert reponse.status_code == 422
    assert Seance.objects.get().etat == Seance.Etat.CLOSE
