"""The lock names exact versions and hashes, and says nothing of where they were downloaded."""

import re
import tomllib
from pathlib import Path

import pytest

RACINE = Path(__file__).resolve().parents[2]
VERROUS = ["requirements.txt", "requirements-dev.txt", "scripts/uv.txt"]


def exigences(nom):
    """{package: (version, hashes)} of a lock, each requirement being one logical line."""
    lignes = (RACINE / nom).read_text().replace("\\\n", " ").splitlines()
    lues = [
        re.fullmatch(r"([a-z0-9.-]+(?:\[[a-z,]+\])?)==(\S+)((?: ;.*?)?)\s+((?:--hash=\S+\s*)+)", li) for li in lignes
    ]
    assert all(lues), [ligne for ligne, lue in zip(lignes, lues, strict=True) if not lue]
    return {lue[1]: (lue[2], lue[4].split()) for lue in lues}


@pytest.mark.parametrize("nom", VERROUS)
def test_chaque_paquet_a_une_version_exacte_et_des_empreintes(nom):
    for paquet, (version, empreintes) in exigences(nom).items():
        assert re.fullmatch(r"\d[\w.+!-]*", version), paquet
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", empreinte) for empreinte in empreintes), paquet


@pytest.mark.parametrize("nom", VERROUS)
def test_le_verrou_ne_porte_aucune_adresse(nom):
    texte = (RACINE / nom).read_text()

    assert not re.search(r"://|@ |--(?:extra-)?index|--find-links|--trusted-host|file:", texte)


def test_le_verrou_de_developpement_contient_celui_de_la_production():
    production, developpement = exigences("requirements.txt"), exigences("requirements-dev.txt")

    assert {paquet: developpement.get(paquet) for paquet in production} == production


def test_chaque_dependance_declaree_est_verrouillee():
    projet = tomllib.loads((RACINE / "pyproject.toml").read_text())

    def noms(dependances):
        return {re.match(r"[\w.-]+(?:\[[\w,]+\])?", dependance)[0].lower() for dependance in dependances}

    def sans_option(verrou):
        return {re.sub(r"\[.*", "", paquet) for paquet in exigences(verrou)}

    assert {re.sub(r"\[.*", "", nom) for nom in noms(projet["project"]["dependencies"])} <= sans_option(
        "requirements.txt"
    )
    assert noms(projet["dependency-groups"]["dev"]) <= sans_option("requirements-dev.txt")
