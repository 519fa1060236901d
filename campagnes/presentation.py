"""Ce que montrent les écrans d'une campagne."""

from dataclasses import dataclass
from typing import Any

from campagnes import courriels
from campagnes.enums import EtatReponse
from campagnes.models import Campagne, Destinataire, Reponse
from contrats.atelier.page import moment
from contrats.models import Action
from courrier.enums import EtatCourriel

# Signe de chaque place dans la liste vivante, et de chaque décision : classes de composants.css.
SIGNES = {
    EtatReponse.RECUE: "en_cours",
    EtatReponse.ACCEPTEE: "realisee",
    EtatReponse.MODIFIEE: "realisee",
    EtatReponse.RENVOYEE: "en_retard",
    EtatReponse.REMPLACEE: "regroupee",
}


@dataclass
class LigneDestinataire:
    """Où en est un destinataire."""

    destinataire: Destinataire
    signe: str
    libelle: str
    quand: str
    alerte: str


def lignes(campagne: Campagne) -> list[LigneDestinataire]:
    """La liste vivante, d'abord ceux qui n'ont pas répondu."""
    siens = list(
        campagne.destinataires.avec_comptes().prefetch_related("organismes").order_by("email", "pk")
    )
    remises = courriels.remises(siens)
    trouvees = [_ligne(d, remises.get(d.pk)) for d in siens]
    rangs = {"a_lancer": 0, "en_cours": 1, "realisee": 2}
    return sorted(trouvees, key=lambda ligne: rangs[ligne.signe])


def _ligne(d: Any, courriel: Any) -> LigneDestinataire:
    if d.nb_repondues == d.nb_demandes:
        signe, libelle = "realisee", "A tout répondu"
    elif d.nb_repondues:
        signe, libelle = "en_cours", "A commencé à répondre"
    elif d.ouvert_le:
        signe, libelle = "en_cours", "A ouvert"
    else:
        signe, libelle = "a_lancer", "N'a pas ouvert"
    alerte = ""
    if courriel and courriel.etat in (EtatCourriel.ECHEC, EtatCourriel.INCERTAIN):
        alerte = f"Courriel : {courriel.get_etat_display()}"
    return LigneDestinataire(d, signe, libelle, moment(d.ouvert_le) if d.ouvert_le else "", alerte)


def comptes(toutes: list[LigneDestinataire]) -> list[tuple[str, int]]:
    """Combien ont tout répondu, commencé ou ouvert, pas ouvert."""
    signes = [ligne.signe for ligne in toutes]
    return [
        ("ont tout répondu", signes.count("realisee")),
        ("ont ouvert", signes.count("en_cours")),
        ("n'ont pas ouvert", signes.count("a_lancer")),
    ]


@dataclass
class LigneReponse:
    """Une réponse : de qui, sur quoi, ce qu'elle change."""

    reponse: Reponse
    quand: str
    changements: list[dict[str, str]]
    signe: str

    @property
    def action(self) -> Action:
        return self.reponse.demande.action

    @property
    def auteur(self) -> str:
        d = self.reponse.demande.destinataire
        organismes = ", ".join(o.nom for o in d.organismes.all())
        return f"{d.nom} ({organismes})" if d.nom and organismes else organismes or str(d)


def ligne_de(reponse: Reponse) -> LigneReponse:
    return LigneReponse(
        reponse,
        moment(reponse.recue_le),
        changements(reponse),
        SIGNES[EtatReponse(reponse.etat)],
    )


def changements(reponse: Reponse) -> list[dict[str, str]]:
    """État, avancement, date : ce qui est écrit, ce qui est proposé, seulement si cela change."""
    action = reponse.demande.action
    couples = [
        ("État", action.get_statut_display(), reponse.get_statut_display()),
        ("Avancement", _pour_cent(action.avancement), _pour_cent(reponse.avancement)),
        ("Échéance", _jour(action.echeance), _jour(reponse.echeance)),
    ]
    return [
        {"nom": nom, "avant": avant or "non renseigné", "apres": apres}
        for nom, avant, apres in couples
        if apres and apres != avant
    ]


def _pour_cent(valeur: int | None) -> str:
    return "" if valeur is None else f"{valeur} %"


def _jour(valeur: Any) -> str:
    return f"{valeur:%d/%m/%Y}" if valeur else ""
