"""The caps at the cent: what a post's cost is, what the State may pay of it (AAP 2022, B.2-1 and B.2-3)."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aap_portal.referentiel.plafonds import (
    NATURE_AUGMENTATION,
    NATURE_CONSOLIDATION,
    NATURE_CREATION,
    SOURCE_AAP,
    SOURCE_ETAT_AUTRE,
    ZERO,
    Constat,
    Ligne,
    Maintien,
    Taux,
    assiette,
    etat_max,
    etp_demande,
    subvention_max,
    taux_constate,
)

CENTIME = Decimal("0.01")
ASSOCIATION = EPCI = Taux(Decimal("0.70"))
COLLECTIVITE = Taux(Decimal("0.80"), Decimal("0.80"))
euros = st.decimals(min_value=0, max_value=Decimal("9999999.99"), places=2)
quotites = st.decimals(min_value=CENTIME, max_value=1, places=2)
taux = st.decimals(min_value=0, max_value=1, places=4)


def ligne(cout="40000", etp="1", nature=NATURE_CREATION, avant="0", mois=12, cle="1", **sources):
    montants = {source: Decimal(montant) for source, montant in sources.items()}
    return Ligne(cle, "Poste", nature, Decimal(avant), Decimal(etp), Decimal(cout), mois, montants)


def constat(*lignes, taux=ASSOCIATION):
    return Constat(lignes, taux)


@pytest.mark.parametrize(
    ("nature", "avant", "apres", "demande"),
    [
        (NATURE_CREATION, "0", "0.80", "0.80"),
        (NATURE_AUGMENTATION, "0.50", "0.80", "0.30"),
        (NATURE_AUGMENTATION, "0.50", "0.51", "0.01"),
        (NATURE_CONSOLIDATION, "0.80", "0.80", "0.80"),
        (NATURE_CONSOLIDATION, "0.50", "1", "1"),
        (NATURE_AUGMENTATION, "0.80", "0.50", "0"),
    ],
)
def test_l_etp_demande_est_la_hausse_ou_toute_la_quotite_consolidee(nature, avant, apres, demande):
    assert etp_demande(nature, Decimal(avant), Decimal(apres)) == Decimal(demande)


@pytest.mark.parametrize(
    ("cout", "etp", "mois", "attendue"),
    [
        ("48749.99", "0.80", 12, "38999.99"),
        ("40000", "1", 12, "40000.00"),
        ("40000", "1", 6, "20000.00"),
        ("40000", "0.33", 7, "7700.00"),
        ("0.01", "0.50", 12, "0.01"),
        ("0.01", "0.49", 12, "0.00"),
        ("33333.33", "0.33", 11, "10083.33"),
    ],
)
def test_l_assiette_est_arrondie_une_seule_fois_au_centime(cout, etp, mois, attendue):
    assert assiette(Decimal(cout), Decimal(etp), mois) == Decimal(attendue)


def test_deux_arrondis_successifs_donneraient_un_autre_montant():
    """0.05 × 0.10 is 0.005: rounded first it would be 0.01, then 0.01 for 12 months; over 6 months the base is nil."""
    assert assiette(Decimal("0.05"), Decimal("0.10"), 6) == ZERO


@given(euros, quotites, st.integers(1, 36))
def test_l_assiette_est_le_produit_exact_au_demi_centime_pres(cout, etp, mois):
    exact = cout * etp * mois / 12
    assert assiette(cout, etp, mois) == exact.quantize(CENTIME, rounding=ROUND_HALF_UP)


@pytest.mark.parametrize(
    ("taux", "base", "maximum"),
    [
        (ASSOCIATION, "40000.00", "28000.00"),
        (ASSOCIATION, "38999.99", "27299.99"),
        (EPCI, "0.01", "0.00"),
        (COLLECTIVITE, "40000.00", "32000.00"),
        (COLLECTIVITE, "38999.99", "31199.99"),
    ],
)
def test_le_maximum_est_arrondi_en_dessous(taux, base, maximum):
    assert subvention_max(Decimal(base), taux) == Decimal(maximum)


@pytest.mark.parametrize(
    ("autre_etat", "maximum"),
    [("0", "32000"), ("0.01", "31999.99"), ("12000", "20000"), ("32000", "0"), ("32000.01", "0"), ("40000", "0")],
)
def test_les_autres_aides_de_l_etat_prennent_sur_les_80_pour_cent_d_une_collectivite(autre_etat, maximum):
    assert subvention_max(Decimal("40000"), COLLECTIVITE, autre_etat=Decimal(autre_etat)) == Decimal(maximum)


@pytest.mark.parametrize("taux", [ASSOCIATION, EPCI])
def test_les_autres_aides_de_l_etat_ne_limitent_pas_une_association_ni_un_epci(taux):
    assert subvention_max(Decimal("40000"), taux, autre_etat=Decimal("12000")) == Decimal("28000")


def test_les_fonds_europeens_ne_sont_pas_de_l_argent_de_l_etat():
    poste = ligne(aap="32000", europe="8000")

    assert constat(poste, taux=COLLECTIVITE).maximum_de(poste) == Decimal("32000")
    assert poste.autre_etat == ZERO


@given(euros, taux, taux, euros)
def test_le_maximum_tient_dans_les_deux_taux_et_un_centime_de_plus_n_y_tient_plus(base, aap, etat, autre):
    regle = Taux(aap, etat)
    maximum = subvention_max(base, regle, autre_etat=autre)

    assert maximum >= ZERO
    assert maximum == ZERO or (maximum <= base * aap and maximum + autre <= base * etat)
    un_de_plus = maximum + CENTIME
    assert un_de_plus > base * aap or un_de_plus + autre > base * etat


@given(st.lists(st.tuples(euros, quotites), min_size=1, max_size=6))
def test_le_maximum_d_un_dossier_est_la_somme_des_maxima_de_ses_postes(postes):
    plan = constat(*(ligne(cout, etp) for cout, etp in postes))

    assert plan.maximum == sum(subvention_max(poste.assiette, ASSOCIATION) for poste in plan.lignes)
    assert plan.maximum <= plan.assiette * ASSOCIATION.aap


@given(st.lists(st.tuples(euros, euros, euros, euros), min_size=1, max_size=6))
def test_les_parts_et_le_reste_font_le_tout(postes):
    plan = constat(
        *(ligne(cout, aap=aap, etat_autre=etat, fonds_propres=propres) for cout, aap, etat, propres in postes)
    )

    assert plan.subvention + plan.autres_sources + plan.reste == plan.assiette
    assert all(poste.finance + poste.reste == poste.assiette for poste in plan.lignes)


def test_un_poste_trop_finance_a_un_reste_negatif_qui_ne_paie_pas_l_autre():
    plan = constat(ligne(aap="28000", fonds_propres="13000"), ligne(aap="28000", fonds_propres="11000"))

    assert [poste.reste for poste in plan.lignes] == [Decimal("-1000"), Decimal("1000")]
    assert plan.reste == ZERO


def test_les_sources_d_un_poste_se_lisent_par_categorie():
    poste = ligne(**{SOURCE_AAP: "28000", SOURCE_ETAT_AUTRE: "2000", "fonds_propres": "10000"})

    assert (poste.subvention, poste.autre_etat, poste.finance, poste.reste) == (28000, 2000, 40000, 0)


def test_sans_poste_rien_ne_vaut_rien():
    plan = constat()

    assert (plan.etp, plan.assiette, plan.maximum, plan.taux_subvention, plan.taux_autres) == (0, 0, 0, 0, 0)
    assert taux_constate(Decimal(5), ZERO) == 0


@given(st.permutations([(1, "0.80"), (2, "0.50"), (3, "0.33")]), st.lists(euros, min_size=12, max_size=12))
def test_l_ordre_des_postes_et_des_sources_ne_change_rien(ordre, montants):
    def poste(rang, etp, sens):
        cout, *parts = montants[rang * 3 : rang * 3 + 3]
        sources = list(zip((SOURCE_AAP, SOURCE_ETAT_AUTRE), parts, strict=True))[::sens]
        return ligne(cout, etp, cle=str(rang), **dict(sources))

    range_, melange = (
        constat(*(poste(rang, etp, sens) for rang, etp in postes), taux=COLLECTIVITE)
        for postes, sens in ((sorted(ordre), 1), (ordre, -1))
    )
    for nom in ("etp", "assiette", "subvention", "autres_sources", "reste", "maximum"):
        assert getattr(range_, nom) == getattr(melange, nom)


@given(
    st.lists(st.tuples(euros, quotites, euros), min_size=1, max_size=6), st.sampled_from([ASSOCIATION, COLLECTIVITE])
)
def test_demander_le_maximum_de_chaque_poste_c_est_demander_celui_du_dossier(postes, regle):
    def plan(demandes):
        return constat(
            *(
                ligne(cout, etp, cle=str(rang), aap=demande, etat_autre=autre)
                for rang, ((cout, etp, autre), demande) in enumerate(zip(postes, demandes, strict=True))
            ),
            taux=regle,
        )

    vide = plan([ZERO] * len(postes))
    plein = plan([vide.maximum_de(poste) for poste in vide.lignes])
    assert plein.subvention == plein.maximum == vide.maximum
    assert all(poste.subvention <= plein.maximum_de(poste) for poste in plein.lignes)
    assert all(poste.subvention + CENTIME > plein.maximum_de(poste) for poste in plein.lignes)


# --- Other State money alone -------------------------------------------------------------------------
@pytest.mark.parametrize(("autre", "de_trop"), [("31999.99", "0"), ("32000", "0"), ("32000.01", "0.01")])
def test_l_etat_de_trop_se_compte_au_centime(autre, de_trop):
    poste = ligne(etat_autre=autre)

    assert constat(poste, taux=COLLECTIVITE).etat_de_trop(poste) == Decimal(de_trop)
    assert constat(poste, taux=ASSOCIATION).etat_de_trop(poste) == ZERO


def test_sans_second_taux_tout_l_etat_n_a_pas_de_limite():
    assert etat_max(Decimal("40000"), ASSOCIATION) is None
    assert etat_max(Decimal("38999.99"), COLLECTIVITE) == Decimal("31199.99")


# --- Present funding of posts that exist (AAP 2022, B.2-3; reading 15) --------------------------------
def maintien(**financeurs):
    """Each financeur: its euros of 2021, of 2022 and, when it tells it, of 2023."""
    montants = {
        nom: {annee: Decimal(montant) for annee, montant in zip((2021, 2022, 2023), valeurs, strict=False)}
        for nom, valeurs in financeurs.items()
    }
    return Maintien(montants, (2021, 2022), 2023)


@pytest.mark.parametrize(
    ("financeurs", "du_total", "par_financeur"),
    [
        ({"a": ("30000", "30000")}, [], []),
        ({"a": ("30000", "30000.01")}, [], []),
        ({"a": ("30000", "29999.99")}, [(2022, "0.01")], [("a", 2022, "0.01")]),
        ({"a": ("30000", "20000"), "b": ("0", "10000")}, [], [("a", 2022, "10000")]),
        ({"a": ("30000", "20000"), "b": ("0", "9999.99")}, [(2022, "0.01")], [("a", 2022, "10000")]),
        ({"a": ("30000", "30000", "30000")}, [], []),
        ({"a": ("30000", "30000", "29999.99")}, [(2023, "0.01")], [("a", 2023, "0.01")]),
        ({"a": ("30000", "31000", "30000")}, [(2023, "1000")], [("a", 2023, "1000")]),
        ({"a": ("10", "10", "4"), "b": ("5", "5")}, [], [("a", 2023, "6")]),
        ({"a": ("10", "10", "10"), "b": ("5", "0")}, [(2022, "5")], [("b", 2022, "5")]),
        ({"a": ("10", "10", "4"), "b": ("0", "0")}, [(2023, "6")], [("a", 2023, "6")]),
        ({}, [], []),
    ],
)
def test_une_baisse_se_voit_au_centime_en_tout_et_financeur_par_financeur(financeurs, du_total, par_financeur):
    existant = maintien(**financeurs)

    assert [(baisse.annee, baisse.montant) for baisse in existant.baisses] == [(a, Decimal(m)) for a, m in du_total]
    trouvees = [(baisse.financeur, baisse.annee, baisse.montant) for baisse in existant.baisses_par_financeur]
    assert trouvees == [(nom, annee, Decimal(montant)) for nom, annee, montant in par_financeur]


@pytest.mark.parametrize(
    ("financeurs", "a_expliquer"),
    [
        ({"a": ("10", "10"), "b": ("0", "5")}, []),
        ({"a": ("10", "9"), "b": ("0", "5")}, [("a", 2022, "1")]),
        ({"a": ("10", "9"), "b": ("5", "5")}, [(None, 2022, "1")]),
        ({"a": ("10", "9", "8"), "b": ("5", "5", "6")}, [(None, 2022, "1"), ("a", 2023, "1")]),
        ({"a": ("10", "10", "9"), "b": ("5", "5")}, [("a", 2023, "1")]),
    ],
)
def test_la_baisse_d_un_financeur_s_explique_meme_compensee(financeurs, a_expliquer):
    trouvees = [(baisse.financeur, baisse.annee, baisse.montant) for baisse in maintien(**financeurs).a_expliquer]

    assert trouvees == [(nom, annee, Decimal(montant)) for nom, annee, montant in a_expliquer]


def test_l_annee_a_venir_reste_inconnue_tant_qu_un_financeur_d_aujourd_hui_ne_l_a_pas_dite():
    assert maintien(a=("10", "10", "10"), b=("5", "5")).total(2023) is None
    assert maintien(a=("10", "10"), b=("5", "5")).total(2023) is None
    assert maintien(a=("10", "10", "10"), b=("5", "0")).total(2023) == 10


@given(st.dictionaries(st.text(max_size=3), st.tuples(euros, euros), max_size=5))
def test_le_total_baisse_exactement_quand_la_somme_baisse(financeurs):
    existant = maintien(**{f"f{nom}": valeurs for nom, valeurs in financeurs.items()})
    avant, apres = (sum((valeurs[rang] for valeurs in financeurs.values()), ZERO) for rang in (0, 1))

    assert bool(existant.baisses) == (apres < avant)
    assert sum(baisse.montant for baisse in existant.baisses) == max(avant - apres, ZERO)
    if not existant.baisses_par_financeur:
        assert not existant.baisses
