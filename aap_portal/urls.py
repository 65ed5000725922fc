"""Routes of the portal; each room has its own table."""

from django.contrib import admin
from django.urls import include, path

from . import accueil

urlpatterns = [
    path("", accueil.accueil, name="accueil"),
    path("compte/", include("aap_portal.comptes.urls_allauth")),
    path("", include("aap_portal.comptes.urls")),
    path("", include("aap_portal.referentiel.urls")),
    path("", include("aap_portal.fichiers.urls")),
    path("", include("aap_portal.courriels.urls")),
    path("", include("aap_portal.apropos")),
    path("", include("copil.urls")),  # before the sections of a dossier, which take any last word of the path
    path("", include("candidatures.urls")),
    path("conventions/", include("conventions.urls")),
    path("administration/", admin.site.urls),
]

handler400 = "aap_portal.erreurs.requete_incorrecte"
handler403 = "aap_portal.erreurs.acces_refuse"
handler404 = "aap_portal.erreurs.page_introuvable"
handler429 = "aap_portal.erreurs.trop_de_requetes"
handler500 = "aap_portal.erreurs.erreur_interne"
