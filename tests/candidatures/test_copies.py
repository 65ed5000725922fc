"""The whole dossier as one PDF and as one ZIP: what they hold, made once, made again when it changed."""

import hashlib
import io
import uuid
import zipfile
from datetime import timedelta

import page as controle
import pikepdf
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from aap_portal.fichiers.models import Analyse, Fichier
from candidatures.copie import archive, document
from candidatures.copie.contenu import empreinte_du_contenu, en_nom_de_fichier, pieces_jointes
from candidatures.copie.demande import rendre_demande
from candidatures.copie.taches import produire_copie
from candidatures.infections import prevenir_le_deposant
from candidatures.models import CopieDossier, Depot, Dossier, Message, PieceJustificative
from candidatures.taches import produire_recepisse
from tests.candidatures.textes import texte
from tests.factories import DEPOT_OUVERT, DossierFactory, StructureFactory, UtilisateurFactory
from tests.fichiers.echantillons import docx, image, pdf

pytestmark = pytest.mark.django_db
PDF, ZIP = CopieDossier.Format.PDF, CopieDossier.Format.ZIP
NOMS = {
    "pdf": "dossier-{}.pdf", "zip": "dossier-{}.zip", "cerfa": "demande-cerfa-{}.pdf", "xlsx": "demande-cerfa-{}.xlsx",
}  # fmt: skip


@pytest.fixture(autouse=True)
def en_periode_de_depot():
    with time_machine.travel(DEPOT_OUVERT, tick=False) as horloge:
        yield horloge


@pytest.fixture
def dossier():
    """A PDF of two pages, a photo, a Word file, and one reference."""
    dossier = DossierFactory(complet=True)
    fichiers = [
        ("comptes_annuels", "comptes 2021.pdf", pdf(pages=2)),
        ("statuts", "statuts.jpg", image()),
        ("libre", "Projet associatif.docx", docx()),
    ]
    dossier.pieces.filter(code="comptes_annuels").delete()
    for code, nom, contenu in fichiers:
        joindre(dossier, code, nom, contenu)
    return frais(dossier)


def joindre(dossier, code, nom, contenu, **champs):
    fichier = Fichier.objects.produire(contenu, nom=nom, type_mime="application/octet-stream")
    Fichier.objects.filter(pk=fichier.pk).update(**champs)
    return PieceJustificative.objects.create(dossier=dossier, code=code, fichier=fichier, ajoutee_par=dossier.cree_par)


def frais(dossier):
    return Dossier.objects.avec_contenu().get(pk=dossier.pk)


def demander(client, dossier, format, personne=None):
    client.force_login(personne or dossier.cree_par)
    return client.post(reverse("candidatures:copie_demander", args=[dossier.numero, format]))


def copie_faite(dossier, format):
    copie = CopieDossier.objects.demander(frais(dossier), format, par=dossier.cree_par)
    produire_copie.call(copie.pk)
    copie.refresh_from_db()
    return copie


def page_de(client, dossier):
    return client.get(reverse("candidatures:copies", args=[dossier.numero]))


def mots(contenu):
    """The text of a PDF, from its pages' own structure of words."""
    with pikepdf.open(io.BytesIO(contenu)) as document_:
        return [str(signet.title) for signet in document_.open_outline().root], len(document_.pages)


# --- The request ----------------------------------------------------------------------------------
def test_la_demande_est_un_pdf_accessible_avec_ses_signets(dossier):
    contenu = rendre_demande(dossier)

    assert controle.validate_pdf_bytes(contenu, profile="ua1").is_compliant
    with pikepdf.open(io.BytesIO(contenu)) as pdf_:
        assert str(pdf_.docinfo["/Title"]) == f"Dossier {dossier.numero}, {dossier.structure}"


