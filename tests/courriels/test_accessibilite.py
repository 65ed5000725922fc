import pytest
from django.urls import reverse
from django.utils import timezone

from aap_portal.courriels.models import Courriel, Etat
from tests.factories import ServiceFactory, UtilisateurFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("largeur", [1280, 320])
def test_les_pages_des_messages_sont_accessibles_a_toutes_les_largeurs(
    page, connecter, axe, settings, deposer, largeur
):
    settings.DEMONSTRATION = True
    service = ServiceFactory()
    for rang in range(26):  # two pages of the list
        deposer(f"cle-{rang}", service=service, objet_lie=f"2022-{rang:04}", confidentiel=rang == 2)
    Courriel.objects.filter(cle="cle-0").update(etat=Etat.ECHEC, tentatives=8, derniere_erreur="timed out" * 20)
    Courriel.objects.filter(cle="cle-1").update(etat=Etat.ENVOYE, envoye_le=timezone.now())
    details = [Courriel.objects.get(cle=f"cle-{rang}").get_absolute_url() for rang in range(3)]
    liste = reverse("courriels:courriels")
    connecter(UtilisateurFactory(instructeur_de=service))
    page.set_viewport_size({"width": largeur, "height": 900})

    for adresse in [liste, f"{liste}?page=2", f"{liste}?q=rien", reverse("courriels:boite_demo"), *details]:
        page.goto(adresse)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= largeur, adresse
