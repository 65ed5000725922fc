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


def test_un_nom_fait_pour_nuire_est_montre_propre_et_rien_ne_reste(settings):
    assert refus("<script>alert(1)</script>\u202e\r\n\0.pdf", b"") == "vide"
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
