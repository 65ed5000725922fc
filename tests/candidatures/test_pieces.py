"""The pieces of a dossier: given, replaced, withdrawn; within the limits; each file judged on its own."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from aap_portal.fichiers.models import Analyse, Fichier
from candidatures.models import DemandeComplement, Dossier, PieceJustificative
from tests.candidatures.textes import aplatir, texte
from tests.factories import (
    DEPOT_OUVERT,
    DossierFactory,
    LignePosteFactory,
    PosteETPFactory,
    StructureFactory,
    UtilisateurFactory,
    ZoneBlancheFactory,
    dossier_depose,
)
from tests.fichiers.echantillons import docx, image, pdf, pdf_chiffre

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def en_periode_de_depot():
    with time_machine.travel(DEPOT_OUVERT + timedelta(hours=1), tick=False):
        yield


@pytest.fixture
def dossier(client):
    dossier = DossierFactory()
    client.force_login(dossier.cree_par)
    return dossier


def adresse(dossier, nom="pieces", *suite):
    return reverse(f"candidatures:{nom}", args=[dossier.numero, *suite])


def fichier(nom="rapport.pdf", contenu=None):
    return SimpleUploadedFile(nom, pdf() if contenu is None else contenu)


def deposer(client, dossier, code, *fichiers, htmx=False, **champs):
    entetes = {"HX-Request": "true"} if htmx else {}
    return client.post(
        adresse(dossier, "piece_deposer", code),
        {"fichiers": list(fichiers), **champs},
        headers=entetes,
        follow=not htmx,
    )


def donnees(dossier):
    return [
        (piece.code, piece.fichier.nom if piece.fichier else piece.reference or "non concerné")
        for piece in dossier.pieces.en_vigueur()
    ]


# --- Giving ---------------------------------------------------------------------------------------------
def test_un_fichier_donne_se_lit_et_se_telecharge(client, dossier):
    contenu = pdf(pages=2)

    reponse = deposer(client, dossier, "rapport_activite", fichier("Rapport 2021.pdf", contenu))

    assert reponse.redirect_chain == [(f"{adresse(dossier)}#piece-rapport_activite", 302)]
    page = texte(reponse)
    assert "« Rapport 2021.pdf » est ajouté." in page
    assert "1 sur 2 pièces obligatoires données" in page
    assert "1 fichier sur 30," in page
    piece = dossier.pieces.get()
    assert (piece.code, piece.ajoutee_par, piece.fichier.depose_par) == ("rapport_activite",) + (dossier.cree_par,) * 2
    assert b"".join(client.get(piece.fichier.get_absolute_url()).streaming_content) == contenu


def test_plusieurs_fichiers_d_un_coup_chacun_pour_soi(client, dossier):
    reponse = deposer(
        client,
        dossier,
        "comptes_annuels",
        fichier("2021.pdf", pdf(pages=1)),
        fichier("faux.pdf", b"%PDF-1.7 et rien d'autre"),
        fichier("2020.docx", docx()),
        fichier("programme.exe", b"MZ"),
    )

    assert reponse.status_code == 422
    assert donnees(dossier) == [("comptes_annuels", "2021.pdf"), ("comptes_annuels", "2020.docx")]
    page = texte(reponse)
    assert "« 2021.pdf » est ajouté." in page
    assert "« 2020.docx » est ajouté." in page
    assert "Le fichier « faux.pdf » ne s’ouvre pas" in page
    assert "Le fichier « programme.exe » est d’un type que le portail ne reçoit pas" in page
    assert page.startswith("Erreur :")
    assert '<a href="#piece-comptes_annuels">' in reponse.content.decode()


@pytest.mark.parametrize(
    ("nom", "contenu", "phrase"),
    [
        ("vide.pdf", b"", "Le fichier « vide.pdf » est vide"),
        ("secret.pdf", pdf_chiffre(), "Le fichier « secret.pdf » est protégé par un mot de passe"),
        ("photo.pdf", image(), "Le fichier « photo.pdf » porte l’extension .pdf mais contient une image JPEG"),
    ],
)
def test_un_fichier_refuse_dit_son_nom_le_mal_et_le_remede(client, dossier, nom, contenu, phrase):
    reponse = deposer(client, dossier, "rib", fichier(nom, contenu))

    assert reponse.status_code == 422
    assert phrase in texte(reponse)
    assert (donnees(dossier), Fichier.objects.count()) == ([], 0)


def test_sans_fichier_choisi_la_page_le_dit(client, dossier):
    reponse = deposer(client, dossier, "rib")

    assert reponse.status_code == 422
    assert "Choisissez un fichier à ajouter." in texte(reponse)


def test_htmx_ne_recoit_que_la_carte_et_annonce_le_changement(client, dossier):
    reponse = deposer(client, dossier, "rib", fichier("rib.pdf"), htmx=True)

    assert reponse.status_code == 200
    assert reponse["HX-Trigger"] == "piecesChangees"
    contenu = reponse.content.decode()
    assert contenu.count("<section") == 1
    assert 'id="piece-rib"' in contenu
    assert "« rib.pdf » est ajouté." in aplatir(contenu)
    resume = client.get(adresse(dossier, "pieces_resume"))
    assert "0 sur 2 pièces obligatoires données 1 fichier sur 30," in texte(resume)


def test_htmx_recoit_le_refus_dans_la_carte(client, dossier):
    reponse = deposer(client, dossier, "rib", fichier("rib.pdf", b"rien"), htmx=True)

    assert reponse.status_code == 422
    assert "Le fichier « rib.pdf »" in texte(reponse)
    assert "data-focus" in reponse.content.decode()


def test_la_piece_de_remplacement_rafraichit_aussi_celle_qu_elle_remplace(client):
    dossier = coordinateur_emergent()
    client.force_login(dossier.cree_par)
    deposer(client, dossier, "attestation_competences", fichier("attestation.pdf"))

    reponse = deposer(client, dossier, "rapport_experience", fichier("experience.pdf", pdf(pages=3)), htmx=True)

    contenu = reponse.content.decode()
    assert 'id="piece-lettre_recommandation"' in contenu
    assert 'hx-swap-oob="true"' in contenu
    assert "Remplacée par les deux documents donnés plus bas." in texte(reponse)
    assert [p.code for p in relire(dossier).pieces_manquantes] == ["rapport_activite", "comptes_annuels"]


# --- Twice the same, limits ---------------------------------------------------------------------------------
def test_le_meme_fichier_deux_fois_dans_une_piece_n_est_garde_qu_une_fois_et_c_est_dit(client, dossier):
    contenu = pdf()
    deposer(client, dossier, "rib", fichier("rib.pdf", contenu))

    reponse = deposer(client, dossier, "rib", fichier("rib (1).pdf", contenu))

    assert reponse.status_code == 200
    assert "« rib (1).pdf » est déjà donné ici : il n’est pas ajouté une seconde fois." in texte(reponse)
    assert donnees(dossier) == [("rib", "rib.pdf")]


def test_le_meme_fichier_dans_deux_pieces_est_garde_et_dit(client, dossier):
    contenu = pdf()
    deposer(client, dossier, "rapport_activite", fichier("rapport.pdf", contenu))

    reponse = deposer(client, dossier, "libre", fichier("copie.pdf", contenu))

    assert (
        "« copie.pdf » est le même fichier que celui donné pour « Rapport d’activité du dernier exercice clos »."
        in texte(reponse)
    )
    assert len(donnees(dossier)) == 2


def test_le_nombre_de_fichiers_d_un_dossier_est_borne(client, dossier, settings):
    settings.DOSSIER_FICHIERS_MAX = 2

    reponse = deposer(client, dossier, "libre", *(fichier(f"{rang}.pdf", pdf(pages=rang)) for rang in (1, 2, 3)))

    assert donnees(dossier) == [("libre", "1.pdf"), ("libre", "2.pdf")]
    assert "« 3.pdf » n’est pas ajouté : un dossier compte 2 fichiers au plus. Retirez-en un" in texte(reponse)


def test_le_poids_des_fichiers_d_un_dossier_est_borne_a_l_octet(client, dossier, settings):
    un, deux = pdf(pages=1), pdf(pages=2)
    settings.DOSSIER_TAILLE_MAX = len(un) + len(deux)
    assert deposer(client, dossier, "libre", fichier("1.pdf", un), fichier("2.pdf", deux)).status_code == 200

    PieceJustificative.objects.filter(fichier__nom="2.pdf").update(retiree_le=DEPOT_OUVERT)
    settings.DOSSIER_TAILLE_MAX -= 1
    reponse = deposer(client, dossier, "libre", fichier("2.pdf", deux))

    assert donnees(dossier) == [("libre", "1.pdf")]
    assert "« 2.pdf »" in texte(reponse)
    assert f"il reste {len(deux) - 1} octets. Réduisez-le ou retirez un autre fichier." in texte(reponse)


def test_une_piece_retiree_rend_sa_place(client, dossier, settings):
    settings.DOSSIER_FICHIERS_MAX = 1
    deposer(client, dossier, "libre", fichier("1.pdf", pdf(pages=1)))

    reponse = deposer(client, dossier, "libre", fichier("2.pdf", pdf(pages=2)), remplacer="on")

    assert reponse.status_code == 200
    assert donnees(dossier) == [("libre", "2.pdf")]


# --- Replacing, withdrawing --------------------------------------------------------------------------------
def test_remplacer_ecarte_les_anciens_et_les_garde_en_memoire(client, dossier):
    deposer(client, dossier, "rib", fichier("ancien.pdf", pdf(pages=1)))
    assert "Remplacer ce qui est déjà donné ici" in texte(client.get(adresse(dossier)))

    reponse = deposer(client, dossier, "rib", fichier("nouveau.pdf", pdf(pages=2)), remplacer="on")

    assert donnees(dossier) == [("rib", "nouveau.pdf")]
    ancienne = dossier.pieces.get(fichier__nom="ancien.pdf")
    assert ancienne.retiree_le is not None
    assert "Versions précédentes (1)" in texte(reponse)
    assert "ancien.pdf (" in texte(reponse)
    assert client.get(ancienne.fichier.get_absolute_url()).getvalue() == ancienne.fichier.lire()


def test_un_remplacement_refuse_laisse_l_ancien(client, dossier):
    deposer(client, dossier, "rib", fichier("ancien.pdf"))

    deposer(client, dossier, "rib", fichier("faux.pdf", b"rien"), remplacer="on")

    assert donnees(dossier) == [("rib", "ancien.pdf")]


def test_retirer_une_piece(client, dossier):
    deposer(client, dossier, "rapport_activite", fichier("rapport.pdf"))
    piece = dossier.pieces.get()

    reponse = client.post(adresse(dossier, "piece_retirer", piece.pk), follow=True)

    assert "« rapport.pdf » est retiré." in texte(reponse)
    assert "0 sur 2 pièces obligatoires données" in texte(reponse)
    assert donnees(dossier) == []
    assert client.post(adresse(dossier, "piece_retirer", piece.pk)).status_code == 404
    assert client.get(adresse(dossier, "piece_retirer", piece.pk)).status_code == 405


# --- Without a file -------------------------------------------------------------------------------------------
def declarer(client, dossier, code, **champs):
    return client.post(adresse(dossier, "piece_declarer", code), champs, follow=True)


@pytest.fixture
def gros(client):
    """An association above the threshold: the auditor's report is due, by file or by reference."""
    dossier = DossierFactory(subventions_publiques="153000.01")
    client.force_login(dossier.cree_par)
    return dossier


