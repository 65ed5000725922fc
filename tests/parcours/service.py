"""The gestures of the service and of the committee, from the queue to the convention."""

from datetime import timedelta

from django.utils import timezone

from tests.factories import MOT_DE_PASSE
from tests.parcours.navigation import lire, presser, remplir, se_connecter, telecharger


def entrer(page, personne):
    se_connecter(page, personne.email, MOT_DE_PASSE)
    assert page.locator("h1").inner_text().startswith("Bonjour"), lire(page)


def instruire(page, numero):
    """Refused as long as a point is not checked, then every point is."""
    page.goto("/instruction/")
    assert numero in lire(page)
    page.goto(f"/instruction/{numero}/")
    presser(page, "Déclarer recevable")
    assert page.title().startswith("Erreur"), lire(page)
    points = page.locator(".pi-point").count()
    for _ in range(points):
        faits = int(page.locator("#lecteur h2 .pa-reference").first.inner_text().split(" sur ")[0])
        page.get_by_role("button", name="Conforme").click()
        page.get_by_text(f"{faits + 1} sur {points}").wait_for()
    presser(page, "Déclarer recevable")
    assert "est recevable" in lire(page)


def preparer_une_seance(page, numero, membres):
    """The path of the session: created, its agenda and its members, convened."""
    le = timezone.localtime() + timedelta(days=2)
    page.goto("/copil/nouvelle/")
    remplir(page, comite="copil", jour=f"{le:%Y-%m-%d}", heure="09:00", lieu="Salle de réunion de la DEETS")
    presser(page, "Créer la séance")
    chemin = page.evaluate("location.pathname")
    page.locator("main").get_by_label(numero).check(force=True)
    presser(page, "Inscrire à l’ordre du jour")
    for membre in membres:
        page.locator("main").get_by_label(str(membre)).check(force=True)
    presser(page, "Ajouter à la séance")
    presser(page, "Convoquer les membres")
    assert "Les convocations partent" in lire(page)
    return chemin


def ouvrir(page, seance):
    page.goto(seance)
    presser(page, "Ouvrir la séance")
    assert "La séance est ouverte" in lire(page)


def noter(page, seance, numero, retrait=1):
    """Each criterion a little below its maximum, with its reason; too high a score is refused first."""
    page.goto(f"{seance}dossiers/{numero}/noter/")
    champs = page.locator("[data-note]")
    maxima = [int(champ.get_attribute("data-note")) for champ in champs.all()]
    champs.first.fill(str(maxima[0] + 1))
    presser(page, "Finaliser mes notes")
    assert page.title().startswith("Erreur"), lire(page)
    for rang, maximum in enumerate(maxima):
        champs.nth(rang).fill(str(maximum - retrait))
    for motif in page.locator("textarea[name^=motif_]").all():
        motif.fill("Réponse précise et chiffrée.")
    attendu = str(sum(maxima) - retrait * len(maxima))
    page.locator("#total", has_text=attendu).wait_for()
    presser(page, "Finaliser mes notes")
    assert f"Vos notes du dossier {numero} sont finales" in lire(page)


def se_deporter(page, seance, numero):
    page.goto(seance)
    assert numero in lire(page)
    page.goto(f"/copil/deport/{numero}/")
    remplir(page, motif="Administratrice de cette association.", confirmation=True)
    presser(page, "Déclarer mon déport")
    page.goto(seance)
    assert numero not in lire(page)
    for chemin in (f"{seance}dossiers/{numero}/noter/", f"/dossiers/{numero}/lecture/", f"/dossiers/{numero}/"):
        assert page.goto(chemin).status == 404, chemin


def clore(page, seance):
    page.goto(f"{seance}clore/")
    presser(page, "Clore la séance")
    assert "La séance est close" in lire(page)


def decider(page, seance, numero):
    """Above the post's maximum, then above the envelope: refused; then within both."""
    page.goto(f"{seance}dossiers/{numero}/decider/")
    for montant, refus in (("28 000,01", "28 000,00 €"), ("28 000,00", "20 000,00 €"), ("20 000,00", "")):
        remplir(page, avis_copil="accepte", sens="accepte")
        page.locator("main [name^=montant_]").fill(montant)
        presser(page, "Enregistrer la décision")
        if page.locator("main [name=password]").count():  # once, for a serious gesture
            remplir(page, password=MOT_DE_PASSE)
            presser(page, "Continuer")
        if refus:
            assert page.title().startswith("Erreur"), lire(page)
            assert refus in lire(page)
    assert "La décision est enregistrée : accepté" in lire(page), lire(page)


def notifier(page, seance, numero):
    page.goto(f"{seance}dossiers/{numero}/notifier/")
    presser(page, "Notifier la décision")
    assert "La décision est notifiée" in lire(page), lire(page)


def conventionner(page, numero):
    """The bytes of the convention and of the list of conventions."""
    page.goto("/conventions/")
    assert numero in lire(page)
    presser(page, "Préparer")
    for cible in page.locator("main input[type=number]").all():
        cible.fill(cible.input_value() or "20")
    presser(page, "Préparer la convention")
    assert "est préparée" in lire(page), lire(page)
    presser(page, "Éditer la convention")
    convention = telecharger(page, r"Convention .+ \(PDF\)").read_bytes()
    page.goto("/conventions/")
    return convention, exporter(page).read_bytes()


def exporter(page):
    """The list on screen as a table: the password first, then the download starts by itself."""
    presser(page, "Exporter")
    remplir(page, password=MOT_DE_PASSE)
    with page.expect_download() as attendu:
        page.locator("main").get_by_role("button", name="Continuer").click()
    return attendu.value.path()
