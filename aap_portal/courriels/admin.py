from django.contrib import admin

from .acces import sans_masques
from .models import Courriel


@admin.register(Courriel)
class CourrielAdmin(admin.ModelAdmin):
    """Read only, without any body: the agents' page shows those that may be read."""

    fields = ["destinataire", "objet", "service", "objet_lie", "etat", "tentatives", "prochain_essai_le"]
    fields += ["derniere_erreur", "cree_le", "envoye_le"]
    list_display = ["objet", "destinataire", "service", "etat", "tentatives", "cree_le", "envoye_le"]
    list_filter = ["etat", "service"]
    list_select_related = ["service"]
    search_fields = ["objet", "destinataire", "objet_lie"]

    def get_queryset(self, request):
        return sans_masques(super().get_queryset(request), request.user)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
