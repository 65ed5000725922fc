from django.urls import path

from aap_portal.comptes import reverification
from aap_portal.comptes.views import compte, equipe, rattachement, structure

app_name = "comptes"
urlpatterns = [
    path("export/", reverification.export_pret, name="export_pret"),
    path("mon-compte/", compte.mon_compte, name="mon_compte"),
    path("invitation/<str:jeton>/", compte.invitation, name="invitation"),
    path("structure/", structure.structure, name="structure"),
    path("structure/<int:pk>/", structure.structure, name="structure"),
    path("structure/<int:pk>/modifier/", structure.structure_modifier, name="structure_modifier"),
    path("structure/<int:pk>/inviter/", structure.membre_inviter, name="membre_inviter"),
    path("membre/<int:pk>/droit/", structure.membre_changer_droit, name="membre_changer_droit"),
    path("membre/<int:pk>/retirer/", structure.membre_retirer, name="membre_retirer"),
    path(
        "structure/invitation/<int:pk>/annuler/",
        structure.invitation_membre_annuler,
        name="invitation_membre_annuler",
    ),
    path("rattachement/", rattachement.rattachement, name="rattachement"),
    path("rattachement/<str:siret>/", rattachement.structure_creer, name="structure_creer"),
    path("demandes/", rattachement.demandes, name="demandes"),
    path("demandes/<int:pk>/accepter/", rattachement.demande_accepter, name="demande_accepter"),
    path("demandes/<int:pk>/refuser/", rattachement.demande_refuser, name="demande_refuser"),
    path("equipe/", equipe.equipe, name="equipe"),
    path("equipe/inviter/", equipe.agent_inviter, name="agent_inviter"),
    path("equipe/habilitation/<int:pk>/desactiver/", equipe.habilitation_desactiver, name="habilitation_desactiver"),
    path("equipe/invitation/<int:pk>/annuler/", equipe.invitation_agent_annuler, name="invitation_agent_annuler"),
]
