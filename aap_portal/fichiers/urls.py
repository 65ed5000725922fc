from django.urls import path

from . import views

app_name = "fichiers"
urlpatterns = [
    path("fichiers/<uuid:cle>/", views.telecharger, name="telecharger"),
    path("fichiers/<uuid:cle>/lire/", views.lire, name="lire"),
    path("fichiers/<uuid:cle>/images/<int:rang>/", views.image, name="image"),
    path("televersements/<uuid:cle>/", views.televersement, name="televersement"),
    path("televersements/<uuid:cle>/abandonner/", views.televersement_abandonner, name="televersement_abandonner"),
]
