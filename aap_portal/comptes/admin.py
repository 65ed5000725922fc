# The libraries' own admins come first, so that they have registered what is then withdrawn.
import allauth.account.admin
import allauth.mfa.admin  # noqa: F401
import django.contrib.auth.admin  # noqa: F401
import dsfr.admin  # noqa: F401
from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group
from dsfr.models import DsfrConfig

from aap_portal.comptes.models import DemandeRattachement, Habilitation, Invitation, Membre, Utilisateur
from aap_portal.referentiel.administration import HistoriqueAdmin, LectureSeuleAdmin

# One way in, with its limits and its second factor.
admin.site.login = secure_admin_login(admin.site.login)
# What libraries bring: addresses are confirmed by their owner's click, secrets are read by nobody, the rest is unused.
admin.site.unregister([EmailAddress, Authenticator, Group, DsfrConfig])


@admin.register(Utilisateur)
class UtilisateurAdmin(HistoriqueAdmin):
    list_display = ["email", "last_name", "first_name", "is_active", "is_superuser", "last_login"]
    list_filter = ["is_active", "is_staff"]
    search_fields = ["email", "last_name", "first_name"]
    fields = [
        "email", "first_name", "last_name", "fonction", "telephone",
        "is_active", "is_staff", "is_superuser", "last_login", "date_joined",
    ]  # fmt: skip
    readonly_fields = ["last_login", "date_joined"]

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        if not change:  # the person chooses a password by « Mot de passe oublié »
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)


@admin.register(Habilitation)
class HabilitationAdmin(HistoriqueAdmin):
    list_display = ["utilisateur", "service", "role", "actif"]
    list_filter = ["service", "role", "actif"]
    list_select_related = ["utilisateur", "service"]
    search_fields = ["utilisateur__email", "utilisateur__last_name"]
    autocomplete_fields = ["utilisateur"]

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Membre)
class MembreAdmin(HistoriqueAdmin):
    list_display = ["utilisateur", "structure", "droit", "actif"]
    list_filter = ["droit", "actif"]
    list_select_related = ["utilisateur", "structure"]
    search_fields = ["utilisateur__email", "utilisateur__last_name", "structure__denomination", "structure__siret"]
    autocomplete_fields = ["utilisateur"]
    raw_id_fields = ["structure"]

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Invitation)
class InvitationAdmin(LectureSeuleAdmin):
    list_display = ["courriel", "role", "service", "droit", "structure", "expire_le", "acceptee_le"]
    list_select_related = ["service", "structure"]
    exclude = ["jeton_empreinte"]


@admin.register(DemandeRattachement)
class DemandeRattachementAdmin(LectureSeuleAdmin):
    list_display = ["utilisateur", "structure", "etat", "demandee_le", "traitee_par", "traitee_le"]
    list_filter = ["etat"]
    list_select_related = ["utilisateur", "structure", "traitee_par"]


@admin.register(Authenticator)
class SecondFacteurAdmin(admin.ModelAdmin):
    """Who has a second factor, never its secret; whoever lost theirs has it taken away, and sets up another."""

    list_display = ["user", "type", "created_at", "last_used_at"]
    list_select_related = ["user"]
    search_fields = ["user__email", "user__last_name"]
    fields = readonly_fields = ["user", "type", "created_at", "last_used_at"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False
