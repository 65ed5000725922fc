from django.contrib import admin
from django.db.models import URLField
from django.utils import timezone
from simple_history.template_utils import HistoricalRecordContextHelper

from .administration import HistoriqueAdmin, LectureSeuleAdmin
from .identifiants import masquer_iban
from .models import Agrement, Campagne, Commune, PlafondCategorie, PosteETP, Service, Structure, ZoneBlanche


@admin.register(Service)
class ServiceAdmin(HistoriqueAdmin):
    list_display = ["code", "nom", "ville", "courriel", "fuseau"]
    search_fields = ["code", "nom"]


@admin.register(Commune)
class CommuneAdmin(HistoriqueAdmin):
    list_display = ["code_insee", "nom", "epci_nom", "population", "service"]
    list_filter = ["service"]
    list_select_related = ["service"]
    search_fields = ["code_insee", "nom", "epci_nom"]


class _HistoriqueSansIban(HistoricalRecordContextHelper):
    """The history tells that an account number changed, never the number itself."""

    def prepare_delta_change_value(self, change, value):
        valeur = super().prepare_delta_change_value(change, value)
        return masquer_iban(valeur) if change.field == "iban" else valeur


@admin.register(Structure)
class StructureAdmin(HistoriqueAdmin):
    """Bank details are read masked and written by the structure itself."""

    exclude = ["iban"]
    readonly_fields = ["iban_masque", "bic"]
    formfield_overrides = {URLField: {"assume_scheme": "https"}}
    list_display = ["denomination", "siret", "categorie", "situation", "ville"]
    list_filter = ["categorie", "situation"]
    search_fields = ["denomination", "sigle", "siret", "rna"]

    def get_historical_record_context_helper(self, request, historical_record):
        return _HistoriqueSansIban(self.model, historical_record)

    @admin.display(description="IBAN")
    def iban_masque(self, structure):
        return structure.iban_masque


@admin.register(Agrement)
class AgrementAdmin(HistoriqueAdmin):
    list_display = ["structure", "type", "attribue_par", "attribue_le"]
    list_select_related = ["structure"]
    search_fields = ["type", "structure__denomination"]


class PlafondInline(admin.TabularInline):
    model = PlafondCategorie
    extra = 0


@admin.register(Campagne)
class CampagneAdmin(HistoriqueAdmin):
    inlines = [PlafondInline]
    list_display = ["titre", "annee", "service", "ouverture_le", "cloture_le", "enveloppe"]
    list_filter = ["service", "annee"]
    list_select_related = ["service"]
    search_fields = ["titre"]

    def get_readonly_fields(self, request, obj=None):
        """A closing that candidates rely on is put off by its own act, with its reason, on the page of the campaign."""
        return ["cloture_le"] if obj and obj.ouverture_le <= timezone.now() else []


@admin.register(PlafondCategorie)
class PlafondCategorieAdmin(HistoriqueAdmin):
    list_display = ["campagne", "categorie", "taux_aap", "taux_etat"]
    list_filter = ["campagne"]
    list_select_related = ["campagne"]


@admin.register(ZoneBlanche)
class ZoneBlancheAdmin(HistoriqueAdmin):
    autocomplete_fields = ["commune"]
    list_display = ["commune", "motif", "constatee_le", "levee_le", "poste"]
    list_filter = ["motif", "commune__service", ("levee_le", admin.EmptyFieldListFilter)]
    list_select_related = ["commune", "poste"]
    search_fields = ["commune__nom", "constat"]


@admin.register(PosteETP)
class PosteETPAdmin(LectureSeuleAdmin):
    list_display = ["intitule", "metier", "structure", "titulaire", "debut_le", "fin_le"]
    list_filter = ["metier"]
    list_select_related = ["structure"]
    search_fields = ["intitule", "structure__denomination"]
