"""Routes of the shared reference data."""

from django.urls import path

from .views import campagnes, zones

app_name = "referentiel"
urlpatterns = [
    path("zones-blanches/", zones.zones, name="zones"),
    path("zones-blanches/tableur/", zones.zones_tableur, name="zones_tableur"),
    path("zones-blanches/<str:code>/ouvrir/", zones.zone_ouvrir, name="zone_ouvrir"),
    path("zones-blanches/<int:pk>/modifier/", zones.zone_modifier, name="zone_modifier"),
    path("zones-blanches/<int:pk>/lever/", zones.zone_lever, name="zone_lever"),
    path("campagnes/", campagnes.campagnes, name="campagnes"),
    path("campagnes/nouvelle/", campagnes.campagne_creer, name="campagne_creer"),
    path("campagnes/<int:pk>/", campagnes.campagne, name="campagne"),
    path("campagnes/<int:pk>/prolonger/", campagnes.campagne_prolonger, name="campagne_prolonger"),
]
