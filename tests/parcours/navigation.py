"""What a person does in a browser: fill, press, open, download. And what they read."""

import re

from aap_portal.courriels.models import Courriel


def remplir(page, **reponses):
    """Fields by their name: a text is typed, True ticks, a value of a choice is chosen, a list ticks several."""
    for nom, reponse in reponses.items():
        champ = page.locator(f'main [name="{nom}"]')
        if reponse is True:
            champ.check(force=True)  # the design system draws its own box over the input
        elif isinstance(reponse, list):
            for valeur in reponse:
                page.locator(f'main [name="{nom}"][value="{valeur}"]').check(force=True)
        elif champ.first.get_attribute("type") == "radio":
            page.locator(f'main [name="{nom}"][value="{reponse}"]').check(force=True)
        elif champ.evaluate("champ => champ.tagName") == "SELECT":
            champ.select_option(reponse)
        else:
            champ.fill(reponse)


def presser(page, nom, *, dans="main"):
    """Press a button or follow a link by what it says, and wait for the page that comes."""
    motif = re.compile(f"^{re.escape(nom)}")
    controle = (
        page.locator(dans).get_by_role("button", name=motif).or_(page.locator(dans).get_by_role("link", name=motif))
    )
    with page.expect_navigation():
        controle.first.click()


def lire(page):
    """What the page says, with plain spaces."""
    return re.sub(r"[\s\u00a0\u202f]+", " ", page.locator("main").inner_text())


def telecharger(page, nom):
    with page.expect_download() as attendu:
        page.locator("main").get_by_role("link", name=re.compile(nom)).first.click()
    return attendu.value.path()


def se_connecter(page, adresse, mot_de_passe):
    page.context.clear_cookies()
    page.goto("/compte/connexion/")
    remplir(page, login=adresse, password=mot_de_passe)
    presser(page, "Se connecter")


def dernier_lien(destinataire, gabarit=""):
    """The link of the last message sent to this person."""
    message = Courriel.objects.filter(destinataire=destinataire, objet__contains=gabarit).latest("pk")
    return re.search(r"https?://\S+", message.corps)[0]
