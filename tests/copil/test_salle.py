import io
from decimal import Decimal

import openpyxl
import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from aap_portal.referentiel.models import Campagne
from copil.models import Evaluation
from tests.copil.situations import (
    accepter,
    lisible,
    noter,
    recevable,
    saisie,
    seance_close,
    seance_ouverte,
    seance_preparee,
)
from tests.factories import CommuneFactory, StructureFactory, UtilisateurFactory, ZoneBlancheFactory

pytestmark = pytest.mark.django_db


def salle(seance, nom="salle", *args):
    return reverse(f"copil:{nom}", args=[seance.pk, *args])


def test_qui_doit_encore_noter_ne_voit_les_notes_de_personne(client):
    seance = seance_ouverte(dossiers=2, membres=2)
    premier, second = seance.membres.all()
    note, a_noter = seance.inscriptions.all()
    noter(note, premier)
    noter(note, second, part="1")
    client.force_login(second.utilisateur)

    pages = [salle(seance), salle(seance, "salle_dossier", note.dossier.numero), salle(seance, "salle_tableur")]
    assert [client.get(page).status_code for page in pages] == [403] * 3
    assertContains(client.get(pages[0]), "quand les vôtres seront toutes finales", status_code=403)
    lue = client.get(reverse("copil:evaluer", args=[seance.pk, note.dossier.numero]))
    assertNotContains(lue, premier.utilisateur.last_name)

    noter(a_noter, second)
    assert [client.get(page).status_code for page in pages] == [200] * 3


def test_un_brouillon_ne_compte_ni_ne_se_montre(client):
    seance = seance_ouverte(membres=2)
    inscription = seance.inscriptions.get()
    premier, second = seance.membres.all()
    noter(inscription, premier)
    Evaluation.objects.enregistrer(inscription, second, saisie(seance.grille, "1"), version=0)
    client.force_login(premier.utilisateur)

    page = client.get(salle(seance))
    detail = client.get(salle(seance, "salle_dossier", inscription.dossier.numero))

    assert [ligne.synthese.totaux for ligne in page.context["lignes"]] == [(50,)]
    assertNotContains(detail, second.utilisateur.last_name)


def test_les_notes_d_un_absent_ne_comptent_pas():
    seance = seance_ouverte(dossiers=2, membres=2)
    present, absent = seance.membres.all()
    for inscription in seance.inscriptions.all():
        noter(inscription, present)
    noter(seance.inscriptions.first(), absent, part="1")

    seance.clore(par=seance.agent, absents={absent.pk})

    assert {ligne.synthese.totaux for ligne in _lignes(seance)} == {(Decimal("50.00"),)}


def _lignes(seance):
    from copil.classement import tableau

    return tableau(seance, seance.agent)


def test_une_salle_sans_aucune_note_se_lit(client):
    seance = seance_ouverte()
    client.force_login(seance.agent)
    dossier = seance.inscriptions.get().dossier

    assertContains(client.get(salle(seance)), "pas encore de note")
    assertContains(client.get(salle(seance, "salle_dossier", dossier.numero)), "Aucune note finale")


def test_le_classement_suit_les_notes_et_cumule_les_montants(client):
    seance = seance_ouverte(dossiers=3)
    membre = seance.membres.get()
    parts = dict(zip(seance.inscriptions.all(), ["0.5", "1", "0.5"], strict=True))
    for inscription, part in parts.items():
        noter(inscription, membre, part)
    Campagne.objects.update(enveloppe=Decimal("55999.99"))
    client.force_login(membre.utilisateur)

    page = client.get(salle(seance))

    lignes = page.context["lignes"]
    premiere, deuxieme, troisieme = parts
    assert [ligne.inscription for ligne in lignes] == [deuxieme, premiere, troisieme]
    assert [ligne.cumul for ligne in lignes] == [Decimal("28000.00"), Decimal("56000.00"), Decimal("84000.00")]
    assert [ligne.premiere_hors_credits for ligne in lignes] == [False, True, False]
    assert "Ligne des crédits : 55 999,99 € pour ces dossiers" in lisible(page)


def test_un_ecart_est_signale_a_partir_du_seuil_de_la_grille():
    seance = seance_ouverte(membres=2)
    premier, second = seance.membres.all()
    inscription = seance.inscriptions.get()
    noter(inscription, premier, part="0.5")
    noter(inscription, second, part="1")

    for seuil, attendu in ((50, True), (51, False)):
        seance.grille.ecart_signale = seuil
        seance.grille.save()
        seance.refresh_from_db()
        assert [ligne.ecart_signale for ligne in _lignes(seance)] == [attendu]


