"""Les courriels d'une session : chacun porte le lien qui annule."""

from django.urls import reverse
from django.utils import timezone

from courrier.depot import adresse_absolue, composer, deposer
from gouvernance.liens import jeton_de
from gouvernance.models import Inscription


def confirmer(inscription: Inscription) -> None:
    """Une place, ou un rang dans la liste d'attente."""
    _deposer("inscription", inscription, f"inscription-{inscription.pk}")


def redire(inscription: Inscription) -> None:
    """Le même courriel, une fois par jour au plus : on ne remplit pas la boîte d'autrui."""
    jour = timezone.localdate().isoformat()
    _deposer("inscription", inscription, f"inscription-{inscription.pk}-{jour}")


def promouvoir(inscription: Inscription) -> None:
    _deposer("inscription_promue", inscription, f"inscription-promue-{inscription.pk}")


def dire_annulee(inscription: Inscription) -> None:
    _deposer("inscription_annulee", inscription, f"inscription-annulee-{inscription.pk}")


def dire_session_annulee(inscription: Inscription) -> None:
    _deposer("session_annulee", inscription, f"session-annulee-{inscription.pk}")


def rappeler(inscription: Inscription) -> None:
    """Avant la session ; une fois par date : une session déplacée se rappelle de nouveau."""
    cle = f"session-rappel-{inscription.pk}-{inscription.session.le.isoformat()}"
    _deposer("session_rappel", inscription, cle)


def _deposer(gabarit: str, inscription: Inscription, cle: str) -> None:
    session = inscription.session
    lien = reverse("gouvernance:inscription", args=[jeton_de(inscription)])
    contexte = {
        "inscription": inscription,
        "session": session,
        "lien": adresse_absolue(lien),
        "page": adresse_absolue(session.get_absolute_url()),
    }
    message = composer(gabarit, contexte)
    deposer(cle=cle, destinataire=inscription.email, sujet=message.sujet, texte=message.texte)
