from django.contrib import admin

from .models import Fichier, Telechargement, Televersement


class LectureSeuleAdmin(admin.ModelAdmin):
    """Rows that the portal alone writes."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Fichier)
class FichierAdmin(LectureSeuleAdmin):
    list_display = ["nom", "type_mime", "taille", "pages", "analyse", "produit", "depose_par", "depose_le"]
    list_filter = ["analyse", "produit", "extension"]
    list_select_related = ["depose_par"]
    search_fields = ["nom", "sha256"]


@admin.register(Telechargement)
class TelechargementAdmin(LectureSeuleAdmin):
    list_display = ["fichier", "personne", "le"]
    list_select_related = ["fichier", "personne"]
    date_hierarchy = "le"


@admin.register(Televersement)
class TeleversementAdmin(LectureSeuleAdmin):
    list_display = ["nom", "proprietaire", "taille", "recu", "commence_le", "expire_le"]
    list_select_related = ["proprietaire"]
