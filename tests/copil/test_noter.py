import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from aap_portal.referentiel.erreurs import ErreurMetier
from copil.models import Evaluation, NoteCritere
from tests.copil.situations import envoi, lisible, noter, saisie, seance_close, seance_ouverte, seance_preparee
from tests.factories import UtilisateurFactory

pytestmark = pytest.mark.django_db


def adresse(inscription, nom="evaluer"):
    return reverse(f"copil:{nom}", args=[inscription.seance_id, inscription.dossier.numero])


def ouverte(client, **champs):
    """An open session, its first member logged in; returns (session, agenda row, member)."""
    seance = seance_ouverte(**champs)
    membre = seance.membres.first()
    client.force_login(membre.utilisateur)
    return seance, seance.inscriptions.first(), membre


def test_un_brouillon_partiel_s_enregistre_avec_son_total(client):
    seance, inscription, _ = ouverte(client)
    premier, second, *_ = seance.grille.criteres

    reponse = client.post(
        adresse(inscription),
        {f"note_{premier.pk}": "12,5", f"note_{second.pk}": "7", f"motif_{premier.pk}": "Ancienne."},
    )

    assertRedirects(reponse, adresse(inscription))
    page = client.get(adresse(inscription))
    assertContains(page, "Ancienne.")
    assert "19,50</output> / 100" in lisible(page)
    assert not Evaluation.objects.get().est_finale
    assert NoteCritere.historique.count() == 0


@pytest.mark.parametrize(
    ("note", "phrase"),
    [
        ("15,5", "La note va de 0 à 15 : 15,5 n’est pas possible."),
        ("-1", "La note va de 0 à 15 : −1 n’est pas possible."),
        ("12,25", "Les notes vont de 0,5 en 0,5 : saisissez 12 ou 12,5 au lieu de 12,25."),
        ("douze", "Saisissez un nombre, par exemple « 12 345,50 » (deux décimales au plus)."),
        ("NaN", "Saisissez un nombre, par exemple « 12 345,50 » (deux décimales au plus)."),
    ],
)
def test_une_note_impossible_est_refusee_et_rien_de_ce_qui_est_saisi_ne_se_perd(client, note, phrase):
    seance, inscription, _ = ouverte(client)
    premier, second, *_ = seance.grille.criteres

    reponse = client.post(
        adresse(inscription), {f"note_{premier.pk}": note, f"note_{second.pk}": "7", f"motif_{second.pk}": "À garder."}
    )

    page = lisible(reponse)
    assert reponse.status_code == 422
    assert f'<a href="#id_note_{premier.pk}">« {premier.intitule} » : {phrase}</a>' in page
    assert "À garder." in page
    assert "<title>Erreur : " in page
    assert not NoteCritere.objects.exists()


def test_finaliser_demande_chaque_note_et_chaque_motif_obligatoire(client):
    seance, inscription, _ = ouverte(client)
    premier, second, *_ = seance.grille.criteres
    complet = envoi(seance.grille)

    incomplet = complet | {f"note_{premier.pk}": "", f"motif_{second.pk}": "  "}
    page = lisible(refusee := client.post(adresse(inscription, "evaluation_finaliser"), incomplet))
    assert refusee.status_code == 422
    assert f"« {premier.intitule} » : il manque la note." in page
    assert f"« {second.intitule} » : il manque le motif." in page
    assert page.count("il manque") == 4  # each in the summary and on its field

    assertRedirects(client.post(adresse(inscription, "evaluation_finaliser"), complet), seance.get_absolute_url())
    assert Evaluation.objects.get().est_finale
    assert NoteCritere.historique.count() == 9


def test_des_notes_finales_ne_changent_plus(client):
    seance, inscription, membre = ouverte(client)
    noter(inscription, membre)

    reponse = client.post(adresse(inscription), envoi(seance.grille, version=1, part="1"))

    assertContains(reponse, "Vos notes sont finales", status_code=422)
    assert Evaluation.objects.get().total == 50


def test_des_champs_forges_ne_changent_rien(client):
    seance, inscription, membre = ouverte(client, membres=2)
    autre = seance.membres.last()
    forge = envoi(seance.grille) | {
        "membre": autre.pk,
        "finalisee_le": "2022-01-01",
        "etat": "close",
        "note_999999": "15",
    }

    client.post(adresse(inscription), forge)

    evaluation = Evaluation.objects.get()
    assert (evaluation.membre, evaluation.est_finale, evaluation.notes.count()) == (membre, False, 9)