# --- One PDF --------------------------------------------------------------------------------------
def test_le_document_joint_les_pieces_derriere_leur_page_de_garde(dossier):
    demande = mots(rendre_demande(dossier))[1]
    with document.composer(dossier) as chemin, pikepdf.open(chemin) as complet:
        signets = [str(signet.title) for signet in complet.open_outline().root]
        pages = len(complet.pages)

    pieces = pieces_jointes(dossier)
    assert [signet for signet in signets if signet.startswith("Pièce ")] == [
        f"Pièce {piece.rang}. {piece.titre}" for piece in pieces
    ]
    assert pages == demande + len(pieces) + 2 + 1  # a page before each, the two of the PDF, the photo


def test_les_pages_jointes_arrivent_desarmees(dossier):
    def armer(pdf_):
        page = pdf_.pages[0].obj
        script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
        page.AA = pikepdf.Dictionary(O=script)
        lien = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("https://exemple.fr"))
        page.Annots = pikepdf.Array(
            [
                pdf_.make_indirect(pikepdf.Dictionary(Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=action))
                for action in (script, lien)
            ]
        )

    joindre(dossier, "libre", "piège.pdf", pdf(avant=armer))

    with document.composer(frais(dossier)) as chemin, open(chemin, "rb") as lu:
        contenu = lu.read()

    with pikepdf.open(io.BytesIO(contenu)) as complet:
        restes = [
            (bool(page.obj.get("/AA")), [str(a.A.S) for a in page.obj.get("/Annots", []) if "/A" in a and "/S" in a.A])
            for page in complet.pages
        ]
    assert not any(automatique for automatique, _ in restes)
    assert {genre for _, genres in restes for genre in genres} <= {"/URI", "/GoTo"}
    assert "/URI" in {genre for _, genres in restes for genre in genres}


def test_un_pdf_illisible_laisse_les_autres(dossier):
    joindre(dossier, "libre", "abîmé.pdf", b"%PDF-1.7 rien de plus")

    with document.composer(frais(dossier)) as chemin, pikepdf.open(chemin) as complet:
        assert len(complet.pages) > 8


# --- One ZIP --------------------------------------------------------------------------------------
def test_l_archive_a_des_noms_lisibles_et_des_empreintes_justes(dossier):
    depot = Depot.objects.deposer(dossier, par=dossier.cree_par, cle=uuid.uuid4())
    produire_recepisse.call(depot.pk)

    with archive.composer(frais(dossier)) as chemin, zipfile.ZipFile(chemin) as zip_:
        assert zip_.testzip() is None
        contenus = {nom.removeprefix(f"dossier-{dossier.numero}/"): zip_.read(nom) for nom in zip_.namelist()}

    assert sorted(contenus) == [
        "01-demande.pdf",
        "02-demande-cerfa.pdf",
        "02-demande-cerfa.xlsx",
        "empreintes-sha256.txt",
        "pieces/02-comptes-annuels-du-dernier-exercice-clos.pdf",
        "pieces/03-statuts.jpg",
        "pieces/04-autre-document-utile-a-l-instruction.docx",
        "recepisses/recepisse-1-2022-09-15.pdf",
    ]
    lignes = dict(reversed(ligne.split("  ")) for ligne in contenus.pop("empreintes-sha256.txt").decode().splitlines())
    assert lignes == {nom: hashlib.sha256(contenu).hexdigest() for nom, contenu in contenus.items()}
    assert contenus["pieces/04-autre-document-utile-a-l-instruction.docx"] == docx()


@pytest.mark.parametrize("analyse", [Analyse.INFECTE, Analyse.EN_ATTENTE])
def test_un_fichier_retenu_par_l_antivirus_n_en_sort_pas(dossier, analyse):
    joindre(dossier, "libre", "suspect.docx", b"suspect", analyse=analyse)

    with archive.composer(frais(dossier)) as chemin, zipfile.ZipFile(chemin) as zip_:
        assert [nom for nom in zip_.namelist() if zip_.read(nom) == b"suspect"] == []