def test_sans_enveloppe_le_controle_absent_est_dit(client):
    seance = seance_close()
    Campagne.objects.update(enveloppe=None)
    client.force_login(seance.agent)

    assertContains(client.get(salle(seance)), "Enveloppe non renseignée")


def test_les_etp_accordes_se_lisent_face_aux_quatre_cibles(client):
    seance = seance_close()
    Campagne.objects.update(cible_creation_facilitateur=Decimal("6.00"))
    accepter(seance.inscriptions.get(), seance.agent)
    client.force_login(seance.agent)

    cibles = client.get(salle(seance)).context["cibles"]

    assert [(cible.libelle, cible.accorde, cible.cible) for cible in cibles] == [
        ("Facilitateurs, création", Decimal("1.00"), Decimal("6.00")),
        ("Coordinateurs, création", Decimal("0.00"), None),
        ("Facilitateurs, consolidation", Decimal("0.00"), None),
        ("Coordinateurs, consolidation", Decimal("0.00"), None),
    ]


def test_la_ligne_ouverte_montre_les_criteres_par_membre_et_les_zones_blanches(client):
    ZoneBlancheFactory(commune=CommuneFactory(code_insee="97611", nom="Mamoudzou"))
    seance = seance_close(membres=2)
    client.force_login(seance.agent)

    page = client.get(salle(seance, "salle_dossier", seance.inscriptions.get().dossier.numero))

    for membre in seance.membres.all():
        assertContains(page, membre.utilisateur.nom_complet)
    assertContains(page, "Motif écrit.", count=18)
    assertContains(page, "Aucun marché suivi en 2021.")


def test_le_tableur_dit_la_meme_chose_que_l_ecran(client):
    seance = seance_close(dossiers=2)
    accepter(seance.inscriptions.first(), seance.agent)
    client.force_login(seance.agent)

    reponse = client.get(salle(seance, "salle_tableur"))

    lignes = list(openpyxl.load_workbook(io.BytesIO(reponse.content)).active.iter_rows(min_row=2, values_only=True))
    numeros = [ligne.dossier.numero for ligne in _lignes(seance)]
    assert [ligne[:2] for ligne in lignes] == list(enumerate(numeros, start=1))
    assert {ligne[4] for ligne in lignes} == {50}
    assert [ligne[14] for ligne in lignes] == ["Accepté", None]


def test_un_dossier_retire_reste_en_bas_sans_rang():
    seance = seance_ouverte(dossiers=2)
    retire, reste = seance.inscriptions.all()
    retire.dossier.retirer(par=retire.dossier.cree_par)
    noter(reste, seance.membres.get())

    assert [(ligne.inscription, ligne.rang) for ligne in _lignes(seance)] == [(reste, 1), (retire, None)]


def test_qui_n_est_pas_convoque_ne_voit_pas_la_salle(client):
    seance = seance_close()
    for personne in (
        UtilisateurFactory(membre_copil_de=seance.campagne.service),
        seance.inscriptions.get().dossier.cree_par,
    ):
        client.force_login(personne)
        assert client.get(salle(seance)).status_code == 404


@pytest.mark.parametrize("vue", ["salle", "salle_tableur"])
def test_autant_de_requetes_pour_un_dossier_que_pour_trois(client, django_assert_num_queries, vue):
    seances = [seance_close(dossiers=1, membres=1), seance_close(dossiers=3, membres=3)]
    client.force_login(seances[0].agent)
    client.get(salle(seances[0], vue))
    with django_assert_num_queries(40, exact=False) as une:
        client.get(salle(seances[0], vue))
    combien = len(une)

    with django_assert_num_queries(combien):
        client.get(salle(seances[1], vue))


def test_a_note_egale_une_structure_emergente_passe_apres():
    seance = seance_preparee(dossiers=0)
    emergente = seance.inscrire(recevable(seance, structure=StructureFactory(emergente=True)), par=seance.agent)
    existante = seance.inscrire(recevable(seance), par=seance.agent)
    seance.convoquer(par=seance.agent)
    seance.ouvrir(par=seance.agent)
    for inscription in (emergente, existante):
        noter(inscription, seance.membres.get())

    assert [ligne.inscription for ligne in _lignes(seance)] == [existante, emergente]
