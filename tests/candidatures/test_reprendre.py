"""Starting from last year's dossier: what is taken, what never is, what must be looked at again."""

from datetime import date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from aap_portal.referentiel.erreurs import ErreurMetier
from candidatures.models import Dossier, Partenaire
from candidatures.reprise import est_vierge, reprendre
from tests.candidatures.textes import texte
from tests.factories import (
    MAYOTTE,
    CampagneFactory,
    DossierFactory,
    LignePosteFactory,
    PosteETPFactory,
    StructureFactory,
    UtilisateurFactory,
    decision_acceptee,
    dossier_depose,
    siret,
)

pytestmark = pytest.mark.django_db
EN_2023 = datetime(2023, 9, 15, 10, 0, tzinfo=MAYOTTE)


@pytest.fixture(autouse=True)
def en_2023():
    with time_machine.travel(EN_2023, tick=False):
        yield


@pytest.fixture
def campagne_2023():
    return CampagneFactory(
        annee=2023, ouverture_le=datetime(2023, 7, 1, tzinfo=MAYOTTE), cloture_le=datetime(2023, 10, 31, tzinfo=MAYOTTE)
    )


def brouillon(source, campagne):
    return Dossier.objects.commencer(campagne=campagne, structure=source.structure, par=source.cree_par)


def repris(source, campagne):
    dossier = brouillon(source, campagne)
    reprendre(dossier, source, par=source.cree_par)
    return Dossier.objects.avec_contenu().get(pk=dossier.pk)


def test_les_reponses_et_les_tableaux_sont_repris_sans_attestation_ni_piece_ni_chiffre_date(campagne_2023):
    source = dossier_depose(
        salaries=7, realisation_debut_le=date(2022, 12, 1), mandataire_nom="Awa", indicateurs="Heures par trimestre"
    )
    Partenaire.objects.create(dossier=source, siret=siret(90), denomination="Commune", role="Prête un bureau.")

    dossier = repris(source, campagne_2023)

    for champ in ("contact_nom", "presentation", "diagnostic", "missions", "positions", "indicateurs", "implantation"):
        assert getattr(dossier, champ) == getattr(source, champ), champ
    for champ in ("salaries", "benevoles", "subventions_publiques", "realisation_debut_le"):
        assert getattr(dossier, champ) is None, champ
    for champ in ("aides_publiques", "qualite_signataire", "mandataire_nom"):
        assert getattr(dossier, champ) == "", champ
    assert not any(getattr(dossier, c) for c in dossier.champs_reponses() if c.startswith("atteste_"))
    assert (dossier.pieces.count(), source.pieces.count()) == (0, 2)
    for table in ("lignes_budget", "volumes", "projections", "partenaires"):
        assert getattr(dossier, table).count() == getattr(source, table).count() > 0, table
    assert dossier.volumes.get().marches_actuels is None
    assert (dossier.repris_de, dossier.frequence) == (source, "premiere")


def test_un_poste_refuse_est_redemande_comme_il_l_etait(campagne_2023):
    source = dossier_depose(etat=Dossier.Etat.IRRECEVABLE)

    dossier = repris(source, campagne_2023)

    ligne, avant = dossier.plan.lignes.get(), source.plan.lignes.get()
    assert ligne.pk != avant.pk
    assert (ligne.poste, ligne.nature, ligne.quotite_avant) == (avant.poste, "creation", Decimal(0))
    assert {(f.source, f.montant, f.etat) for f in ligne.financements.all()} == {
        ("aap", Decimal("28000.00"), "sollicite"),
        ("fonds_propres", Decimal("12000.00"), "sollicite"),
    }
    assert dossier.plan.fige_le is None


def test_un_poste_accorde_devient_existant_avec_son_financement_present(campagne_2023):
    source = Dossier.objects.get(pk=decision_acceptee(montant="20000.00").inscription.dossier_id)

    dossier = repris(source, campagne_2023)

    ligne = dossier.plan.lignes.get()
    assert (ligne.nature, ligne.quotite_avant, ligne.quotite_apres) == ("existant", Decimal(1), Decimal(1))
    assert {(f.source, f.precision, f.annee, f.montant, f.etat) for f in ligne.financements.all()} == {
        ("etat_autre", "Appel à projets 2022", 2022, Decimal("20000.00"), "acquis"),
        ("fonds_propres", "", 2022, Decimal("12000.00"), "sollicite"),
    }
    assert dossier.frequence == "renouvellement"
    assert dossier.constat.lignes == ()


def test_une_decision_que_la_structure_ignore_n_est_pas_dite(campagne_2023):
    source = Dossier.objects.get(pk=decision_acceptee(notifiee_le=None).inscription.dossier_id)

    dossier = repris(source, campagne_2023)

    assert (dossier.plan.lignes.get().nature, dossier.frequence) == ("creation", "premiere")