@pytest.mark.parametrize(
    ("titre", "nom"),
    [
        ("Comptes annuels du dernier exercice clos", "comptes-annuels-du-dernier-exercice-clos"),
        ("L’œuvre : été / 2021", "l-oeuvre-ete-2021"),
        ("../../etc/passwd", "etc-passwd"),
        ("…", "piece"),
        ("a" * 80, "a" * 60),
        ("mot " * 30, "mot-" * 14 + "mot"),
    ],
)
def test_un_titre_devient_un_nom_de_fichier(titre, nom):
    assert en_nom_de_fichier(titre) == nom


# --- Once, and again when it changed --------------------------------------------------------------
@pytest.mark.parametrize("format", CopieDossier.Format)
def test_la_page_dit_ou_en_est_la_copie_puis_la_donne(client, dossier, format, django_capture_on_commit_callbacks):
    client.force_login(dossier.cree_par)
    assert "Préparer" in texte(page_de(client, dossier))
    with django_capture_on_commit_callbacks() as suites:
        assert demander(client, dossier, format).status_code == 302
    page = page_de(client, dossier)
    assert "En préparation depuis le 15 septembre 2022 à 10 h" in texte(page)
    assert 'hx-trigger="every 3s"' in page.content.decode()

    for suite in suites:
        suite()

    copie = CopieDossier.objects.get()
    page = page_de(client, dossier)
    assert "Le dossier n’a pas changé depuis." in texte(page)
    assert f"SHA-256 {copie.fichier.sha256}" in texte(page)
    assert 'hx-trigger="every 3s"' not in page.content.decode()
    recu = client.get(copie.fichier.get_absolute_url())
    assert hashlib.sha256(recu.getvalue()).hexdigest() == copie.fichier.sha256
    assert NOMS[format].format(dossier.numero) in recu["Content-Disposition"]


def test_la_meme_copie_n_est_faite_qu_une_fois(dossier):
    copie = copie_faite(dossier, ZIP)
    fichier = copie.fichier

    encore = CopieDossier.objects.demander(frais(dossier), ZIP, par=dossier.cree_par)
    produire_copie.call(encore.pk)

    assert (encore, CopieDossier.objects.get().fichier) == (copie, fichier)
    assert Fichier.objects.filter(extension="zip").count() == 1


def test_un_dossier_change_appelle_une_autre_copie(client, dossier):
    copie_faite(dossier, ZIP)
    avant = empreinte_du_contenu(dossier)
    Dossier.objects.filter(pk=dossier.pk).update(strategie="Une autre stratégie.")
    client.force_login(dossier.cree_par)

    page = texte(page_de(client, dossier))

    assert "Le dossier a changé depuis la copie du 15 septembre 2022 à 10 h" in page
    assert "Copie précédente" in page
    assert empreinte_du_contenu(frais(dossier)) != avant


@pytest.mark.parametrize(
    "changer",
    [
        lambda dossier: dossier.pieces.filter(code="libre").update(retiree_le=DEPOT_OUVERT),
        lambda dossier: dossier.plan.lignes.get().financements.filter(source="aap").update(montant=1),
        lambda dossier: type(dossier.structure).objects.update(denomination="Autre nom"),
        lambda dossier: Dossier.objects.update(etat="depose", depose_le=DEPOT_OUVERT),
    ],
)
def test_tout_ce_qui_se_lit_compte(dossier, changer):
    avant = empreinte_du_contenu(dossier)

    changer(dossier)

    assert empreinte_du_contenu(frais(dossier)) != avant


def test_un_message_ne_change_pas_la_copie(dossier):
    avant = empreinte_du_contenu(dossier)
    Message.objects.envoyer(dossier, par=dossier.cree_par, texte="Bonjour.", cle=uuid.uuid4())

    assert empreinte_du_contenu(frais(dossier)) == avant


