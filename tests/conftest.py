"""What every test starts from: known settings, a folder of its own, a closed network, Debian's Chromium."""

import atexit
import os
import re
import shutil
import socket
import tempfile
import weakref
from pathlib import Path

import hypothesis
import pytest

RACINE = Path(__file__).resolve().parent.parent
DONNEES = Path(tempfile.mkdtemp(prefix="aap-portal-tests-"))
atexit.register(shutil.rmtree, DONNEES, ignore_errors=True)


def _preparer_environnement():
    """Only DATABASE_URL comes from outside: the same tests run on SQLite and on PostgreSQL."""
    reglages = (RACINE / "aap_portal" / "settings.py").read_text()
    for nom in set(re.findall(r'(?:env\.\w+|_booleen)\(\s*"([A-Z_]+)"', reglages)) - {"DATABASE_URL"}:
        os.environ.pop(nom, None)
        os.environ.pop(f"{nom}_FILE", None)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "aap_portal.settings",
        "DJANGO_ALLOW_ASYNC_UNSAFE": "1",  # Playwright keeps an event loop in the thread of the test
        "SECRET_KEY": "tests-only-" + "0123456789" * 5,
        "DONNEES_DIR": str(DONNEES),
        "DEBUG": "0",
        "DEMONSTRATION": "0",
        "HTTPS": "0",
        "SECOND_FACTEUR_OBLIGATOIRE": "0",
        "LOG_LEVEL": "WARNING",
    }


def _preparer_django():
    import django
    from django.conf import settings

    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    base = settings.DATABASES["default"]
    if base["ENGINE"].endswith("sqlite3"):
        # A file, as in real life: an in-memory base is one connection shared by all threads of the live server.
        base["TEST"] = {"NAME": str(DONNEES / "tests.sqlite3")}
        base["OPTIONS"]["init_command"] = base["OPTIONS"]["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    settings.STATIC_ROOT.mkdir()
    django.setup()
    # Else the processes of pytest-xdist would load the settings, and this folder, before their own conftest.
    del os.environ["DJANGO_SETTINGS_MODULE"]


_preparer_environnement()
_preparer_django()
# How long an example takes says nothing of what it shows.
hypothesis.settings.register_profile("tests", deadline=None)
hypothesis.settings.load_profile("tests")


def pytest_itemcollected(item):
    if "axe" in getattr(item, "fixturenames", ()):
        item.add_marker("axe")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A test that skips proves nothing: it fails, with the reason that it gave."""
    rapport = yield
    if rapport.skipped and not hasattr(rapport, "wasxfail"):
        rapport.outcome = "failed"
        rapport.longrepr = f"Skipped tests are failures here: {call.excinfo.value}"
    return rapport


# --- Nothing leaves the machine -------------------------------------------------------------------
@pytest.fixture(autouse=True, scope="session")
def reseau_ferme():
    """A connection to anything but this machine raises, and so does looking up its name."""
    avant = {"connect": socket.socket.connect, "connect_ex": socket.socket.connect_ex}
    chercher = socket.getaddrinfo

    def verifier(hote):
        hote = hote.decode() if isinstance(hote, bytes) else hote
        if hote not in {None, "", "localhost", "::1", "0.0.0.0", "::"} and not hote.startswith("127."):
            raise AssertionError(f"The network is closed in tests: {hote} was called.")

    def gardee(methode):
        def appel(self, adresse, *suite):
            if self.family in {socket.AF_INET, socket.AF_INET6}:
                verifier(adresse[0])
            return methode(self, adresse, *suite)

        return appel

    def chercher_garde(hote, *suite, **options):
        verifier(hote)
        return chercher(hote, *suite, **options)

    with pytest.MonkeyPatch.context() as rustine:
        for nom, methode in avant.items():
            rustine.setattr(socket.socket, nom, gardee(methode))
        rustine.setattr(socket, "getaddrinfo", chercher_garde)
        yield


@pytest.fixture(autouse=True)
def cache_vide():
    """Limits on attempts live in the cache: a test must not inherit those of another."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture(scope="session", autouse=True)
def connexions_rendues(django_db_setup):
    """Once Playwright's event loop runs, Django gives the thread a second connection, which the end of the session does
    not know of: PostgreSQL would then refuse to drop the base."""
    from django.db.backends.signals import connection_created

    ouvertes = weakref.WeakSet()

    def noter(connection, **_):
        ouvertes.add(connection)

    connection_created.connect(noter)
    yield
    connection_created.disconnect(noter)
    for connexion in ouvertes:
        if connexion.vendor == "postgresql" and connexion.connection is not None:
            connexion.connection.close()


@pytest.fixture(autouse=True)
def taches_reussies(request):
    """The immediate backend swallows a task's error: the test fails, unless marked « tache_en_echec »."""
    from django_tasks.base import TaskResultStatus
    from django_tasks.signals import task_finished

    echecs = []

    def noter(sender, task_result, **_):
        if task_result.status == TaskResultStatus.FAILED:
            echecs.extend(erreur.traceback for erreur in task_result.errors)

    task_finished.connect(noter)
    yield
    task_finished.disconnect(noter)
    if not request.node.get_closest_marker("tache_en_echec"):
        assert not echecs, "\n".join(echecs)


# --- Browser --------------------------------------------------------------------------------------
@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    noms = ("chromium", "chromium-browser", "google-chrome")
    programme = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, noms)), None)
    if programme is None:
        pytest.fail(
            "chromium is missing: install it (apt-get install chromium) or name one in CHROMIUM.", pytrace=False
        )
    return browser_type_launch_args | {
        "executable_path": programme,
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
        ],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args, live_server):
    """`page.goto("/…")` reaches the live server, in the browser of somebody in Mayotte."""
    return browser_context_args | {
        "base_url": live_server.url,
        "viewport": {"width": 1280, "height": 900},
        "locale": "fr-FR",
        "timezone_id": "Indian/Mayotte",
    }


