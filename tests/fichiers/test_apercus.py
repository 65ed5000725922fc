"""Images of the pages: made once, the right way up, shown to whoever may read the file, never those of a hidden file."""

import io

import pytest
from django.core.management import call_command
from django.urls import reverse
from PIL import Image

from aap_portal.fichiers import acces, apercus
from aap_portal.fichiers.models import Analyse, Apercu, Fichier, Telechargement
from tests.factories import UtilisateurFactory
from tests.fichiers.echantillons import docx, image, pdf
from tests.fichiers.test_deposer import televerser

pytestmark = pytest.mark.django_db


def deposer(nom="scan.pdf", contenu=None, par=None):
    """As in real life, with what follows its arrival."""
    fichier = Fichier.objects.deposer(televerser(nom, contenu or pdf(pages=3)), par=par or UtilisateurFactory())
    fichier.traiter()
    fichier.refresh_from_db()
    return fichier


def page(fichier, rang):
    return Image.open(io.BytesIO(apercus.chemin_de(fichier.cle, rang).read_bytes()))


def statut(client, adresse):
    reponse = client.get(adresse)
    b"".join(reponse)  # a file is closed once read
    return reponse.status_code


@pytest.fixture
def lecteur(client, monkeypatch):
    """A person who may read every file."""
    monkeypatch.setattr(acces, "_sources", [lambda personne: Fichier.objects.values("pk")])
    lecteur = UtilisateurFactory()
    client.force_login(lecteur)
    return lecteur


def image_de(fichier, rang):
    return reverse("fichiers:image", args=[fichier.cle, rang])


def test_chaque_page_d_un_pdf_devient_une_image_et_la_premiere_une_vignette():
    fichier = deposer()

    assert (fichier.apercu, fichier.apercu_pages, list(fichier.rangs_d_apercu)) == (Apercu.FAIT, 3, [1, 2, 3])
    assert max(page(fichier, 1).size) == 1400
    assert max(page(fichier, 0).size) == 160
    assert [chemin.suffix for chemin in sorted(apercus.chemin_de(fichier.cle, 1).parent.iterdir())] == [".webp"] * 4


def orientee():
    sortie = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    Image.new("RGB", (80, 40), "teal").save(sortie, "JPEG", exif=exif)
    return sortie.getvalue()


def sous_mode(mode, format_="PNG", **options):
    sortie = io.BytesIO()
    Image.new(mode, (40, 30)).save(sortie, format_, **options)
    return sortie.getvalue()


@pytest.mark.parametrize(
    ("nom", "contenu", "taille"),
    [
        ("photo.jpg", orientee(), (40, 80)),
        ("grande.jpg", image(taille=(3000, 1000)), (1400, 467)),
        ("quadri.jpg", sous_mode("CMYK", "JPEG"), (40, 30)),
        ("seize bits.png", sous_mode("I;16"), (40, 30)),
        ("palette.png", sous_mode("P", transparency=0), (40, 30)),
        ("transparente.png", sous_mode("RGBA"), (40, 30)),
        ("grise.png", sous_mode("LA"), (40, 30)),
    ],
    ids=["photo", "grande", "quadri", "seize_bits", "palette", "transparente", "grise"],
)
def test_une_image_est_montree_droite_et_en_couleurs_ordinaires(nom, contenu, taille):
    fichier = deposer(nom, contenu)

    assert (fichier.apercu, fichier.apercu_pages) == (Apercu.FAIT, 1)
    assert (page(fichier, 1).size, page(fichier, 1).mode) == (taille, "RGB")


def test_le_transparent_est_blanc():
    assert page(deposer("transparente.png", sous_mode("RGBA")), 1).getpixel((5, 5)) == (255, 255, 255)


def test_un_document_bureautique_n_a_pas_d_apercu():
    assert deposer("projet.docx", docx()).apercu == Apercu.SANS_OBJET