def test_la_reference_au_journal_officiel_vaut_le_fichier(client, gros):
    reponse = declarer(client, gros, "rapport_cac", reference="  JO, annonce n° 12 du 3 mai 2022 ")

    assert "La référence est enregistrée." in texte(reponse)
    assert "Référence : JO, annonce n° 12 du 3 mai 2022" in texte(reponse)
    assert donnees(gros) == [("rapport_cac", "JO, annonce n° 12 du 3 mai 2022")]
    assert "rapport_cac" not in {p.code for p in relire(gros).pieces_manquantes}


def test_une_nouvelle_reference_prend_la_place_de_l_ancienne_une_meme_ne_change_rien(client, gros):
    for reference in ("un", "deux", "deux"):
        declarer(client, gros, "rapport_cac", reference=reference)

    assert donnees(gros) == [("rapport_cac", "deux")]
    assert gros.pieces.count() == 2


def test_au_dessus_du_seuil_non_concerne_n_est_pas_propose_et_est_refuse(client, gros):
    assert "Non concerné" not in texte(client.get(adresse(gros)))

    reponse = declarer(client, gros, "rapport_cac", non_concerne="1")

    assert reponse.status_code == 422
    assert "« Rapport du commissaire aux comptes » vous concerne : joignez le document." in texte(reponse)
    assert donnees(gros) == []


