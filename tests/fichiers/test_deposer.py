"""Every kind of file that people send: real ones pass, hostile ones are refused with a sentence, nothing breaks."""

import hashlib
import subprocess

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile

from aap_portal.fichiers import depot
from aap_portal.fichiers.models import Analyse, Fichier
from aap_portal.fichiers.noms import nettoyer_nom
from aap_portal.fichiers.stockage import chemin_de
from aap_portal.referentiel.erreurs import ErreurMetier
from tests.factories import UtilisateurFactory

from . import echantillons as ech

pytestmark = pytest.mark.django_db


def televerser(nom, contenu, type_mime="application/octet-stream"):
    """As a browser would: whatever name, whatever declared type."""
    fichier = SimpleUploadedFile("x", contenu, type_mime)
    fichier._name = nom  # past Django's own cleaning
    return fichier


def deposer(nom, contenu, *, par=None):
    return Fichier.objects.deposer(televerser(nom, contenu), par=par or UtilisateurFactory())


def refus(nom, contenu):
    with pytest.raises(ErreurMetier) as erreur:
        deposer(nom, contenu)
    assert not Fichier.objects.exists()
    (obstacle,) = erreur.value.obstacles
    assert obstacle.message.startswith(f"Le fichier «\u00a0{nettoyer_nom(nom)}\u00a0» ")
    assert obstacle.message.endswith(".")
    return obstacle.code.removeprefix("fichier_")


def fichiers_sur_disque(settings):
    return [chemin for chemin in settings.FICHIERS_DIR.rglob("*") if chemin.is_file()]


