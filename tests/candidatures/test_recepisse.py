"""The receipt: page, PDF and mail say the same; made once, kept, readable by who sees the dossier."""

import io
import uuid
from datetime import timedelta

import page as controle
import pikepdf
import pytest
import time_machine
from django.urls import reverse

from aap_portal.courriels.models import Courriel
from aap_portal.fichiers.models import Fichier
from candidatures.instantane import empreinte
from candidatures.models import Depot, Dossier, PieceJustificative
from candidatures.taches import produire_recepisse
from tests.candidatures.textes import aplatir, texte
from tests.factories import DEPOT_OUVERT, DossierFactory, StructureFactory, UtilisateurFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def en_periode_de_depot():
    with time_machine.travel(DEPOT_OUVERT.replace(hour=23, minute=59, second=7), tick=False):
        yield


@pytest.fixture
def dossier():
    dossier = DossierFactory(complet=True)
    piece = dossier.pieces.get(code="rapport_activite")
    piece.fichier = Fichier.objects.produire(b"%PDF-1.7 rapport", nom="rapport 2021.pdf", type_mime="application/pdf")
    piece.reference = ""
    piece.save()
    return dossier


def depot_de(dossier, **options):
    return Depot.objects.deposer(dossier, par=dossier.cree_par, cle=uuid.uuid4(), **options)


def adresse(dossier, rang=1):
    return reverse("candidatures:recepisse", args=[dossier.numero, rang])


def test_le_recepisse_porte_ses_mentions(client, dossier):
    depot = depot_de(dossier)
    client.force_login(dossier.cree_par)

    page = texte(client.get(adresse(dossier)))

    fichier = dossier.pieces.get(code="rapport_activite").fichier
    for mention in (
        f"{dossier.numero} : déposé, complet, le 15 septembre 2022 à 23 h 59 (heure de Mayotte)",
        "Horodatage du serveur 2022-09-15 23:59:07+03:00",
        f"Déposé par {dossier.cree_par.get_full_name()}",
        "Sous réserve que la demande soit complète, le silence gardé jusqu’au 15 novembre 2022 vaut décision implicite de rejet",
        "dans un délai de deux mois à compter de la date à laquelle il intervient, d’un recours gracieux auprès du préfet de Mayotte",
        "devant le tribunal administratif de Mayotte",
        "Un recours gracieux ou hiérarchique formé dans ce délai le conserve pour le recours contentieux.",
        "Reçu le 15 septembre 2022 à 23 h 59 (heure de Mayotte)",
        "Service chargé du dossier DEETS de Mayotte",
        "Adresse 3 bis rue Mahabou, 97600 Mamoudzou",
        "insertion@deets.example",
        "02 69 00 00 00",
        f"rapport 2021.pdf 16 octets {fichier.sha256}",
        f"figées à cet instant : {depot.empreinte}",
        "Demande 1,00 ETP, 28 000,00 €",
    ):
        assert mention in page


def test_l_instantane_fige_les_reponses_et_son_empreinte(dossier):
    depot = depot_de(dossier)
    avant = depot.instantane
    dossier.pieces.all().update(retiree_le=DEPOT_OUVERT)

    depot = Depot.objects.get()
    assert depot.instantane == avant
    assert empreinte(depot.instantane) == depot.empreinte
    assert depot.instantane["dossier"]["diagnostic"] == dossier.diagnostic


def test_le_pdf_est_fait_apres_la_validation_puis_se_telecharge(client, dossier, django_capture_on_commit_callbacks):
    client.force_login(dossier.cree_par)
    with django_capture_on_commit_callbacks() as suites:
        depot = depot_de(dossier)
    page = client.get(adresse(dossier))
    assert "Le récépissé PDF est en préparation." in texte(page)
    assert 'hx-trigger="every 3s"' in page.content.decode()

    for suite in suites:
        suite()

    depot.refresh_from_db()
    page = client.get(adresse(dossier))
    assert "Télécharger le récépissé PDF" in texte(page)
    assert "hx-trigger" not in page.content.decode().split('id="recepisse-pdf"')[1].split("</div>")[0]
    fichier = client.get(depot.recepisse.get_absolute_url())
    assert fichier.getvalue() == depot.recepisse.lire()
    assert f"recepisse-{dossier.numero}-1.pdf" in fichier["Content-Disposition"]


def test_le_pdf_est_valide_accessible_et_porte_son_titre(dossier):
    depot = depot_de(dossier)
    produire_recepisse.call(depot.pk)

    depot.refresh_from_db()
    contenu = depot.recepisse.lire()
    assert controle.validate_pdf_bytes(contenu, profile="ua1").is_compliant
    with pikepdf.open(io.BytesIO(contenu)) as document:
        assert str(document.docinfo["/Title"]) == f"Récépissé de dépôt du dossier {dossier.numero}"


def test_refaire_la_tache_ne_refait_pas_le_document(dossier):
    depot = depot_de(dossier)
    produire_recepisse.call(depot.pk)
    premier = Depot.objects.get().recepisse

    produire_recepisse.call(depot.pk)

    assert Depot.objects.get().recepisse == premier
    assert Fichier.objects.filter(nom__startswith="recepisse-").count() == 1