def test_non_concerne_ne_compte_plus_quand_le_seuil_est_franchi(client, dossier):
    Dossier.objects.filter(pk=dossier.pk).update(subventions_publiques="153000.00")
    reponse = declarer(client, dossier, "rapport_cac", non_concerne="1")
    assert "Vous êtes déclaré non concerné." in texte(reponse)
    assert donnees(dossier) == [("rapport_cac", "non concerné")]

    Dossier.objects.filter(pk=dossier.pk).update(subventions_publiques="153000.01")

    assert "rapport_cac" in {piece.code for piece in relire(dossier).pieces_manquantes}
    assert "0 sur 3 pièces obligatoires données" in texte(client.get(adresse(dossier)))


def test_un_fichier_efface_la_declaration_de_n_etre_pas_concerne(client, dossier):
    Dossier.objects.filter(pk=dossier.pk).update(subventions_publiques="153000.00")
    declarer(client, dossier, "rapport_cac", non_concerne="1")
    deposer(client, dossier, "rapport_cac", fichier("cac.pdf"))
    assert donnees(dossier) == [("rapport_cac", "cac.pdf")]

    reponse = declarer(client, dossier, "rapport_cac", non_concerne="1")

    assert "Vous avez déjà donné ce document : retirez-le avant de vous déclarer non concerné." in texte(reponse)
    assert donnees(dossier) == [("rapport_cac", "cac.pdf")]


