"""Handing a message over to the mail server: the only place that knows SMTP."""

import smtplib

from django.core.mail import EmailMultiAlternatives, get_connection

DELAI_SMTP = 20  # seconds; shorter than the first wait between two attempts


def remettre(courriel):
    message = EmailMultiAlternatives(
        courriel.objet,
        courriel.corps,
        to=[courriel.destinataire],
        headers={"Message-ID": courriel.identifiant_message, "Auto-Submitted": "auto-generated"},
        connection=get_connection(timeout=DELAI_SMTP),
    )
    if courriel.html:
        message.attach_alternative(courriel.html, "text/html")
    for fichier in courriel.pieces.all():
        message.attach(fichier.nom, fichier.lire(), fichier.type_mime)
    message.send()


def est_definitif(erreur):
    """The server refuses the address for good: trying again would tell nothing more."""
    if not isinstance(erreur, smtplib.SMTPRecipientsRefused):
        return False
    return all(code >= 500 for code, _ in erreur.recipients.values())