@pytest.mark.parametrize(
    ("nom", "contenu", "type_mime", "pages"),
    [
        ("cerfa.pdf", ech.pdf(avant=ech.formulaire_avec_script), "application/pdf", 1),
        ("signé.pdf", ech.pdf(avant=ech.signature), "application/pdf", 1),
        ("numérisation.PDF", ech.pdf(pages=3), "application/pdf", 3),
        ("attestation protégée contre la copie.pdf", ech.pdf_chiffre(""), "application/pdf", 1),
        ("début.pdf", b"\xef\xbb\xbf\n" + ech.pdf(), "application/pdf", 1),
        ("index abîmé.pdf", ech.pdf().replace(b"startxref\n", b"startxref\n9"), "application/pdf", 1),
        ("photo.jpg", ech.image(), "image/jpeg", 1),
        ("photo.jpeg", ech.photo_de_telephone(), "image/jpeg", 1),
        ("capture.png", ech.image("PNG"), "image/png", 1),
        ("projet.docx", ech.docx(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", None),
        ("budget.xlsx", ech.xlsx(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", None),
        ("projet.odt", ech.odf(), "application/vnd.oasis.opendocument.text", None),
        ("budget.ods", ech.odf("spreadsheet"), "application/vnd.oasis.opendocument.spreadsheet", None),
    ],
)
def test_un_vrai_fichier_est_recu(settings, nom, contenu, type_mime, pages):
    personne = UtilisateurFactory()

    fichier = deposer(nom, contenu, par=personne)

    assert (fichier.nom, fichier.type_mime, fichier.pages) == (nettoyer_nom(nom), type_mime, pages)
    assert (fichier.taille, fichier.sha256) == (len(contenu), hashlib.sha256(contenu).hexdigest())
    assert (fichier.analyse, fichier.produit, fichier.depose_par) == (Analyse.NON_ANALYSE, False, personne)
    assert fichier.lire() == contenu
    assert fichiers_sur_disque(settings) == [chemin_de(fichier.cle)]


@pytest.mark.parametrize(
    ("nature", "cible"),
    [
        ("hyperlink", "https://www.example.org/"),
        ("attachedTemplate", "file:///C:\\Users\\moi\\Modeles\\lettre.dotx"),
        ("externalLinkPath", "https://exemple.sharepoint.com/budget.xlsx"),
        ("image", "media/image1.png"),
    ],
)
def test_les_liens_que_word_et_excel_ecrivent_chaque_jour_passent(nature, cible):
    assert deposer("projet.docx", ech.docx(relations=ech.relation(nature, cible))).extension == "docx"


def test_un_odt_avec_un_lien_et_une_bibliotheque_vide_passe():
    contenu = ech.odf(
        contenu='<text:a xlink:href="https://www.example.org/">lien</text:a>', plus=[("Basic/script-lc.xml", "<a/>")]
    )

    assert deposer("projet.odt", contenu).extension == "odt"


def test_une_photo_mal_nommee_par_une_messagerie_est_recue_sous_son_vrai_type():
    fichier = deposer("photo.png", ech.image("JPEG"))

    assert (fichier.nom, fichier.extension, fichier.type_mime) == ("photo.jpg", "jpg", "image/jpeg")


REFUSES = [
    ("vide.pdf", b"", "vide"),
    ("programme.exe", b"MZ" + bytes(200), "extension"),
    ("facture.pdf.exe", ech.pdf(), "extension"),
    ("macro.docm", ech.docx(principal=ech.PRINCIPAL_DOCM), "extension"),
    ("sans extension", ech.pdf(), "extension"),
    ("page.html", b"<html>", "extension"),
    ("programme.pdf", b"MZ" + bytes(200), "type_inconnu"),
    ("texte.pdf", b"bonjour", "type_inconnu"),
    ("image.png", ech.image("GIF"), "type_inconnu"),
    ("archive.docx", ech.archive([("a.txt", "a")]), "type_inconnu"),
    ("modele.docx", ech.docx(principal=ech.PRINCIPAL_DOCX.replace("document.main", "template.main")), "type_inconnu"),
    ("photo.jpg", b"\x00\x00\x00\x18ftypheic" + bytes(100), "heic"),
    ("ancien.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "ancien_format"),
    ("texte.docx", ech.pdf(), "type_different"),
    ("budget.docx", ech.xlsx(), "type_different"),
    ("document.pdf", ech.image(), "type_different"),
    ("rebut.pdf", b"%PDF-1.7\nrebut rebut rebut", "illisible"),
    ("sans page.pdf", ech.pdf(pages=0), "illisible"),
    ("coupé.pdf", ech.pdf(pages=3)[:-300], "tronque"),
    ("coupé.jpg", ech.image(taille=(400, 400))[:-200], "illisible"),
    ("coupé.png", ech.image("PNG", taille=(400, 400))[:-60], "illisible"),
    ("coupé.docx", ech.docx()[:-40], "illisible"),
    ("secret.pdf", ech.pdf_chiffre(), "chiffre"),
    (
        "secret.docx",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le"),
        "chiffre",
    ),
    ("secret.odt", ech.odf(manifeste="<manifest:encryption-data/>"), "chiffre"),
    ("macro.docx", ech.docx(principal=ech.PRINCIPAL_DOCM), "macros"),
    ("vba.docx", ech.docx(plus=[("word/vbaProject.bin", b"x")]), "macros"),
    ("basic.odt", ech.odf(plus=[("Basic/Standard/Module1.xml", "<a/>")]), "macros"),
    (
        "modele http.docx",
        ech.docx(relations=ech.relation("attachedTemplate", "https://a.example/m.dotm")),
        "liens_externes",
    ),
    (
        "modele unc.docx",
        ech.docx(relations=ech.relation("attachedTemplate", "file:///\\\\srv\\m.dotx")),
        "liens_externes",
    ),
    ("modele code.docx", ech.docx(relations=ech.relation("attachedTemplate", "%5C%5Csrv%5Cm.dotx")), "liens_externes"),
    ("image.docx", ech.docx(relations=ech.relation("image", "http://a.example/p.png")), "liens_externes"),
    ("image.odt", ech.odf(contenu='<draw:image xlink:href="http://a.example/p.png"/>'), "liens_externes"),
    ("entité.docx", ech.docx(document='<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'), "doctype"),
    (
        "entité utf16.docx",
        ech.docx(document='<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a><a/>'.encode("utf-16")),
        "doctype",
    ),
    ("bombe.docx", ech.docx(plus=[("word/media/a.bin", bytes(30_000_000))]), "bombe"),
    ("énorme.xlsx", ech.docx(plus=[(f"x/{rang}", bytes(60_000_000)) for rang in range(2)]), "bombe"),
    ("foule.docx", ech.docx(plus=[(f"x/{rang}", "") for rang in range(2000)]), "bombe"),
    ("remonte.docx", ech.docx(plus=[("../../x", "a")]), "piege"),
    ("absolu.docx", ech.docx(plus=[("/etc/x", "a")]), "piege"),
    ("barre.docx", ech.docx(plus=[("word\\x", "a")]), "piege"),
    ("pdf et zip.pdf", ech.pdf() + ech.archive([("a", "b")]), "piege"),
    ("jpeg et zip.jpg", ech.image() + ech.archive([("a", "b")]), "piege"),
    ("jpeg et pdf.jpg", ech.image(comment=b"%PDF-1.4"), "piege"),
    ("immense.png", ech.png_immense(), "image_trop_grande"),
    ("<script>alert(1)</script>\u202e\r\n\0.pdf", b"", "vide"),
]


@pytest.mark.parametrize(
    ("nom", "contenu", "code"), REFUSES, ids=[nom.encode("ascii", "replace").decode() for nom, *_ in REFUSES]
)
def test_un_fichier_douteux_est_refuse_et_rien_n_en_reste(settings, nom, contenu, code):
    assert refus(nom, contenu) == code
    assert fichiers_sur_disque(settings) == []


def test_la_phrase_dit_le_fichier_le_mal_et_le_remede():
    with pytest.raises(ErreurMetier) as erreur:
        deposer("RIB.pdf", ech.pdf_chiffre())

    assert str(erreur.value) == (
        "Le fichier «\u00a0RIB.pdf\u00a0» est protégé par un mot de passe\u00a0: ouvrez-le, retirez le mot de passe "
        "(ou imprimez-le au format PDF), puis déposez-le à nouveau."
    )


def test_la_limite_de_taille_est_un_maximum_permis(settings):
    contenu = ech.pdf()
    settings.FICHIER_TAILLE_MAX = len(contenu)
    assert deposer("juste.pdf", contenu).taille == len(contenu)

    Fichier.objects.all().delete()
    settings.FICHIER_TAILLE_MAX = len(contenu) - 1
    assert refus("de trop.pdf", contenu) == "trop_gros"


def test_la_phrase_d_un_fichier_trop_gros_dit_la_limite(settings):
    settings.FICHIER_TAILLE_MAX = 1024 * 1024
    with pytest.raises(ErreurMetier, match="dépasse 1\u00a0Mo\u00a0: réduisez-le"):
        deposer("gros.pdf", bytes(1024 * 1024 + 1))


def test_un_gros_televersement_passe_par_le_disque():
    televerse = TemporaryUploadedFile("scan.pdf", "application/pdf", 0, None)
    with televerse:
        televerse.write(ech.pdf(pages=2))
        televerse.seek(0)
        fichier = Fichier.objects.deposer(televerse, par=UtilisateurFactory())

    assert fichier.pages == 2


def test_deux_depots_du_meme_contenu_ont_la_meme_empreinte_et_deux_cles():
    contenu = ech.pdf()
    un, autre = deposer("a.pdf", contenu), deposer("b.pdf", contenu)

    assert un.sha256 == autre.sha256
    assert un.cle != autre.cle


def test_un_disque_plein_est_dit_sans_erreur_interne(settings, monkeypatch):
    def plein(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", plein)
    with pytest.raises(ErreurMetier, match="n’a pas pu être enregistré par le portail"):
        deposer("a.pdf", ech.pdf())
    assert fichiers_sur_disque(settings) == []


@pytest.mark.parametrize(
    ("echec", "code"),
    [
        (subprocess.TimeoutExpired("controle", 1), "trop_long"),
        (subprocess.CompletedProcess([], -9, b"", b""), "trop_long"),
        (subprocess.CompletedProcess([], 1, b"", b"Traceback"), "controle"),
    ],
)
def test_un_controle_qui_ne_repond_pas_est_un_refus(monkeypatch, echec, code):
    def executer(*_, **__):
        if isinstance(echec, Exception):
            raise echec
        return echec

    monkeypatch.setattr(depot.subprocess, "run", executer)
    assert refus("a.pdf", ech.pdf()) == code


def test_un_document_produit_est_range_avec_son_empreinte():
    fichier = Fichier.objects.produire(
        b"%PDF-contenu", nom="Récépissé 2022-0017.pdf", type_mime="application/pdf", pages=2
    )

    assert (fichier.nom, fichier.produit, fichier.depose_par, fichier.pages) == (
        "Récépissé 2022-0017.pdf",
        True,
        None,
        2,
    )
    assert fichier.sha256 == hashlib.sha256(b"%PDF-contenu").hexdigest()
    assert fichier.lire() == b"%PDF-contenu"
