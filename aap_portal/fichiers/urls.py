from django.urls import path

from . import views

app_name = "fichiers"
urlpatterns = [
    path("fichiers/<uuid:cle>/", views.telecharger, name="telecharger"),
    path("televersements/<uuid:cle>/", views.televersement, name="televersement"),
    path("televersements/<uuid:cle>/abandonner/", views.televersement_abandonner, name="televersement_abandonner"),
]
