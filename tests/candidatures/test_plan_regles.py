"""The rules of the plan at their boundaries, to the cent, as the filing applies them (AAP 2022, B.2-3)."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aap_portal.referentiel.models import FinancementPoste, PlafondCategorie, Source
from aap_portal.referentiel.plafonds import Taux, subvention_max
from candidatures import signalements
from candidatures.verification import verifier_rubrique
from tests.candidatures.textes import aplatir
from tests.factories import DossierFactory, LignePosteFactory, PosteETPFactory, StructureFactory

pytestmark = pytest.mark.django_db


def ligne_de(dossier, **champs):
    intitule = champs.pop("intitule", "Facilitatrice Sud")
    poste = PosteETPFactory(structure=dossier.structure, intitule=intitule)
    ligne = LignePosteFactory(plan=dossier.plan, poste=poste, **champs)
    FinancementPoste.objects.filter(ligne=ligne, source__in=A_NOMMER).update(precision="Nom du financeur")
    return ligne


A_NOMMER = [source for source in Source if source.est_a_nommer]


def phrases(dossier):
    return [aplatir(obstacle.message) for obstacle in verifier_rubrique(dossier, "plan")]


def dossier_de(categorie="association", **sources):
    dossier = DossierFactory(structure=StructureFactory(categorie=categorie))
    ligne_de(dossier, sources=sources)
    return dossier


@pytest.mark.parametrize(
    ("categorie", "sources"),
    [
        ("association", {"aap": "28000.00", "fonds_propres": "12000.00"}),
        ("association", {"aap": "28000.00", "etat_autre": "12000.00"}),
        ("epci", {"aap": "28000.00", "epci": "12000.00"}),
        ("epa", {"aap": "28000.00", "fonds_propres": "12000.00"}),
        ("autre", {"aap": "0.01", "fonds_propres": "39999.99"}),
        ("collectivite", {"aap": "32000.00", "fonds_propres": "8000.00"}),
        ("collectivite", {"aap": "20000.00", "etat_autre": "12000.00", "fonds_propres": "8000.00"}),
        ("collectivite", {"aap": "32000.00", "europe": "8000.00"}),
        ("collectivite", {"aap": "32000.00", "asp": "8000.00"}),
    ],
)
def test_un_plan_au_plafond_exact_est_admis(categorie, sources):
    assert phrases(dossier_de(categorie, **sources)) == []


@pytest.mark.parametrize(
    ("categorie", "sources", "phrase"),
    [
        (
            "association",
            {"aap": "28000.01", "fonds_propres": "11999.99"},
            "« Facilitatrice Sud » : 28 000,01 € demandés, au plus 28 000,00 € possibles (plafond de 70 % de l’assiette "
            "de 40 000,00 €). Baissez la demande de 0,01 €.",
        ),
        (
            "epci",
            {"aap": "32000.00", "epci": "8000.00"},
            "« Facilitatrice Sud » : 32 000,00 € demandés, au plus 28 000,00 € possibles (plafond de 70 % de l’assiette "
            "de 40 000,00 €). Baissez la demande de 4 000,00 €.",
        ),
        (
            "collectivite",
            {"aap": "32000.01", "fonds_propres": "7999.99"},
            "« Facilitatrice Sud » : 32 000,01 € demandés, au plus 32 000,00 € possibles (plafond de 80 % de l’assiette "
            "de 40 000,00 €). Baissez la demande de 0,01 €.",
        ),
        (
            "collectivite",
            {"aap": "20000.01", "etat_autre": "12000.00", "fonds_propres": "7999.99"},
            "« Facilitatrice Sud » : 20 000,01 € demandés, au plus 20 000,00 € possibles (plafond de 80 % de l’assiette "
            "de 40 000,00 €, et 80 % pour toutes les aides de l’État, dont 12 000,00 € déjà comptés). "
            "Baissez la demande de 0,01 €.",
        ),
        (
            "association",
            {"aap": "28000.00", "fonds_propres": "11999.99"},
            "« Facilitatrice Sud » : il manque 0,01 € sur 40 000,00 €. Nommez le financeur de ce reste ; vos fonds "
            "propres en sont un.",
        ),
        (
            "association",
            {"aap": "28000.00", "fonds_propres": "12000.01"},
            "« Facilitatrice Sud » : les financements dépassent le coût de 0,01 €. Leur total doit être de 40 000,00 €.",
        ),
        (
            "association",
            {"fonds_propres": "40000.00"},
            "« Facilitatrice Sud » : indiquez la subvention demandée, au plus 28 000,00 €.",
        ),
    ],
)
def test_un_centime_de_plus_ou_de_moins_dit_le_chiffre_la_regle_et_le_remede(categorie, sources, phrase):
    assert phrases(dossier_de(categorie, **sources)) == [phrase]


def test_les_taux_viennent_de_la_campagne():
    dossier = dossier_de("epci", aap="32000.00", epci="8000.00")
    PlafondCategorie.objects.filter(campagne=dossier.campagne, categorie="epci").update(taux_aap=Decimal("0.8"))

    assert phrases(dossier) == []


def test_un_poste_trop_paye_n_en_paie_pas_un_autre():
    dossier = dossier_de("association", aap="28000.00", fonds_propres="13000.00")
    ligne_de(dossier, intitule="Nord", sources={"aap": "28000.00", "fonds_propres": "11000.00"})

    assert [phrase.split(" : ")[0] for phrase in phrases(dossier)] == ["« Facilitatrice Sud »", "« Nord »"]


@pytest.mark.parametrize(
    ("avant", "maintenant", "baisse"),
    [("30000", "30000", False), ("30000", "29999.99", True), ("30000", "31000", False)],
)
def test_le_financement_d_un_poste_existant_ne_baisse_pas_meme_d_un_centime(avant, maintenant, baisse):
    dossier = DossierFactory()
    ligne = ligne_de(dossier, nature="existant", quotite_avant=Decimal(1))
    ligne.financements.create(source="region_departement", annee=2021, montant=Decimal(avant))
    ligne.financements.create(source="region_departement", annee=2022, montant=Decimal(maintenant))
    attendue = (
        "« Facilitatrice Sud » : son financement passerait de 30 000,00 € en 2021 à 29 999,99 € en 2022. "
        "Il ne doit pas baisser : corrigez les montants (il manque 0,01 €), ou expliquez cette baisse, qui sera signalée au "
        "service."
    )

    assert phrases(dossier) == ([attendue] if baisse else [])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cout=st.decimals(min_value=1000, max_value=90000, places=2),
    quotite=st.decimals(min_value=Decimal("0.5"), max_value=1, places=2),
    collectivite=st.booleans(),
    autre=st.decimals(min_value=0, max_value=100, places=2),
)
def test_le_maximum_annonce_est_admis_et_un_centime_de_plus_refuse(cout, quotite, collectivite, autre):
    dossier = DossierFactory(structure=StructureFactory(categorie="collectivite" if collectivite else "association"))
    ligne = ligne_de(dossier, cout_annuel=cout, quotite_apres=quotite, sources={"etat_autre": autre})
    maximum = dossier.constat.maximum
    demande = ligne.financements.create(source="aap", montant=maximum)
    ligne.financements.create(source="fonds_propres", montant=dossier.constat.reste)
    assert maximum == subvention_max(
        dossier.constat.assiette,
        Taux(Decimal("0.8"), Decimal("0.8")) if collectivite else Taux(Decimal("0.7")),
        autre_etat=autre,
    )
    assert verifier_rubrique(dossier, "plan") == []

    FinancementPoste.objects.filter(pk=demande.pk).update(montant=maximum + Decimal("0.01"))

    assert [o.code for o in verifier_rubrique(dossier, "plan")] == ["plafond", "equilibre"]


# --- Named sources, falls with a reason -----------------------------------------------------------------
@pytest.mark.parametrize(
    "source", ["etat_autre", "epci", "commune", "organisme_social", "europe", "autre_public", "prive"]
)
def test_une_source_de_plusieurs_est_a_nommer(source):
    dossier = dossier_de(aap="28000.00", **{source: "12000.00"})
    assert phrases(dossier) == []

    FinancementPoste.objects.filter(source=source).update(precision=" ")

    assert phrases(dossier) == [f"« Facilitatrice Sud » : donnez le nom du financeur « {Source(source).label} »."]


@pytest.mark.parametrize("source", ["region_departement", "asp", "fonds_propres"])
def test_une_source_unique_est_nommee_par_elle_meme(source):
    dossier = dossier_de(aap="28000.00", **{source: "12000.00"})
    FinancementPoste.objects.update(precision="")

    assert phrases(dossier) == []


def test_un_montant_nul_n_a_pas_besoin_de_nom():
    dossier = dossier_de(aap="28000.00", fonds_propres="12000.00", commune="0.00")
    FinancementPoste.objects.update(precision="")

    assert phrases(dossier) == []


def test_une_collectivite_trop_aidee_par_l_etat_sait_ce_qu_il_faut_baisser():
    dossier = dossier_de("collectivite", aap="10.00", etat_autre="32000.01", fonds_propres="7989.99")

    assert phrases(dossier) == [
        "« Facilitatrice Sud » : les autres aides de l’État (32 000,01 €) dépassent à elles seules le plafond de 80 % de "
        "l’assiette de 40 000,00 €. Baissez-les de plus de 0,01 € pour qu’une subvention soit possible."
    ]


@pytest.mark.parametrize(("motif", "refusee"), [("", True), ("  \n", True), ("La CAF réoriente son aide.", False)])
def test_une_baisse_est_refusee_ou_expliquee_et_alors_signalee(motif, refusee):
    dossier = DossierFactory()
    ligne = ligne_de(dossier, nature="existant", quotite_avant=Decimal(1), motif_baisse=motif)
    for annee, montant in ((2021, "30000"), (2022, "30000"), (2023, "28000")):
        ligne.financements.create(source="region_departement", annee=annee, montant=Decimal(montant))

    codes = [obstacle.code for obstacle in verifier_rubrique(dossier, "plan")]

    assert codes == (["non_baisse"] if refusee else [])
    assert [aplatir(phrase) for phrase in signalements.du_plan(dossier)] == [
        "« Facilitatrice Sud » : son financement passerait de 30 000,00 € en 2022 à 28 000,00 € en 2023, soit 2 000,00 € de "
        "moins. " + ("Aucune raison n’est donnée." if refusee else "Raison donnée : « La CAF réoriente son aide. »")
    ]


@pytest.mark.parametrize(("motif", "refusee"), [("", True), (" ", True), ("Le département réoriente son aide.", False)])
def test_un_financeur_remplace_par_un_autre_est_refuse_ou_explique_et_alors_signale(motif, refusee):
    dossier = DossierFactory()
    ligne = ligne_de(dossier, nature="existant", quotite_avant=Decimal(1), motif_baisse=motif)
    ligne.financements.create(source="region_departement", annee=2021, montant=Decimal(30000))
    ligne.financements.create(source="fonds_propres", annee=2022, montant=Decimal(30000))
    passage = "« Facilitatrice Sud » : Département-Région passerait de 30 000,00 € en 2021 à 0,00 € en 2022"
    refus = (
        f"{passage}. Aucun financeur ne doit baisser, même remplacé par un autre : corrigez les montants "
        "(il manque 30 000,00 €), ou expliquez cette baisse, qui sera signalée au service."
    )
    raison = "Aucune raison n’est donnée." if refusee else f"Raison donnée : « {motif} »"

    assert phrases(dossier) == ([refus] if refusee else [])
    assert [aplatir(phrase) for phrase in signalements.du_plan(dossier)] == [
        f"{passage}, soit 30 000,00 € de moins (le total du poste ne baisse pas). {raison}"
    ]


@pytest.mark.parametrize(("apres", "refusee"), [("10000", False), ("9999.99", True)])
def test_la_baisse_prevue_d_un_financeur_est_refusee_meme_si_les_autres_se_taisent(apres, refusee):
    dossier = DossierFactory()
    ligne = ligne_de(dossier, nature="existant", quotite_avant=Decimal(1))
    for source in ("region_departement", "fonds_propres"):
        for annee in (2021, 2022):
            ligne.financements.create(source=source, annee=annee, montant=Decimal(10000))
    ligne.financements.create(source="region_departement", annee=2023, montant=Decimal(apres))
    passage = "« Facilitatrice Sud » : Département-Région passerait de 10 000,00 € en 2022 à 9 999,99 € en 2023"

    assert [phrase.split(". ")[0] for phrase in phrases(dossier)] == ([passage] if refusee else [])
    assert [aplatir(phrase) for phrase in signalements.du_plan(dossier)] == (
        [f"{passage}, soit 0,01 € de moins. Aucune raison n’est donnée."] if refusee else []
    )


@pytest.mark.parametrize(
    ("montants", "motif", "dit"),
    [
        ({}, "", False),
        ({}, "Le poste est vacant.", False),
        ({2021: "30000"}, "", False),
        ({2023: "30000"}, "", False),
        ({2022: "0"}, "", False),
        ({2021: "0", 2022: "0"}, "Le poste est vacant.", False),
        ({2021: "30000", 2022: "0"}, "Le poste a perdu son financeur.", True),
        ({2022: "0.01"}, "", True),
    ],
)
def test_un_poste_existant_dit_son_financement_de_l_annee(montants, motif, dit):
    dossier = DossierFactory()
    ligne = ligne_de(dossier, nature="existant", quotite_avant=Decimal(1), motif_baisse=motif)
    for annee, montant in montants.items():
        ligne.financements.create(source="region_departement", annee=annee, montant=Decimal(montant))

    obstacles = [(o.code, aplatir(o.message), o.champ) for o in verifier_rubrique(dossier, "plan")]

    phrase = "« Facilitatrice Sud » : indiquez son financement actuel, financeur par financeur."
    assert obstacles == ([] if dit else [("financement_actuel", phrase, f"ligne_{ligne.pk}")])


# --- 0,5 ETP over all the posts asked (reading 14) ------------------------------------------------------
@pytest.mark.parametrize(
    ("postes", "admis"),
    [
        ([("creation", "0", "0.49")], False),
        ([("creation", "0", "0.50")], True),
        ([("creation", "0", "0.25"), ("creation", "0", "0.24")], False),
        ([("creation", "0", "0.25"), ("augmentation", "0.50", "0.75")], True),
        ([("augmentation", "0.50", "0.99")], False),
        ([("consolidation", "0.50", "0.50")], True),
        ([("consolidation", "0.49", "0.49"), ("existant", "1", "1")], False),
    ],
)
def test_le_minimum_d_etp_porte_sur_tous_les_postes_demandes(postes, admis):
    dossier = DossierFactory()
    for nature, avant, apres in postes:
        ligne_de(dossier, nature=nature, quotite_avant=Decimal(avant), quotite_apres=Decimal(apres))

    assert [o.code for o in verifier_rubrique(dossier, "postes")] == ([] if admis else ["etp_minimum"])
