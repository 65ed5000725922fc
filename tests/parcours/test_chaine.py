"""One dossier, end to end, as six people live it in their browsers."""

import hashlib
import io
from datetime import timedelta
from decimal import Decimal

import openpyxl
import page as controle
import pikepdf
import pytest
from django.utils import timezone

from candidatures.models import Dossier
from conventions.models import Convention
from tests.factories import (
    MOT_DE_PASSE,
    CampagneFactory,
    CommuneFactory,
    GrilleFactory,
    UtilisateurFactory,
    ZoneBlancheFactory,
)
from tests.parcours import porteur
from tests.parcours import service as deets

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def campagne():
    """Open today, with an envelope smaller than what will be asked for."""
    maintenant = timezone.now()
    campagne = CampagneFactory(
        annee=maintenant.year,
        ouverture_le=maintenant - timedelta(days=9),
        cloture_le=maintenant + timedelta(days=9),
        enveloppe=Decimal("20000.00"),
    )
    GrilleFactory(campagne=campagne)
    return campagne


def test_un_dossier_de_l_inscription_a_la_convention(page, campagne):
    commune = ZoneBlancheFactory(commune=CommuneFactory(nom="Bandrélé", code_insee="97602")).commune
    service = campagne.service
    agente, membre, en_conflit, administratrice = (
        UtilisateurFactory(email=f"{role}{rang}@exemple.fr", password=MOT_DE_PASSE, **{f"{role}_de": service})
        for rang, role in enumerate(["instructeur", "membre_copil", "membre_copil", "administrateur"])
    )

    porteur.ouvrir_un_compte(page)
    porteur.inscrire_sa_structure(page)
    numero = porteur.commencer_un_dossier(page)
    porteur.remplir_les_rubriques(page, numero)
    porteur.ajouter_un_poste(page, numero, commune)
    dossier = Dossier.objects.get(numero=numero)
    porteur.financer(page, numero, dossier.plan.lignes.get().pk)
    porteur.remplir_missions_et_budgets(page, numero)
    porteur.essayer_de_deposer_trop_tot(page, numero)
    porteur.attester(page, numero)
    porteur.donner_les_pieces(page, numero)
    recepisse = porteur.deposer(page, numero)
    assert controle.validate_pdf_bytes(recepisse, profile="ua1").is_compliant

    deets.entrer(page, agente)
    deets.instruire(page, numero)
    seance = deets.preparer_une_seance(page, numero, [membre, en_conflit])
    deets.ouvrir(page, seance)

    deets.entrer(page, en_conflit)
    deets.se_deporter(page, seance, numero)
    deets.entrer(page, membre)
    deets.noter(page, seance, numero)

    deets.entrer(page, agente)
    deets.clore(page, seance)
    deets.decider(page, seance, numero)
    deets.notifier(page, seance, numero)

    porteur.revenir(page)
    porteur.lire_la_decision(page, numero)

    deets.entrer(page, administratrice)
    convention, export = deets.conventionner(page, numero)
    assert controle.validate_pdf_bytes(convention, profile="ua1").is_compliant
    with pikepdf.open(io.BytesIO(convention)) as document:
        assert len(document.pages) >= 3
    feuille = openpyxl.load_workbook(io.BytesIO(export)).active
    entetes, ligne = list(feuille.iter_rows(values_only=True))[:2]
    lue = dict(zip(entetes, ligne, strict=True))
    assert (lue["Dossier"], lue["SIRET"]) == (numero, porteur.SIRET)
    assert [Decimal(str(lue[nom])) for nom in ("Montant", "Avance", "Solde")] == [20000, 10000, 10000]

    objet = Convention.objects.get()
    assert [versement.montant for versement in objet.versements.order_by("pk")] == [Decimal("10000.00")] * 2
    assert objet.document.sha256 == hashlib.sha256(convention).hexdigest()
    dossier.refresh_from_db()
    assert (dossier.etat, objet.etat) == (Dossier.Etat.ACCEPTE, Convention.Etat.EDITEE)