@pytest.mark.parametrize(
    ("code", "champs", "phrase"),
    [
        ("rapport_cac", {"reference": ""}, "Saisissez la référence de la publication."),
        ("rapport_cac", {"reference": "x" * 201}, "au plus 200 caractères"),
        ("rib", {"reference": "JO"}, "« Relevé d’identité bancaire » se donne par un fichier, non par une référence."),
        ("rib", {"non_concerne": "1"}, "« Relevé d’identité bancaire » vous concerne : joignez le document."),
    ],
)
def test_une_declaration_refusee_dit_pourquoi(client, dossier, code, champs, phrase):
    reponse = declarer(client, dossier, code, **champs)

    assert reponse.status_code == 422
    assert phrase in texte(reponse)
    assert donnees(dossier) == []


def test_une_reference_trop_longue_reste_dans_son_champ(client, dossier):
    assert f'value="{"x" * 201}"' in declarer(client, dossier, "rapport_cac", reference="x" * 201).content.decode()


# --- The list follows the situation ------------------------------------------------------------------------------
def coordinateur_emergent():
    dossier = DossierFactory(structure=StructureFactory(situation="emergente"))
    poste = PosteETPFactory(structure=dossier.structure, metier="coordinateur")
    LignePosteFactory(plan=dossier.plan, poste=poste)
    return dossier


def relire(dossier):
    return Dossier.objects.avec_contenu().get(pk=dossier.pk)


def test_la_liste_suit_les_postes_demandes_et_dit_ce_qui_vaut_a_defaut(client):
    dossier = coordinateur_emergent()
    client.force_login(dossier.cree_par)

    page = texte(client.get(adresse(dossier)))

    assert "0 sur 3 pièces obligatoires données" in page
    assert (
        "À défaut, donnez ensemble, plus bas : Attestation de compétences sur l’honneur et "
        "Rapport d’activité montrant l’expérience de la clause sociale." in page
    )


def test_une_piece_qui_n_est_plus_demandee_reste_et_peut_se_retirer(client, dossier):
    ligne = LignePosteFactory(
        plan=dossier.plan, poste=PosteETPFactory(structure=dossier.structure, metier="coordinateur")
    )
    deposer(client, dossier, "attestation_structure", fichier("ave.pdf"))
    ligne.delete()

    page = texte(client.get(adresse(dossier)))
    assert "Pièces qui ne sont plus demandées" in page
    assert deposer(client, dossier, "attestation_structure", fichier("autre.pdf", pdf(pages=2))).status_code == 404
    client.post(adresse(dossier, "piece_retirer", dossier.pieces.get().pk))

    assert donnees(dossier) == []


def test_une_zone_blanche_couverte_demande_l_attestation_a_une_structure_existante(client, dossier):
    LignePosteFactory(plan=dossier.plan, poste=PosteETPFactory(structure=dossier.structure))
    assert "Attestation de structure" not in texte(client.get(adresse(dossier)))

    ZoneBlancheFactory(commune=dossier.communes[0])

    page = texte(client.get(adresse(dossier)))
    assert "Attestation de structure (type AVE ou autre) Manquante" in page
    assert "Vous portez déjà un poste et demandez à couvrir une zone blanche." in page


def test_un_fichier_infecte_ne_compte_pas_et_c_est_dit(client, dossier):
    deposer(client, dossier, "rapport_activite", fichier("rapport.pdf"))
    Fichier.objects.update(analyse=Analyse.INFECTE)

    page = texte(client.get(adresse(dossier)))

    assert "Ce fichier contient un virus : il n’est lisible par personne et ne compte pas. Remplacez-le" in page
    assert "0 sur 2 pièces obligatoires données" in page


