from django.urls import path

from . import views

app_name = "courriels"
urlpatterns = [
    path("messages/", views.courriels, name="courriels"),
    path("messages/boite-de-demonstration/", views.boite_demo, name="boite_demo"),
    path("messages/<int:pk>/", views.courriel, name="courriel"),
    path("messages/<int:pk>/reessayer/", views.courriel_relancer, name="courriel_relancer"),
]