def test_sans_pdftoppm_l_apercu_est_indisponible_et_c_est_dit(client, lecteur, monkeypatch):
    monkeypatch.setenv("PATH", "/nulle-part")

    fichier = deposer()

    assert (fichier.apercu, fichier.apercu_pages) == (Apercu.INDISPONIBLE, 0)
    reponse = client.get(reverse("fichiers:lire", args=[fichier.cle]))
    assert "Aperçu indisponible" in reponse.content.decode()
    assert statut(client, image_de(fichier, 0)) == 404
    assert not apercus.chemin_de(fichier.cle, 0).parent.exists()


def test_un_dessin_trop_long_garde_les_pages_deja_faites(monkeypatch):
    monkeypatch.setattr(apercus, "DELAI", 0)

    assert deposer().apercu == Apercu.INDISPONIBLE


def test_dessiner_a_nouveau_ne_change_rien():
    fichier = deposer()
    fichier.dessiner()

    assert fichier.apercu_pages == 3


def test_l_entretien_dessine_ce_que_la_file_a_manque():
    fichier = Fichier.objects.deposer(televerser("scan.pdf", pdf()), par=UtilisateurFactory())
    call_command("entretien", verbosity=0)
    fichier.refresh_from_db()
    assert fichier.apercu == Apercu.A_FAIRE

    Fichier.objects.update(depose_le="2022-01-01T00:00Z")
    call_command("entretien", verbosity=0)

    fichier.refresh_from_db()
    assert fichier.apercu == Apercu.FAIT


# --- Shown -------------------------------------------------------------------------------------------------
def test_une_image_sort_sans_pouvoir_agir_ni_rester(client, lecteur):
    reponse = client.get(image_de(deposer(), 1))

    assert reponse.status_code == 200
    assert reponse["Content-Type"] == "image/webp"
    assert reponse["X-Content-Type-Options"] == "nosniff"
    assert reponse["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert reponse["Cache-Control"] == "no-store"
    assert reponse.getvalue()[8:12] == b"WEBP"


def test_la_page_de_lecture_montre_les_pages(client, lecteur):
    fichier = deposer()

    contenu = client.get(reverse("fichiers:lire", args=[fichier.cle])).content.decode()

    assert [image_de(fichier, rang) in contenu for rang in (1, 2, 3, 4)] == [True, True, True, False]
    assert 'alt="Page 3 de scan.pdf"' in contenu


def test_une_page_qui_n_existe_pas_n_est_pas_trouvee(client, lecteur):
    fichier = deposer()

    assert [statut(client, image_de(fichier, rang)) for rang in (3, 4, 99999)] == [200, 404, 404]


def test_lire_des_pages_est_note_une_fois_par_heure_la_vignette_jamais(client, lecteur):
    fichier = deposer()
    client.get(image_de(fichier, 0)).getvalue()
    assert not Telechargement.objects.exists()

    for rang in (1, 2, 1):
        client.get(image_de(fichier, rang)).getvalue()
    assert list(Telechargement.objects.values_list("personne", "apercu")) == [(lecteur.pk, True)]

    Telechargement.objects.update(le="2022-01-01T00:00Z")
    client.get(image_de(fichier, 1)).getvalue()
    assert Telechargement.objects.count() == 2


def test_un_fichier_infecte_ou_en_attente_ne_montre_aucune_page(client, lecteur):
    fichier = deposer(par=lecteur)
    vus = {}
    for analyse in Analyse:
        Fichier.objects.update(analyse=analyse)
        vus[analyse] = [statut(client, image_de(fichier, rang)) for rang in (0, 1)]

    assert vus == {
        Analyse.NON_ANALYSE: [200, 200],
        Analyse.EN_ATTENTE: [404, 404],
        Analyse.SAIN: [200, 200],
        Analyse.INFECTE: [404, 404],
    }


def test_un_etranger_ne_voit_ni_les_pages_ni_leur_existence(client, monkeypatch):
    monkeypatch.setattr(acces, "_sources", [])
    fichier = deposer()
    client.force_login(UtilisateurFactory())

    adresses = [reverse("fichiers:lire", args=[fichier.cle]), image_de(fichier, 0), image_de(fichier, 1)]
    assert [statut(client, adresse) for adresse in adresses] == [404, 404, 404]