def test_une_page_depassee_n_ecrase_rien_et_montre_les_deux_textes(client):
    seance, inscription, _membre = ouverte(client)
    premier = seance.grille.criteres[0]
    client.post(
        adresse(inscription), {"version": 0, f"note_{premier.pk}": "10", f"motif_{premier.pk}": "Premier texte."}
    )

    reponse = client.post(
        adresse(inscription), {"version": 0, f"note_{premier.pk}": "14", f"motif_{premier.pk}": "Second texte."}
    )

    assertContains(reponse, "Premier texte.", status_code=409)
    assertContains(reponse, "Second texte.", status_code=409)
    assert NoteCritere.objects.get().motif == "Premier texte."

    garde = {champ.name: champ.value() or "" for champ in reponse.context["form"]} | {"version": 1}
    client.post(adresse(inscription), garde)
    assert NoteCritere.objects.get(critere=premier).motif == "Second texte."


def test_le_meme_texte_envoye_deux_fois_n_est_pas_un_conflit(client):
    seance, inscription, _ = ouverte(client)

    for _ in range(2):
        assertRedirects(client.post(adresse(inscription), envoi(seance.grille)), adresse(inscription))

    assert Evaluation.objects.get().version == 1


def test_la_page_s_enregistre_seule_et_apprend_sa_version(client):
    seance, inscription, _ = ouverte(client)

    premiere = client.post(adresse(inscription), envoi(seance.grille), headers={"Accept": "application/json"})
    depassee = client.post(adresse(inscription), envoi(seance.grille, part="1"), headers={"Accept": "application/json"})

    assert premiere.json() == {"version": 1, "total": "50"}
    assert (depassee.status_code, depassee.json()["phrases"]) == (
        409, ["Vos notes ont changé dans une autre fenêtre\u00a0: rechargez la page."],
    )  # fmt: skip


def test_avant_l_ouverture_le_dossier_se_lit_et_ne_se_note_pas(client):
    seance = seance_preparee()
    seance.convoquer(par=seance.agent)
    inscription = seance.inscriptions.get()
    client.force_login(seance.membres.get().utilisateur)

    page = client.get(adresse(inscription))
    reponse = client.post(adresse(inscription), envoi(seance.grille))

    assertContains(page, inscription.dossier.diagnostic)
    assert "La notation s’ouvre avec la séance, le 15 novembre 2022 à 9 h (heure de Mayotte)." in lisible(page)
    assertNotContains(page, 'id="notation"')
    assertContains(reponse, "La séance n’est pas ouverte", status_code=422)
    assert not Evaluation.objects.exists()


def test_apres_la_cloture_les_notes_ne_changent_plus(client):
    seance = seance_close()
    inscription = seance.inscriptions.get()
    client.force_login(seance.membres.get().utilisateur)

    reponse = client.post(adresse(inscription), envoi(seance.grille, version=1, part="1"))

    assertContains(reponse, "La séance n’est pas ouverte", status_code=422)
    assert Evaluation.objects.get().total == 50


def test_qui_ne_siege_pas_ne_note_pas(client):
    seance = seance_ouverte()
    inscription = seance.inscriptions.get()
    codes = {}
    personnes = {
        "agent": seance.agent,
        "autre membre": UtilisateurFactory(membre_copil_de=seance.campagne.service),
        "porteur": inscription.dossier.cree_par,
    }
    for nom, personne in personnes.items():
        client.force_login(personne)
        codes[nom] = client.post(adresse(inscription), envoi(seance.grille)).status_code

    assert codes == {"agent": 403, "autre membre": 404, "porteur": 404}
    assert not Evaluation.objects.exists()


def test_un_dossier_retire_ne_se_note_plus(client):
    seance, inscription, membre = ouverte(client)
    inscription.dossier.retirer(par=inscription.dossier.cree_par)

    with pytest.raises(ErreurMetier) as refus:
        Evaluation.objects.enregistrer(inscription, membre, saisie(seance.grille), version=0)

    assert refus.value.codes == ["dossier_sorti"]


def test_autant_de_requetes_pour_noter_quel_que_soit_le_nombre_de_dossiers(client, django_assert_num_queries):
    _seance, inscription, _ = ouverte(client, dossiers=1)
    client.get(adresse(inscription))
    with django_assert_num_queries(60, exact=False) as un:
        client.get(adresse(inscription))
    combien = len(un)

    _autre, trois, _ = ouverte(client, dossiers=3, membres=3)
    client.get(adresse(trois))
    with django_assert_num_queries(combien):
        client.get(adresse(trois))
