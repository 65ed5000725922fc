"""The three-way merge by answer, and the version that carries what a page was opened on."""

from decimal import Decimal

import pytest

from candidatures.fusion import Fusion, canonique, comparer, ecrire_version, fusionner, joindre, lire_version


def fondre(ouverte, mienne, actuelle):
    return fusionner(lire_version(ecrire_version({"a": ouverte})), {"a": mienne}, {"a": actuelle})


@pytest.mark.parametrize(
    ("ouverte", "mienne", "actuelle", "attendue"),
    [
        ("o", "o", "o", Fusion()),
        ("o", "moi", "o", Fusion()),
        ("o", "o", "elle", Fusion(reprises=frozenset("a"))),
        ("o", "moi", "moi", Fusion()),
        ("o", "moi", "elle", Fusion(croisees=frozenset("a"))),
        ("o", "", "elle", Fusion(croisees=frozenset("a"))),
        ("o", "moi", "", Fusion(croisees=frozenset("a"))),
        ("", "moi", "", Fusion()),
        (None, "", "elle", Fusion(reprises=frozenset("a"))),
        (None, Decimal(0), Decimal("0.00"), Fusion()),
        (None, Decimal(0), None, Fusion()),
        (None, Decimal(0), Decimal(5), Fusion(croisees=frozenset("a"))),
        (Decimal("5.00"), Decimal(5), Decimal(6), Fusion(reprises=frozenset("a"))),
        (False, True, False, Fusion()),
        (["x", "y"], ["y", "x"], ["x"], Fusion(reprises=frozenset("a"))),
    ],
)
def test_une_reponse_se_fond_ou_se_croise(ouverte, mienne, actuelle, attendue):
    assert fondre(ouverte, mienne, actuelle) == attendue


def test_une_page_sans_version_ne_compare_rien_et_une_version_inconnue_croise_tout_ce_qui_differe():
    assert fusionner(lire_version(""), {"a": "moi"}, {"a": "elle"}) == Fusion()
    assert fusionner(lire_version("0b5c"), {"a": "moi"}, {"a": "elle"}) == Fusion(croisees=frozenset("a"))
    assert fusionner(lire_version("0b5c"), {"a": "même"}, {"a": "même"}) == Fusion()


def test_ce_que_la_page_remplit_d_avance_ne_compte_pas_comme_une_saisie():
    """Account 64 is shown from the plan before anybody saved it."""
    base = lire_version(ecrire_version({"a": None}, {"a": Decimal(40000)}))

    assert fusionner(base, {"a": Decimal(40000)}, {"a": Decimal(41000)}) == Fusion(reprises=frozenset("a"))
    assert fusionner(base, {"a": Decimal(42000)}, {"a": Decimal(40000)}) == Fusion()
    assert fusionner(base, {"a": Decimal(40000)}, {"a": None}) == Fusion()


def test_une_reponse_laissee_garde_l_empreinte_de_l_ouverture():
    base = lire_version(ecrire_version({"a": "o", "b": "o"}))

    suivante = lire_version(ecrire_version({"a": "n", "b": "n"}, garder=(base, {"b"})))

    assert suivante["b"] == base["b"]
    assert suivante["a"] != base["a"]


@pytest.mark.parametrize("texte", ["deux\r\nlignes", "deux\nlignes", "  deux\nlignes \r\n"])
def test_les_fins_de_ligne_ne_font_pas_une_difference(texte):
    assert canonique(texte) == "deux\nlignes"


@pytest.mark.parametrize(
    ("mienne", "autre", "attendu"),
    [("un", "deux", "un\n\ndeux"), ("un\n\ndeux", "deux", "un\n\ndeux"), ("deux", "un\n\ndeux", "deux\n\nun"), ("", "deux", "deux")],
)  # fmt: skip
def test_garder_les_deux_ne_repete_pas_ce_qui_y_est_deja(mienne, autre, attendu):
    assert joindre(mienne, autre) == attendu


def test_les_mots_qui_different_sont_marques_et_rien_ne_manque():
    mienne, autre = comparer("Trente marchés suivis", "Trente-deux marchés suivis")

    assert (mienne[0], autre[0]) == (("Trente", True), ("Trente-deux", True))
    assert "".join(mots for mots, _ in autre) == "Trente-deux marchés suivis"
    long = "mot " * 5000
    assert comparer(long, "autre") == ([(long, False)], [("autre", False)])