def test_le_deposant_et_le_contact_recoivent_les_memes_mentions(client, dossier):
    depot_de(dossier)

    courriels = Courriel.objects.order_by("destinataire")

    assert {courriel.destinataire for courriel in courriels} == {dossier.contact_courriel, dossier.cree_par.email}
    for courriel in courriels:
        corps = aplatir(courriel.corps)
        assert courriel.objet == f"Dossier {dossier.numero} déposé : votre récépissé"
        assert (
            "a été déposé le 15 septembre 2022 à 23 h 59 (heure de Mayotte). Ce message en accuse réception." in corps
        )
        assert "le silence gardé jusqu’au 15 novembre 2022 vaut décision implicite de rejet" in corps
        assert "recours contentieux devant le tribunal administratif de Mayotte" in corps
        assert adresse(dossier) in corps
        assert "&" not in corps


def test_le_meme_courriel_n_est_envoye_qu_une_fois(dossier):
    dossier.contact_courriel = dossier.cree_par.email.upper()
    dossier.save()

    depot_de(dossier)

    assert Courriel.objects.count() == 1


def test_le_courriel_d_un_depot_incomplet_dit_ce_qui_manque_et_avant_quand(dossier):
    PieceJustificative.objects.filter(dossier=dossier, code="comptes_annuels").delete()

    depot_de(dossier, manques_admis=True)

    corps = aplatir(Courriel.objects.first().corps)
    assert "Donnez les pièces qui manquent au plus tard le 30 septembre 2022" in corps
    assert "- Comptes annuels du dernier exercice clos" in corps


def test_qui_lit_le_recepisse_et_les_pieces(client, dossier):
    depot = depot_de(dossier)
    produire_recepisse.call(depot.pk)
    depot.refresh_from_db()
    piece = dossier.pieces.get(code="rapport_activite").fichier
    service = dossier.campagne.service
    personnes = {
        "signataire": (dossier.cree_par, 200),
        "lecteur": (UtilisateurFactory(lecteur_de=dossier.structure), 200),
        "instructeur": (UtilisateurFactory(instructeur_de=service), 200),
        "etranger": (UtilisateurFactory(signataire_de=StructureFactory()), 404),
        "copil": (UtilisateurFactory(membre_copil_de=service), 404),
    }
    for nom, (personne, statut) in personnes.items():
        client.force_login(personne)
        adresses = [adresse(dossier), depot.recepisse.get_absolute_url(), piece.get_absolute_url()]
        assert [statut_de(client, lien) for lien in adresses] == [statut] * 3, nom


def statut_de(client, lien):
    reponse = client.get(lien)
    reponse.getvalue()  # a file left open would warn
    return reponse.status_code


def test_une_piece_retiree_avant_le_depot_ne_se_lit_que_dans_la_structure(client, dossier):
    piece = dossier.pieces.get(code="rapport_activite")
    PieceJustificative.objects.filter(pk=piece.pk).update(retiree_le=DEPOT_OUVERT)
    depot_de(dossier, manques_admis=True)
    lien = piece.fichier.get_absolute_url()

    for personne, statut in (
        (dossier.cree_par, 200),
        (UtilisateurFactory(instructeur_de=dossier.campagne.service), 404),
        (UtilisateurFactory(signataire_de=StructureFactory()), 404),
    ):
        client.force_login(personne)
        assert statut_de(client, lien) == statut


def test_un_recepisse_absent_est_introuvable(client, dossier):
    client.force_login(dossier.cree_par)

    assert client.get(adresse(dossier, 1)).status_code == 404


def test_un_changement_de_la_campagne_ne_change_pas_un_recepisse_donne(client, dossier):
    """What it says was a promise at that instant, on the page as in the PDF and the mail."""
    with time_machine.travel(dossier.campagne.cloture_le, tick=False):
        depot_de(dossier, manques_admis=True)
    type(dossier.campagne).objects.update(
        cloture_le=dossier.campagne.cloture_le + timedelta(days=30), delai_rejet_implicite_mois=6
    )
    client.force_login(dossier.cree_par)

    page = texte(client.get(adresse(dossier)))

    assert "le dépôt était ouvert jusqu’au 30 octobre 2022 à 23 h 59 (heure de Mayotte)" in page
    assert "le silence gardé jusqu’au 31 décembre 2022 vaut décision implicite de rejet" in page


def test_les_delais_de_distance_du_service_sont_dits_partout(client, dossier):
    phrase = "Ce délai est augmenté d’un mois pour les personnes qui ne demeurent pas à Mayotte."
    type(dossier.campagne.service).objects.update(recours_distance=phrase)
    depot_de(Dossier.objects.get(pk=dossier.pk))
    client.force_login(dossier.cree_par)

    assert phrase in texte(client.get(adresse(dossier)))
    assert phrase in aplatir(Courriel.objects.first().corps)