# --- Who, and when --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("code", ["inconnue", "lettre_recommandation", "attestation_structure"])
def test_une_piece_que_la_liste_n_attend_pas_est_introuvable(client, dossier, code):
    assert deposer(client, dossier, code, fichier()).status_code == 404
    assert declarer(client, dossier, code, reference="JO").status_code == 404
    assert (donnees(dossier), Fichier.objects.count()) == ([], 0)


def test_l_echelle_des_droits(client):
    dossier = DossierFactory()
    ancienne = dossier.pieces.create(code="libre", reference="JO", ajoutee_par=dossier.cree_par)
    attendus = [
        (UtilisateurFactory(lecteur_de=dossier.structure), 200, 403),
        (UtilisateurFactory(signataire_de=StructureFactory()), 404, 404),
        (UtilisateurFactory(instructeur_de=dossier.campagne.service), 404, 404),
    ]

    for personne, lecture, ecriture in attendus:
        client.force_login(personne)
        assert client.get(adresse(dossier)).status_code == lecture
        assert client.get(adresse(dossier, "pieces_resume")).status_code == lecture
        assert deposer(client, dossier, "rib", fichier()).status_code == ecriture
        assert declarer(client, dossier, "rapport_cac", reference="x").status_code == ecriture
        assert client.post(adresse(dossier, "piece_retirer", ancienne.pk)).status_code == ecriture
    assert donnees(dossier) == [("libre", "JO")]

    for droit in ("redacteur_de", "signataire_de"):
        client.force_login(UtilisateurFactory(**{droit: dossier.structure}))
        assert deposer(client, dossier, "rib", fichier(f"{droit}.pdf", pdf(pages=len(droit)))).status_code == 200
    assert len(donnees(dossier)) == 3


def test_la_piece_d_un_autre_dossier_est_introuvable(client, dossier):
    autre = DossierFactory()
    piece = autre.pieces.create(code="libre", reference="JO", ajoutee_par=autre.cree_par)

    assert client.post(adresse(dossier, "piece_retirer", piece.pk)).status_code == 404
    assert donnees(autre) == [("libre", "JO")]


def incomplet():
    """Filed without its annual accounts; its other pieces were filed with it."""
    dossier = dossier_depose()
    dossier.pieces.filter(code="comptes_annuels").delete()
    dossier.pieces.update(ajoutee_le=DEPOT_OUVERT - timedelta(days=1))
    Dossier.objects.filter(pk=dossier.pk).update(incomplet=True)
    DemandeComplement.objects.demander_les_pieces(dossier, relire(dossier).pieces_manquantes, le=DEPOT_OUVERT)
    return relire(dossier)


def test_un_dossier_depose_incomplet_recoit_encore_ses_pieces(client):
    dossier = incomplet()
    client.force_login(dossier.cree_par)
    avant = texte(client.get(adresse(dossier)))

    reponse = deposer(client, dossier, "comptes_annuels", fichier("comptes.pdf"))

    assert "À envoyer au plus tard le 30 septembre 2022 inclus" in avant
    assert "Relire et envoyer ma réponse" in texte(reponse)
    assert ("comptes_annuels", "comptes.pdf") in donnees(dossier)


def test_ce_qui_a_ete_depose_ne_se_retire_plus_ce_qui_est_venu_apres_si(client):
    dossier = incomplet()
    client.force_login(dossier.cree_par)
    deposer(client, dossier, "comptes_annuels", fichier("comptes.pdf"))
    deposee, nouvelle = dossier.pieces.get(code="rapport_activite"), dossier.pieces.get(code="comptes_annuels")

    refus = client.post(adresse(dossier, "piece_retirer", deposee.pk))
    accord = client.post(adresse(dossier, "piece_retirer", nouvelle.pk), follow=True)

    assert refus.status_code == 422
    assert "Cette pièce fait partie du dossier déposé : elle ne peut plus être retirée." in texte(refus)
    assert "« comptes.pdf » est retiré." in texte(accord)
    assert [code for code, _ in donnees(dossier)] == ["rapport_activite"]


def test_un_dossier_incomplet_ne_recoit_que_les_pieces_qui_manquent_et_les_pieces_libres(client):
    dossier = incomplet()
    client.force_login(dossier.cree_par)

    refus = deposer(client, dossier, "rapport_activite", fichier("nouveau.pdf"), remplacer="on")
    deposer(client, dossier, "libre", fichier("libre.pdf", pdf(pages=2)))

    assert refus.status_code == 403
    assert sorted(donnees(dossier)) == [("libre", "libre.pdf"), ("rapport_activite", "JO du 3 mai 2022")]
