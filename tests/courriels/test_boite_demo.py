import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

pytestmark = pytest.mark.django_db
BOITE = "courriels:boite_demo"


def test_hors_demonstration_la_boite_n_existe_pas(client, deposer):
    deposer()

    assert client.get(reverse(BOITE)).status_code == 404


def test_en_demonstration_chacun_lit_les_messages_et_suit_leurs_liens(client, deposer, settings):
    settings.DEMONSTRATION = True
    settings.SITE_URL = "http://127.0.0.1:8000"
    deposer(confidentiel=True, lien="/compte/confirmer/abc/")

    page = client.get(reverse(BOITE))

    assertContains(page, '<a href="/compte/confirmer/abc/">http://127.0.0.1:8000/compte/confirmer/abc/</a>')


@pytest.mark.parametrize(
    "adresse",
    [
        "javascript:alert(1)",
        "https://ailleurs.example/",
        "http://127.0.0.1:8000.ailleurs.example/",
        "http://127.0.0.1:8000@x/",
    ],
)
def test_une_adresse_etrangere_reste_un_texte(client, deposer, settings, adresse):
    settings.DEMONSTRATION = True
    settings.SITE_URL = "http://127.0.0.1:8000"
    deposer(contexte={"structure": f'{adresse} "><script>alert(1)</script>'}, lien="")

    page = client.get(reverse(BOITE))

    assertContains(page, adresse)
    assertNotContains(page, f'href="{adresse}')
    assertNotContains(page, "<script>alert")


def test_un_lien_suivi_d_un_point_reste_juste(client, deposer, settings):
    settings.DEMONSTRATION = True
    deposer(contexte={"structure": f"la page {settings.SITE_URL}/a/?b=1&c=2."}, lien="")

    assertContains(
        client.get(reverse(BOITE)), f'<a href="/a/?b=1&amp;c=2">{settings.SITE_URL}/a/?b=1&amp;c=2</a>.', count=1
    )