def test_les_annees_d_un_poste_existant_que_l_on_ne_demande_plus_ne_sont_pas_reprises(campagne_2023):
    source = DossierFactory(complet=True)
    ligne = LignePosteFactory(
        plan=source.plan, poste=PosteETPFactory(structure=source.structure), nature="existant", quotite_avant=Decimal(1)
    )
    for annee in (2021, 2022):
        ligne.financements.create(source="commune", annee=annee, montant=Decimal("30000.00"), etat="acquis")

    dossier = repris(source, campagne_2023)

    existante = dossier.plan.lignes.get(nature="existant")
    assert [(f.annee, f.etat) for f in existante.financements.all()] == [(2022, "acquis")]


def test_dans_la_meme_campagne_les_chiffres_dates_sont_repris():
    with time_machine.travel(datetime(2022, 9, 15, tzinfo=MAYOTTE), tick=False):
        source = dossier_depose(etat=Dossier.Etat.RETIRE)
        dossier = repris(source, source.campagne)

    assert (dossier.benevoles, dossier.subventions_publiques) == (20, Decimal("90000.00"))


@pytest.mark.parametrize("saisi", ["intitule", "poste", "volume", "partenaire"])
def test_un_brouillon_deja_commence_ne_se_remplace_pas(campagne_2023, saisi):
    source = dossier_depose()
    dossier = brouillon(source, campagne_2023)
    assert est_vierge(dossier)
    if saisi == "intitule":
        Dossier.objects.filter(pk=dossier.pk).update(intitule="À moi")
    elif saisi == "poste":
        LignePosteFactory(plan=dossier.plan, poste=PosteETPFactory(structure=dossier.structure))
    elif saisi == "volume":
        dossier.volumes.create(segment="etat", marches_prevus=0)
    else:
        dossier.partenaires.create(siret=siret(90), denomination="Commune", role="Prête un bureau.")

    with pytest.raises(ErreurMetier) as refus:
        reprendre(dossier, source, par=source.cree_par)

    assert refus.value.codes == ["pas_vierge"]


def test_le_dossier_d_une_autre_structure_ne_se_reprend_pas(client, campagne_2023):
    source, autre = dossier_depose(), dossier_depose(structure=StructureFactory())
    dossier = brouillon(source, campagne_2023)
    client.force_login(source.cree_par)

    reponse = client.post(reverse("candidatures:dossier_reprendre", args=[dossier.numero]), {"source": autre.numero})

    assert reponse.status_code == 422
    assert "Choisissez le dossier à reprendre." in texte(reponse)
    with pytest.raises(ErreurMetier, match="même structure"):
        reprendre(dossier, autre, par=source.cree_par)


def test_commencer_propose_de_reprendre_et_le_brouillon_dit_ce_qui_est_a_revoir(client, campagne_2023):
    source = decision_acceptee().inscription.dossier
    client.force_login(UtilisateurFactory(redacteur_de=source.structure))

    choix = client.post(
        reverse("candidatures:commencer"), {"structure": source.structure.pk, "campagne": campagne_2023.pk}, follow=True
    )
    dossier = Dossier.objects.get(campagne=campagne_2023)
    assert choix.redirect_chain[-1][0] == reverse("candidatures:dossier_reprendre", args=[dossier.numero])
    assert f"{source.numero} — Développer la clause sociale dans le Sud" in texte(choix)
    assert "Reprendre un dossier précédent" in texte(client.get(dossier.get_absolute_url()))

    page = texte(client.post(choix.redirect_chain[-1][0], {"source": source.numero}, follow=True))

    assert f"Le dossier {source.numero} est repris : réponses, tableaux" in page
    assert f"Repris du dossier {source.numero} : à revoir avant de déposer" in page
    for phrase in (
        "Les moyens humains et les montants du dernier exercice sont à saisir de nouveau.",
        "Les postes accordés sont repris comme existants",
        "Les pièces n’ont pas été reprises",
        "Les attestations sont à donner de nouveau.",
    ):
        assert phrase in page
    assert "Vous avez déjà un dossier" not in page


def test_sans_precedent_rien_n_est_propose(client, campagne_2023):
    dossier = DossierFactory(campagne=campagne_2023)
    client.force_login(dossier.cree_par)

    reponse = client.post(
        reverse("candidatures:commencer"), {"structure": dossier.structure.pk, "campagne": campagne_2023.pk}
    )

    assert reponse.url == dossier.get_absolute_url()
    assert "Reprendre un dossier" not in texte(client.get(dossier.get_absolute_url()))
