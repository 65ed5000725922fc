"""A PostgreSQL of the tests' own: temporary folder, loopback port, never as root, gone at the end."""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from commun import arreter, demarrer_processus, reussir
from systeme import dossier_postgresql

SANS_RISQUE = ("fsync", "synchronous_commit", "full_page_writes")
# A base thrown away at the end needs no safety on power cuts.
REGLAGES = dict.fromkeys(SANS_RISQUE, "off") | {
    "max_connections": "200",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "dynamic_shared_memory_type": "mmap",
}


def compte():
    """PostgreSQL refuses root: there, its own account is used, or that of nobody."""
    if os.geteuid() != 0:
        return {}
    connus = {ligne.pw_name: ligne for ligne in pwd.getpwall()}
    choisi = connus.get("postgres") or connus["nobody"]
    return {"user": choisi.pw_uid, "group": choisi.pw_gid, "extra_groups": []}


def port_libre():
    with socket.create_server(("127.0.0.1", 0)) as prise:
        return prise.getsockname()[1]


@contextmanager
def postgresql_temporaire(*, durable=False):
    """Give the DATABASE_URL of a running, empty server; `durable` when what is measured includes writing to the disk."""
    programmes, qui, port, passe = dossier_postgresql(), compte(), port_libre(), secrets.token_hex(16)
    dossier = Path(tempfile.mkdtemp(prefix="aap-portal-postgresql-"))
    options = {"cwd": dossier, "env": {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}, **qui}
    serveur = None
    try:
        (dossier / "passe").write_text(passe)
        if qui:
            for chemin in (dossier, dossier / "passe"):
                os.chown(chemin, qui["user"], qui["group"])
        reussir(
            [programmes / "initdb", "-D", dossier / "base", "-U", "tests", "-E", "UTF8", "--locale=C.UTF-8"]
            + ["--auth=scram-sha-256", f"--pwfile={dossier / 'passe'}", "--no-sync"],
            sinon="PostgreSQL could not make its folder (initdb).",
            **options,
        )
        commande = [programmes / "postgres", "-D", dossier / "base", "-p", port]
        reglages = REGLAGES | dict.fromkeys(SANS_RISQUE, "on") if durable else REGLAGES
        commande += [f"-c{nom}={valeur}" for nom, valeur in reglages.items()]
        with open(dossier / "journal", "wb") as journal:
            serveur = demarrer_processus(commande, stdout=journal, stderr=journal, **options)
        attendre(serveur, programmes / "pg_isready", port, dossier / "journal")
        yield f"postgresql://tests:{passe}@127.0.0.1:{port}/postgres"
    finally:
        if serveur:
            arreter(serveur, par=signal.SIGINT)  # « fast »: does not wait for its clients
        shutil.rmtree(dossier, ignore_errors=True)


def attendre(serveur, pg_isready, port, journal):
    for _ in range(150):
        if serveur.poll() is not None:
            break
        pret = subprocess.run([pg_isready, "-q", "-h", "127.0.0.1", "-p", str(port)], check=False)
        if pret.returncode == 0:
            return
        time.sleep(0.2)
    sys.exit(f"{journal.read_text()[-2000:]}\nPostgreSQL did not start in its temporary folder.")
