from django.contrib import admin

from aap_portal.referentiel.administration import LectureSeuleAdmin
from candidatures.droits import en_conflit
from candidatures.models import Dossier

from .models import Bilan, Convention, IndicateurCible, Versement


class _ParDossierAdmin(LectureSeuleAdmin):
    """Without what comes of a dossier in a declared conflict; `chemin` leads from the row to this dossier."""

    chemin = "convention__dossier"
    list_select_related = ["convention"]

    def get_queryset(self, request):
        caches = Dossier.objects.filter(en_conflit(request.user)).values("pk")
        return super().get_queryset(request).exclude(**{f"{self.chemin}__in": caches})


@admin.register(Convention)
class ConventionAdmin(_ParDossierAdmin):
    chemin = "dossier"
    list_display = ["numero", "dossier", "etat", "montant", "effet_le", "terme_le"]
    list_filter = ["etat", "dossier__campagne"]
    search_fields = ["numero", "dossier__structure__denomination"]
    list_select_related = ["dossier"]


@admin.register(Versement)
class VersementAdmin(_ParDossierAdmin):
    list_display = ["convention", "nature", "montant", "etat", "du_le", "paye_le"]


@admin.register(Bilan)
class BilanAdmin(_ParDossierAdmin):
    list_display = ["convention", "nature", "attendu_le", "etat"]


@admin.register(IndicateurCible)
class IndicateurCibleAdmin(_ParDossierAdmin):
    list_display = ["convention", "code", "metier", "cible"]
