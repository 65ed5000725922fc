import io
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import page as verificateur
import pikepdf
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertNumQueries

from aap_portal.courriels.models import Courriel
from aap_portal.referentiel.erreurs import ErreurMetier
from conventions.document import calendrier
from conventions.models import Convention, Versement
from conventions.taches import editer_convention, suivre_les_conventions
from tests.factories import StructureFactory, UtilisateurFactory, decision_acceptee, dossier_depose

pytestmark = pytest.mark.django_db(transaction=True)


def convention_preparee(**champs):
    decision = decision_acceptee(**champs)
    return Convention.objects.preparer(decision, effet_le=date(2023, 1, 1), cibles={}, par=decision.decidee_par)


def convention_editee(**champs):
    convention = convention_preparee(**champs)
    convention.demander_edition()
    convention.refresh_from_db()
    return convention


def administrateur(convention):
    return convention.decision.decidee_par


def contenu(convention):
    with convention.document.ouvrir() as fichier:
        return fichier.read()


def texte_du_pdf(octets, tmp_path):
    import subprocess

    chemin = tmp_path / "convention.pdf"
    chemin.write_bytes(octets)
    return subprocess.run(["pdftotext", "-layout", chemin, "-"], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize(
    ("notifiee", "premiere"),
    [("2022-12-01 09:00+03:00", "Limite de signature"), ("2023-01-20 09:00+03:00", "Prise d’effet")],
)
def test_l_annexe_iv_suit_l_ordre_des_dates(notifiee, premiere):
    convention = convention_preparee(notifiee_le=datetime.fromisoformat(notifiee))

    jours, echeances = zip(*calendrier(Convention.objects.avec_contenu().get(pk=convention.pk)), strict=True)

    assert sorted(jours) == list(jours)
    assert echeances[0].startswith(premiere)
    assert echeances[-1] == "Terme"
    assert len(echeances) == 5


@time_machine.travel("2022-12-05 08:00+03:00")
def test_le_document_edite_est_accessible_archivable_et_complet(tmp_path):
    convention = convention_editee(montant="27999.99")

    octets = contenu(convention)
    texte = " ".join(texte_du_pdf(octets, tmp_path).split())
    assert convention.etat == Convention.Etat.EDITEE
    with pikepdf.open(io.BytesIO(octets)) as pdf:
        assert len(pdf.pages) > 3
    for profil in ("ua1", "3a"):
        rapport = verificateur.validate_pdf(str(tmp_path / "convention.pdf"), profile=profil)
        assert rapport.is_compliant, rapport
    for attendu in (
        "n° DEETS976-CSI-2022-001",
        "vingt-sept mille neuf cent quatre-vingt-dix-neuf euros et quatre-vingt-dix-neuf centimes",
        "13 999,99 €",
        "14 000,00 €",
        "L. 612-4 du code de commerce",
        "Fait en trois exemplaires, à Mamoudzou.",
        "16 décembre 2022",
        "31 octobre 2023",
    ):
        # A line may end at a hyphen: where depends on the fonts of the machine.
        assert attendu in texte.replace("\u202f", " ").replace("\u00a0", " ").replace("- ", "-")


@time_machine.travel("2022-12-05 08:00+03:00")
def test_le_document_est_edite_une_seule_fois_et_fige():
    convention = convention_editee()
    empreinte = convention.document.sha256

    editer_convention.call(convention.pk)

    convention.refresh_from_db()
    assert convention.document.sha256 == empreinte
    assert convention.plan.est_fige
    with pytest.raises(ErreurMetier) as refus:
        convention.demander_edition()
    assert refus.value.codes == ["deja_editee"]
    assert Courriel.objects.filter(cle=f"convention-editee-{convention.pk}").count() == 1


@time_machine.travel("2022-12-10 08:00+03:00")
def test_la_seconde_signature_rend_l_avance_due_a_sa_date():
    with time_machine.travel("2022-12-05 08:00+03:00"):
        convention = convention_editee()
    par = administrateur(convention)

    convention.enregistrer_signature("etat", le=date(2022, 12, 9), par=par)
    assert (convention.etat, convention.avance.etat) == (Convention.Etat.EDITEE, Versement.Etat.PREVU)
    convention.enregistrer_signature("structure", le=date(2022, 12, 8), par=par)

    avance = Versement.objects.get(convention=convention, nature="avance")
    assert convention.etat == Convention.Etat.SIGNEE
    assert (avance.etat, avance.du_le, avance.montant) == (Versement.Etat.DU, date(2022, 12, 9), Decimal("14000.00"))


@pytest.mark.parametrize("jour", [date(2022, 12, 4), date(2022, 12, 11)])
@time_machine.travel("2022-12-10 08:00+03:00")
def test_une_signature_ne_precede_pas_l_edition_et_n_est_pas_a_venir(client, jour):
    with time_machine.travel("2022-12-05 08:00+03:00"):
        convention = convention_editee()
    client.force_login(administrateur(convention))

    reponse = client.post(
        reverse("conventions:convention_signer", args=[convention.numero, "structure"]), {"le": jour.isoformat()}
    )

    assertContains(
        reponse, "La date de signature va du jour de l’édition de la convention à aujourd’hui.", status_code=422
    )
    convention.refresh_from_db()
    assert convention.signature_structure_le is None


@time_machine.travel("2022-12-10 08:00+03:00")
def test_une_signature_deja_enregistree_est_refusee():
    convention = convention_editee()
    convention.enregistrer_signature("etat", le=date(2022, 12, 10), par=administrateur(convention))

    with pytest.raises(ErreurMetier) as refus:
        convention.enregistrer_signature("etat", le=date(2022, 12, 10), par=administrateur(convention))

    assert refus.value.codes == ["signature_faite"]


def test_une_convention_signee_suit_le_calendrier_de_son_service():
    with time_machine.travel("2022-12-05 08:00+03:00"):
        convention = convention_editee()
        for partie in ("structure", "etat"):
            convention.enregistrer_signature(partie, le=date(2022, 12, 5), par=administrateur(convention))
    etats = []
    for instant in (
        "2022-12-31 23:59:59+03:00",
        "2023-01-01 00:00+03:00",
        "2023-12-31 23:59:59+03:00",
        "2024-01-01 00:00+03:00",
    ):
        with time_machine.travel(instant, tick=False):
            suivre_les_conventions()
        convention.refresh_from_db()
        etats.append(convention.etat)

    assert etats == ["signee", "en_cours", "en_cours", "echue"]


def test_la_structure_voit_sa_convention_une_fois_editee_et_une_autre_jamais(client):
    convention = convention_preparee()
    membre = UtilisateurFactory(lecteur_de=convention.dossier.structure)
    etrangere = UtilisateurFactory(signataire_de=StructureFactory())
    adresse = reverse("conventions:convention", args=[convention.numero])

    codes = {}
    for nom, personne in {"membre": membre, "etrangere": etrangere}.items():
        client.force_login(personne)
        codes[nom] = [client.get(adresse).status_code]
    convention.demander_edition()
    convention.refresh_from_db()
    for nom, personne in {"membre": membre, "etrangere": etrangere}.items():
        client.force_login(personne)
        telechargement = client.get(convention.document.get_absolute_url())
        telechargement.close()
        codes[nom] += [client.get(adresse).status_code, telechargement.status_code]

    assert codes == {"membre": [404, 200, 200], "etrangere": [404, 404, 404]}


def test_un_membre_externe_du_copil_ne_voit_aucune_convention(client):
    convention = convention_editee()
    client.force_login(UtilisateurFactory(membre_copil_de=convention.dossier.campagne.service))

    liste = client.get(reverse("conventions:conventions"))

    assertNotContains(liste, convention.numero)
    assert client.get(reverse("conventions:convention", args=[convention.numero])).status_code == 404


def test_une_structure_n_edite_ni_ne_signe(client):
    convention = convention_editee()
    client.force_login(UtilisateurFactory(signataire_de=convention.dossier.structure))

    edition = client.post(reverse("conventions:convention_editer", args=[convention.numero]))
    signature = client.post(
        reverse("conventions:convention_signer", args=[convention.numero, "etat"]), {"le": "2022-12-10"}
    )

    assert (edition.status_code, signature.status_code) == (403, 403)


def test_l_export_a_les_filtres_de_l_ecran_et_garde_le_zero_des_siret(client):
    convention = convention_editee()
    autre = convention_preparee()
    structure = convention.dossier.structure
    type(structure).objects.filter(pk=structure.pk).update(siret="01234567800010", denomination="=1+1")
    client.force_login(administrateur(convention))
    _habiliter(administrateur(convention), autre)

    reponse = client.get(reverse("conventions:conventions_exporter"), {"etat": "editee"})

    feuille = openpyxl.load_workbook(io.BytesIO(reponse.content)).active
    lignes = list(feuille.iter_rows(min_row=2, values_only=True))
    assert [ligne[:4] for ligne in lignes] == [(convention.numero, convention.dossier.numero, "=1+1", "01234567800010")]
    assert feuille["C2"].data_type == "s"
    assert Decimal(str(lignes[0][7])) == Decimal("28000.00")


def test_la_liste_fait_autant_de_requetes_pour_une_et_pour_trois_conventions(client):
    premiere = convention_preparee()
    client.force_login(administrateur(premiere))
    adresse = reverse("conventions:conventions")
    client.get(adresse)  # the session notes its first page

    with CaptureQueriesContext(connection) as une:
        client.get(adresse)
    convention_preparee()
    convention_preparee()

    with assertNumQueries(len(une)):
        reponse = client.get(adresse)
    assertContains(reponse, "3 conventions")
    assert len(une) <= 15


def test_sans_convention_la_liste_dit_comment_il_en_vient(client):
    dossier = dossier_depose()
    client.force_login(UtilisateurFactory(lecteur_de=dossier.structure))

    reponse = client.get(reverse("conventions:conventions"))

    assertContains(reponse, "Quand un de vos dossiers est accepté, le service prépare la convention")


def _habiliter(personne, convention):
    assert convention.dossier.campagne.service_id in personne.services("administrateur")
