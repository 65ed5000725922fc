import os
import time
import uuid

import pytest

from aap_portal.fichiers import stockage


def test_seuls_les_fichiers_temporaires_abandonnes_sont_retires(settings):
    cle = uuid.uuid4()
    with stockage.temporaire([b"garde"]) as garde:
        stockage.ranger(garde.chemin, cle)
    dossier = settings.FICHIERS_DIR / "temporaires"
    ancien, recent = dossier / "ancien.part", dossier / "recent.part"
    for chemin in (ancien, recent):
        chemin.write_bytes(b"x")
    (dossier / "dessins.part").mkdir()
    vieux = time.time() - stockage.AGE_TEMPORAIRE_MAX - 1
    os.utime(ancien, (vieux, vieux))
    os.utime(dossier / "dessins.part", (vieux, vieux))
    os.utime(stockage.chemin_de(cle), (vieux, vieux))

    assert stockage.purger_temporaires() == 2
    assert list(dossier.iterdir()) == [recent]
    assert stockage.chemin_de(cle).read_bytes() == b"garde"
    assert stockage.purger_temporaires() == 0


def test_un_fichier_est_vide_sur_le_disque_avant_et_apres_sa_mise_en_place(monkeypatch):
    ordre = []
    vrais = {"fsync": os.fsync, "rename": os.rename}
    monkeypatch.setattr(os, "fsync", lambda d: (ordre.append("fsync"), vrais["fsync"](d)))
    monkeypatch.setattr(os, "rename", lambda a, b: (ordre.append("rename"), vrais["rename"](a, b)))

    with stockage.temporaire([b"a", b"b"]) as ecrit:
        stockage.ranger(ecrit.chemin, uuid.uuid4())

    assert ordre == ["fsync", "rename", "fsync", "fsync"]  # the file, then its folder, then the folder's own parent


def test_un_arret_pendant_l_ecriture_ne_laisse_rien(settings):
    def morceaux():
        yield b"debut"
        raise ConnectionError

    with pytest.raises(ConnectionError), stockage.temporaire(morceaux()):
        pass

    assert list((settings.FICHIERS_DIR / "temporaires").iterdir()) == []
