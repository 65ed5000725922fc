"""Pieces of a dossier sent by pieces: judged at the end as the files of the form are, once, whatever was asked twice."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from aap_portal.comptes.models import Droit
from aap_portal.fichiers import morceaux
from aap_portal.fichiers.models import Fichier, Televersement
from tests.candidatures.textes import texte
from tests.factories import DEPOT_OUVERT, CampagneFactory, DossierFactory, UtilisateurFactory
from tests.fichiers.echantillons import pdf, pdf_chiffre, pdf_lourd
from tests.ligne import LigneCoupee

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier(client):
    with time_machine.travel(DEPOT_OUVERT + timedelta(hours=1), tick=False):
        dossier = DossierFactory()
        client.force_login(dossier.cree_par)
        yield dossier


def adresse(dossier, nom, code="rib"):
    return reverse(f"candidatures:{nom}", args=[dossier.numero, code])


def commencer(client, dossier, contenu, *, nom="scan.pdf", code="rib", **champs):
    reponse = client.post(
        adresse(dossier, "piece_televerser", code), {"nom": nom, "taille": len(contenu), "marque": "1", **champs}
    )
    return reponse.json()


def envoyer(client, dossier, contenu, **champs):
    etat = commencer(client, dossier, contenu, **champs)
    if not etat["refus"]:
        client.post(f"{etat['adresse']}?debut=0", contenu, content_type="application/octet-stream")
    return etat["cle"]


def verser(client, dossier, *cles, code="rib", **champs):
    return client.post(adresse(dossier, "piece_deposer", code), {"envois": cles, **champs}, follow=True)


def donnees(dossier):
    return [(piece.code, piece.fichier.nom) for piece in dossier.pieces.en_vigueur()]


def test_un_fichier_envoye_par_morceaux_entre_dans_le_dossier(client, dossier):
    contenu = pdf(pages=2)

    reponse = verser(client, dossier, envoyer(client, dossier, contenu))

    assert reponse.status_code == 200
    assert "« scan.pdf » est ajouté." in texte(reponse)
    piece = dossier.pieces.get()
    assert (piece.fichier.lire(), piece.fichier.pages, piece.fichier.depose_par) == (contenu, 2, dossier.cree_par)
    envoi = Televersement.objects.get()
    assert envoi.fichier == piece.fichier
    assert not morceaux.chemin_de(envoi.cle).exists()


def test_demander_deux_fois_l_ajout_n_ajoute_qu_une_fois_et_le_redit(client, dossier):
    cle = envoyer(client, dossier, pdf())

    reponses = [verser(client, dossier, cle) for _ in range(2)]

    assert ["« scan.pdf » est ajouté." in texte(reponse) for reponse in reponses] == [True, True]
    assert (donnees(dossier), Fichier.objects.count()) == ([("rib", "scan.pdf")], 1)


def test_un_refus_au_bout_est_dit_et_redit_avec_les_memes_mots_que_le_formulaire(client, dossier):
    cle = envoyer(client, dossier, pdf_chiffre())

    reponses = [verser(client, dossier, cle) for _ in range(2)]

    for reponse in reponses:
        assert reponse.status_code == 422
        assert "Le fichier « scan.pdf » est protégé par un mot de passe : ouvrez-le" in texte(reponse)
    assert (donnees(dossier), Fichier.objects.count()) == ([], 0)
    assert not morceaux.chemin_de(Televersement.objects.get().cle).exists()


def test_ce_qui_est_refuse_d_emblee_et_ce_qui_passe_sont_dits_ensemble(client, dossier):
    cles = [envoyer(client, dossier, b"MZ", nom="programme.exe"), envoyer(client, dossier, pdf())]

    reponse = verser(client, dossier, *cles)

    assert reponse.status_code == 422
    assert "« scan.pdf » est ajouté." in texte(reponse)
    assert "Le fichier « programme.exe » est d’un type que le portail ne reçoit pas" in texte(reponse)
    assert donnees(dossier) == [("rib", "scan.pdf")]


def test_un_envoi_incomplet_n_entre_pas_et_peut_se_finir(client, dossier):
    contenu = pdf_lourd(60_000)
    etat = commencer(client, dossier, contenu)
    client.post(f"{etat['adresse']}?debut=0", contenu[:40_000], content_type="application/octet-stream")

    reponse = verser(client, dossier, etat["cle"])
    assert reponse.status_code == 422
    assert "« scan.pdf » n’est pas arrivé en entier : choisissez-le à nouveau" in texte(reponse)
    page = texte(client.get(reverse("candidatures:pieces", args=[dossier.numero])))
    assert "Envoi interrompu : « scan.pdf », 39 ko reçus sur 59 ko. Choisissez à nouveau ce fichier" in page

    assert commencer(client, dossier, contenu)["recu"] == 40_000
    client.post(f"{etat['adresse']}?debut=40000", contenu[40_000:], content_type="application/octet-stream")
    assert verser(client, dossier, etat["cle"]).status_code == 200
    assert dossier.pieces.get().fichier.lire() == contenu


@pytest.mark.parametrize("qui", ["autre_dossier", "autre_piece", "collegue", "perime", "faux"])
def test_un_envoi_ne_sert_qu_a_ce_pour_quoi_il_fut_commence(client, dossier, qui):
    cle, code, cible = envoyer(client, dossier, pdf()), "rib", dossier
    if qui == "autre_dossier":
        cible = _autre(dossier)
    if qui == "autre_piece":
        code = "statuts"
    if qui == "collegue":
        client.force_login(UtilisateurFactory(redacteur_de=dossier.structure))
    if qui == "perime":
        Televersement.objects.update(expire_le=timezone.now())
    if qui == "faux":
        cle = "pas-une-cle"

    reponse = verser(client, cible, cle, code=code)

    assert reponse.status_code == 422
    assert "choisissez à nouveau le fichier." in texte(reponse)
    assert (donnees(dossier), donnees(cible)) == ([], [])


def _autre(dossier):
    autre = DossierFactory()
    autre.structure.membres.create(utilisateur=dossier.cree_par, droit=Droit.REDACTEUR)
    return autre


def test_un_dossier_plein_le_dit_avant_l_envoi_sauf_pour_remplacer(client, dossier, settings):
    settings.DOSSIER_FICHIERS_MAX = 1
    verser(client, dossier, envoyer(client, dossier, pdf()))

    etat = commencer(client, dossier, pdf(pages=2), nom="autre.pdf")
    assert "« autre.pdf » n’est pas ajouté : un dossier compte 1 fichiers au plus." in etat["refus"].replace(
        "\xa0", " "
    )

    cle = envoyer(client, dossier, pdf(pages=2), nom="autre.pdf", remplacer="on")
    assert verser(client, dossier, cle, remplacer="on").status_code == 200
    assert donnees(dossier) == [("rib", "autre.pdf")]


@pytest.mark.parametrize(
    "champs", [{}, {"nom": "a.pdf"}, {"nom": "a.pdf", "taille": "x"}, {"nom": "a.pdf", "taille": -1}]
)
def test_un_debut_incomprehensible_est_refuse(client, dossier, champs):
    reponse = client.post(adresse(dossier, "piece_televerser"), champs)

    assert reponse.status_code == 422
    assert not Televersement.objects.exists()


# --- On a line that is cut at random -------------------------------------------------------------------------
@pytest.fixture
def en_cours(connecter, page):
    """A draft of today, its author in the browser, which is patient: cuts are followed by waits."""
    page.set_default_timeout(60_000)
    maintenant = timezone.now()
    campagne = CampagneFactory(ouverture_le=maintenant - timedelta(days=9), cloture_le=maintenant + timedelta(days=9))
    dossier = DossierFactory(campagne=campagne)
    connecter(dossier.cree_par)
    return dossier


@pytest.mark.django_db(transaction=True)
def test_un_fichier_de_vingt_megaoctets_arrive_par_une_ligne_coupee_au_hasard(page, live_server, en_cours, tmp_path):
    """Cut at random after 1.5 to 4 MB: what a line of 400 kbit/s carries in 30 to 80 s."""
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(pdf_lourd(20 * 1024 * 1024 - 2000))

    with LigneCoupee(live_server.url, graine=976, entre=(1_500_000, 4_000_000)) as ligne:
        page.goto(f"{ligne.url}{reverse('candidatures:pieces', args=[en_cours.numero])}")
        ligne.couper = True
        page.locator("#id_rib_fichiers").set_input_files(str(scan))
        page.get_by_text("« scan.pdf » est ajouté.").wait_for()

    assert ligne.coupures >= 4
    assert en_cours.pieces.get().fichier.lire() == scan.read_bytes()


@pytest.mark.django_db(transaction=True)
def test_apres_un_rechargement_l_envoi_reprend_ou_il_s_etait_arrete(page, en_cours, tmp_path):
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(pdf_lourd(600_000))
    pieces, debuts, assez = reverse("candidatures:pieces", args=[en_cours.numero]), [], threading.Event()

    def laisser_un_morceau(route):
        debuts.append(int(route.request.url.partition("=")[2] or 0))
        if len(debuts) > 1 and not assez.is_set():
            return route.abort("connectionreset")
        return route.continue_()

    page.route("**/televersements/*/?debut=*", laisser_un_morceau)
    page.goto(pieces)
    page.locator("#id_rib_fichiers").set_input_files(str(scan))
    page.get_by_text("connexion interrompue, l’envoi reprendra de lui-même").wait_for()
    recu = Televersement.objects.get().recu
    assert 0 < recu < scan.stat().st_size

    page.reload()
    page.get_by_text("Choisissez à nouveau ce fichier").wait_for()
    assez.set()
    debuts.clear()
    page.locator("#id_rib_fichiers").set_input_files(str(scan))
    page.get_by_text("« scan.pdf » est ajouté.").wait_for()

    assert debuts[0] == recu
    assert en_cours.pieces.get().fichier.lire() == scan.read_bytes()


@pytest.mark.django_db(transaction=True)
def test_une_session_finie_pendant_l_envoi_est_dite_et_rien_n_est_perdu(page, connecter, en_cours, tmp_path):
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(pdf_lourd(600_000))
    pieces, debuts = reverse("candidatures:pieces", args=[en_cours.numero]), []

    def finir_la_session(route):
        debuts.append(int(route.request.url.partition("=")[2]))
        if len(debuts) == 2:
            page.context.clear_cookies()
            return route.continue_(headers={**route.request.headers, "cookie": ""})
        return route.continue_()

    page.route("**/televersements/*/?debut=*", finir_la_session)
    page.goto(pieces)
    page.locator("#id_rib_fichiers").set_input_files(str(scan))
    page.get_by_text("Votre session est terminée ou vos droits ont changé").first.wait_for()

    connecter(en_cours.cree_par)
    page.goto(pieces)
    page.locator("#id_rib_fichiers").set_input_files(str(scan))
    page.get_by_text("« scan.pdf » est ajouté.").wait_for()
    assert debuts[2] == debuts[1] > 0


@pytest.mark.django_db(transaction=True)
def test_les_reponses_perdues_ne_doublent_rien(page, en_cours, tmp_path):
    """The portal did what was asked, and its answer never came: of the beginning, of a piece, of the end."""
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(pdf_lourd(300_000))
    perdues = set()

    def perdre_la_premiere(route):
        sorte = route.request.url.rpartition("/")[0].rpartition("/")[2][:8] + route.request.method
        if route.request.method == "POST" and sorte not in perdues:
            perdues.add(sorte)
            route.fetch()
            return route.abort("connectionreset")
        return route.continue_()

    for motif in ("**/pieces/rib/televerser/", "**/televersements/**", "**/pieces/rib/"):
        page.route(motif, perdre_la_premiere)
    page.goto(reverse("candidatures:pieces", args=[en_cours.numero]))
    page.locator("#id_rib_fichiers").set_input_files(str(scan))
    page.get_by_text("« scan.pdf » est ajouté.").wait_for()

    assert len(perdues) >= 3
    assert (donnees(en_cours), Fichier.objects.count()) == ([("rib", "scan.pdf")], 1)


@pytest.mark.django_db(transaction=True)
def test_plusieurs_fichiers_se_suivent_et_un_envoi_s_annule(page, en_cours, tmp_path, axe):
    noms = ["un.pdf", "deux.pdf", "programme.exe"]
    for rang, nom in enumerate(noms):
        (tmp_path / nom).write_bytes(pdf(pages=rang + 1))
    page.goto(reverse("candidatures:pieces", args=[en_cours.numero]))
    page.locator("#id_rib_fichiers").set_input_files([str(tmp_path / nom) for nom in noms])
    page.get_by_text("« deux.pdf » est ajouté.").wait_for()

    assert page.get_by_text("Le fichier « programme.exe » est d’un type que le portail ne reçoit pas").is_visible()
    assert sorted(donnees(en_cours)) == [("rib", "deux.pdf"), ("rib", "un.pdf")]

    page.route("**/televersements/*/?debut=*", lambda route: route.abort("connectionreset"))
    (tmp_path / "trois.pdf").write_bytes(pdf(pages=9))
    page.locator("#piece-rib summary").click()
    page.locator("#id_rib_fichiers").set_input_files(str(tmp_path / "trois.pdf"))
    page.get_by_text("connexion interrompue").wait_for()
    axe(page)
    page.get_by_role("button", name="Annuler l’envoi de trois.pdf").click()
    page.get_by_text("L’envoi de « trois.pdf » est annulé.").wait_for(state="attached")
    assert page.locator("[data-envois] li").count() == 0