@pytest.fixture
def page(page, live_server, settings):
    """A page that must raise no script error and break no content security policy."""
    settings.SITE_URL = live_server.url
    page.set_default_timeout(10_000)
    erreurs = []
    page.on("pageerror", lambda erreur: erreurs.append(str(erreur)))
    page.on("console", lambda message: erreurs.append(message.text) if message.type == "error" else None)
    yield page
    # An expected 403, 404 or 422 is written to the console too: it is no error of the page.
    assert [erreur for erreur in erreurs if not erreur.startswith("Failed to load resource")] == []


@pytest.fixture
def connecter(page, live_server):
    """`connecter(utilisateur)`: the browser carries that person's session, without the login page."""
    from django.conf import settings
    from django.test import Client

    def ouvrir(utilisateur):
        client = Client()
        client.force_login(utilisateur, backend="django.contrib.auth.backends.ModelBackend")
        jeton = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.clear_cookies()
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": jeton, "url": live_server.url}])
        return page

    return ouvrir


# The design system goes on setting attributes after the page has loaded: wait until nothing moves for 150 ms.
CALME = """() => new Promise((fini) => {
    const surveillant = new MutationObserver(() => { clearTimeout(repos); repos = setTimeout(arreter, 150); });
    const limite = setTimeout(arreter, 3000);
    let repos = setTimeout(arreter, 150);
    function arreter() { surveillant.disconnect(); clearTimeout(repos); clearTimeout(limite); fini(); }
    surveillant.observe(document, { attributes: true, childList: true, subtree: true });
})"""


@pytest.fixture
def axe():
    """`axe(page)`: the page as it stands breaks no rule of axe, or each breach is told in full."""
    from axe_playwright_python.sync_playwright import Axe

    def verifier(page):
        page.evaluate(CALME)
        violations = Axe().run(page).response["violations"]
        lignes = [
            f"{violation['id']} ({violation['impact']}): {violation['help']}\n"
            + "\n".join(f"    {noeud['html']}\n      {noeud.get('failureSummary', '')}" for noeud in violation["nodes"])
            for violation in violations
        ]
        assert not violations, f"{page.url}, {page.viewport_size}:\n" + "\n".join(lignes)

    return verifier
