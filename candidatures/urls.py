"""Routes of the dossiers: the porteur’s, then the instructor’s."""

from django.urls import path

from .urls_instruction import urlpatterns as instruction
from .views import budgets, copies, depot, messages, partenaires, pieces, plan, porteur, postes, reprise, rubriques

app_name = "candidatures"
urlpatterns = [
    *instruction,
    path("dossiers/", porteur.dossiers, name="dossiers"),
    path("dossiers/commencer/", porteur.commencer, name="commencer"),
    path("dossiers/<str:numero>/", porteur.dossier, name="dossier"),
    path("messages/", messages.conversations, name="conversations"),
    path("dossiers/<str:numero>/messages/", messages.messages, name="messages"),
    path("dossiers/<str:numero>/messages/lus/", messages.messages_lus, name="messages_lus"),
    path("dossiers/<str:numero>/copies/", copies.copies, name="copies"),
    path("dossiers/<str:numero>/copies/<slug:format>/", copies.copie_demander, name="copie_demander"),
    path("dossiers/<str:numero>/partage/", messages.partager, name="partager"),
    path("dossiers/<str:numero>/reprendre/", reprise.dossier_reprendre, name="dossier_reprendre"),
    path("dossiers/<str:numero>/retirer/", porteur.retirer, name="retirer"),
    path("dossiers/<str:numero>/verifier/", depot.verifier, name="verifier"),
    path("dossiers/<str:numero>/deposer/", depot.deposer, name="deposer"),
    path("dossiers/<str:numero>/recepisse/<int:rang>/", depot.recepisse, name="recepisse"),
    path("dossiers/<str:numero>/budgets/equilibre/", budgets.budgets_equilibre, name="budgets_equilibre"),
    path("dossiers/<str:numero>/budgets/modele/", budgets.budgets_modele, name="budgets_modele"),
    path("dossiers/<str:numero>/budgets/importer/", budgets.budgets_importer, name="budgets_importer"),
    path("dossiers/<str:numero>/postes/", postes.postes, name="postes"),
    path("dossiers/<str:numero>/postes/ajouter/", postes.poste_ajouter, name="poste_ajouter"),
    path("dossiers/<str:numero>/postes/calcul/", postes.poste_calcul, name="poste_calcul"),
    path("dossiers/<str:numero>/postes/<int:pk>/", postes.poste_modifier, name="poste_modifier"),
    path("dossiers/<str:numero>/postes/<int:pk>/calcul/", postes.poste_calcul, name="poste_calcul"),
    path("dossiers/<str:numero>/postes/<int:pk>/retirer/", postes.poste_retirer, name="poste_retirer"),
    path("dossiers/<str:numero>/partenaires/ajouter/", partenaires.partenaire_ajouter, name="partenaire_ajouter"),
    path("dossiers/<str:numero>/partenaires/<int:pk>/", partenaires.partenaire_modifier, name="partenaire_modifier"),
    path(
        "dossiers/<str:numero>/partenaires/<int:pk>/retirer/", partenaires.partenaire_retirer, name="partenaire_retirer"
    ),
    path("dossiers/<str:numero>/plan/", plan.plan, name="plan"),
    path("dossiers/<str:numero>/plan/calcul/", plan.plan_calcul, name="plan_calcul"),
    path("dossiers/<str:numero>/pieces/", pieces.pieces, name="pieces"),
    path("dossiers/<str:numero>/pieces/resume/", pieces.pieces_resume, name="pieces_resume"),
    path("dossiers/<str:numero>/pieces/<int:pk>/retirer/", pieces.piece_retirer, name="piece_retirer"),
    path("dossiers/<str:numero>/pieces/<slug:code>/", pieces.piece_deposer, name="piece_deposer"),
    path("dossiers/<str:numero>/pieces/<slug:code>/televerser/", pieces.piece_televerser, name="piece_televerser"),
    path("dossiers/<str:numero>/pieces/<slug:code>/modele/<slug:format>/", pieces.piece_modele, name="piece_modele"),
    path("dossiers/<str:numero>/pieces/<slug:code>/declarer/", pieces.piece_declarer, name="piece_declarer"),
    path("dossiers/<str:numero>/<slug:code>/", rubriques.rubrique, name="rubrique"),
]