def test_une_copie_demandee_puis_depassee_est_celle_du_dossier_present(dossier):
    copie = CopieDossier.objects.demander(dossier, ZIP, par=dossier.cree_par)
    Dossier.objects.filter(pk=dossier.pk).update(strategie="Une autre stratégie.")

    produire_copie.call(copie.pk)

    nouvelle = CopieDossier.objects.get()
    assert nouvelle.empreinte == empreinte_du_contenu(frais(dossier))


@pytest.mark.parametrize(("minutes", "relancee"), [(10, False), (11, True)])
def test_une_copie_qui_n_aboutit_pas_se_redemande(client, dossier, en_periode_de_depot, minutes, relancee):
    CopieDossier.objects.demander(dossier, ZIP, par=dossier.cree_par)
    en_periode_de_depot.shift(timedelta(minutes=minutes))
    client.force_login(dossier.cree_par)
    assert ("La préparation n’a pas abouti." in texte(page_de(client, dossier))) is relancee

    demander(client, dossier, ZIP)

    copie = CopieDossier.objects.get()
    assert (copie.demandee_le > DEPOT_OUVERT) is relancee


# --- Who ------------------------------------------------------------------------------------------
def test_la_copie_se_lit_comme_le_dossier(client, dossier):
    lien = copie_faite(dossier, ZIP).fichier.get_absolute_url()
    service = dossier.campagne.service
    personnes = [
        (UtilisateurFactory(lecteur_de=dossier.structure), 200),
        (UtilisateurFactory(signataire_de=StructureFactory()), 404),
        (UtilisateurFactory(instructeur_de=service), 404),  # it is a draft
    ]
    for personne, statut in personnes:
        assert demander(client, dossier, PDF, personne).status_code == (302 if statut == 200 else 404)
        assert page_de(client, dossier).status_code == statut
        reponse = client.get(lien)
        b"".join(reponse)
        assert reponse.status_code == statut


def test_un_format_inconnu_est_introuvable(client, dossier):
    assert demander(client, dossier, "exe").status_code == 404


def test_la_page_ne_coute_pas_plus_pour_trois_copies(client, dossier):
    client.force_login(dossier.cree_par)
    copie_faite(dossier, ZIP)
    page_de(client, dossier)
    with CaptureQueriesContext(connection) as avant:
        page_de(client, dossier)
    for phrase in ("Un.", "Deux."):
        Dossier.objects.filter(pk=dossier.pk).update(strategie=phrase)
        copie_faite(dossier, ZIP)
    with CaptureQueriesContext(connection) as apres:
        page_de(client, dossier)

    assert len(apres) == len(avant)


def test_la_copie_d_un_brouillon_reste_a_la_structure_une_fois_le_dossier_depose(client, dossier, en_periode_de_depot):
    agent = UtilisateurFactory(instructeur_de=dossier.campagne.service)
    brouillon = copie_faite(dossier, ZIP).fichier.get_absolute_url()
    en_periode_de_depot.shift(timedelta(minutes=1))
    Depot.objects.deposer(frais(dossier), par=dossier.cree_par, cle=uuid.uuid4())
    en_periode_de_depot.shift(timedelta(minutes=1))
    depose = copie_faite(dossier, ZIP).fichier.get_absolute_url()

    for personne, statuts in [(agent, [404, 200]), (dossier.cree_par, [200, 200])]:
        client.force_login(personne)
        reponses = [client.get(lien) for lien in (brouillon, depose)]
        for reponse in reponses:
            b"".join(reponse)
        assert [reponse.status_code for reponse in reponses] == statuts


def test_une_copie_qui_porte_un_fichier_infecte_n_est_plus_donnee(dossier):
    copie = copie_faite(dossier, ZIP)
    fichier = copie.fichier

    prevenir_le_deposant(dossier.pieces.get(code="statuts").fichier)

    copie.refresh_from_db()
    assert (copie.est_prete, Fichier.objects.visibles_par(dossier.cree_par).filter(pk=fichier.pk).exists()) == (
        False,
        False,
    )
