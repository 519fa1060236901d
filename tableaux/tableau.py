"""Le tableau de bord d'un périmètre à une date : les sept vues, tirées d'un même état."""

import datetime
from dataclasses import dataclass
from functools import cached_property

from tableaux.avancement import Point, serie
from tableaux.calculs import MANQUES, SOMMES, calculer
from tableaux.calculs.contrat import Devoir, devoirs
from tableaux.calculs.matrice import atteint_le_tiers
from tableaux.cartes import CLASSES, Carte, carte
from tableaux.chiffre import Chiffre
from tableaux.comites import DecisionLue, decisions
from tableaux.etat import Etat, MeteoLue
from tableaux.lecture import lire_etat
from tableaux.mouvements import Derive, Mouvement, cellules_changees, derive, mouvements
from tableaux.perimetre import Lecteur, Perimetre
from tableaux.sources import Sources
from tableaux.tour import Attente, Solde, a_qui_le_tour, balance

STATUTS = {
    "realisees": "realisee",
    "en_cours": "en_cours",
    "en_retard": "en_retard",
    "a_lancer": "a_lancer",
    "arretees": "suspendue",
}
# Chiffre → signe de l'alerte ; une valeur nulle n'alerte pas.
ALERTES = {
    "en_retard": "en_retard",
    "jalons_manques": "en_retard",
    "devoirs_manques": "en_retard",
    "sans_pilote": "suspendue",
    "sans_quartier": "suspendue",
    "cibles_manquees": "en_retard",
    "sans_chiffre": "suspendue",
    **{calcul.__name__: "suspendue" for calcul in MANQUES},
}


@dataclass(frozen=True)
class Alerte:
    """Un chiffre qui demande qu'on s'en occupe, et son signe."""

    chiffre: Chiffre
    etat: str


@dataclass(frozen=True)
class Tableau:
    """Tout ce que montrent la page, les fichiers et l'API, pour un lecteur et une date.

    `tous` est l'état lu, `etat` sa part dans le périmètre ; `avant` l'état au comité précédent.
    """

    perimetre: Perimetre
    par: Lecteur
    tous: Etat
    etat: Etat
    avant: Etat | None
    signe: Etat | None
    chiffres: dict[str, Chiffre]

    @property
    def au(self) -> datetime.date:
        return self.etat.au

    @property
    def depuis(self) -> datetime.date | None:
        """Date du comité précédent, ou celle que l'adresse demande."""
        return self.avant.au if self.avant else None

    @property
    def est_connu(self) -> bool:
        """La plateforme gardait déjà l'histoire à cette date."""
        debut = self.etat.connu_depuis
        return debut is None or self.au >= debut.date()

    @property
    def se_compare(self) -> bool:
        """Elle la gardait déjà à la date comparée."""
        debut = self.etat.connu_depuis
        return self.avant is not None and debut is not None and self.avant.au >= debut.date()

    @property
    def demonstration(self) -> bool:
        return any(c.demonstration for c in self.chiffres.values())

    @cached_property
    def mouvements(self) -> list[Mouvement]:
        return mouvements(self.avant, self.etat) if self.avant and self.se_compare else []

    @property
    def mouvements_inventes(self) -> bool:
        """Tous le sont : le titre le dit une fois, non chaque ligne."""
        return bool(self.mouvements) and all(m.demonstration for m in self.mouvements)

    @property
    def ecarts_inventes(self) -> bool:
        chiffres = [i for i in self.etat.indicateurs if i.nb_chiffres]
        return bool(chiffres) and all(i.demonstration for i in chiffres)

    @cached_property
    def cellules_changees(self) -> list[tuple[str, int, int]]:
        """Colonne, cellules remplies et vidées depuis le comité précédent."""
        if self.avant is None or not self.se_compare:
            return []
        noms = {c.pk: c.libelle for c in self.etat.colonnes}
        changees = cellules_changees(self.avant, self.etat)
        return [(noms[pk], neuves, videes) for pk, (neuves, videes) in changees.items()]

    @cached_property
    def repartition(self) -> list[dict[str, object]]:
        """Pour la barre empilée : les cinq classes, qui font le total des actions suivies."""
        return [
            {
                "statut": STATUTS[cle],
                "libelle": self.chiffres[cle].libelle,
                "nombre": self.chiffres[cle].valeur or 0,
            }
            for cle in CLASSES
        ]

    @cached_property
    def alertes(self) -> list[Alerte]:
        trouvees = [
            Alerte(self.chiffres[cle], etat)
            for cle, etat in ALERTES.items()
            if cle in self.chiffres and self.chiffres[cle].valeur
        ]
        if self.tiers_atteint is False:
            trouvees.append(Alerte(self.chiffres["declinees"], "en_retard"))
        return trouvees

    @property
    def tiers_atteint(self) -> bool | None:
        return atteint_le_tiers(self.chiffres["declinees"])

    @cached_property
    def carte(self) -> Carte:
        return carte(self.etat)

    @cached_property
    def serie(self) -> list[Point]:
        return serie(self.perimetre, self.etat, self.par, self.tous)

    @cached_property
    def sommes(self) -> list[Chiffre]:
        """Les chiffres de financement ; vide quand le contrat ne cite aucune somme."""
        return [self.chiffres[c.__name__] for c in SOMMES if c.__name__ in self.chiffres]

    @cached_property
    def tour(self) -> list[Attente]:
        return a_qui_le_tour(self.etat, self.chiffres)

    @cached_property
    def balance(self) -> list[Solde]:
        return balance(self.etat)

    @cached_property
    def devoirs(self) -> list[Devoir]:
        return devoirs(self.etat)

    @cached_property
    def decisions(self) -> list[DecisionLue]:
        """Celles des comités du contrat, à faire d'abord."""
        if self.perimetre.genre != "contrat" or not self.tous.contrats:
            return []
        return decisions(self.tous.contrats[0].slug, self.par, self.au)

    @property
    def decisions_inventees(self) -> bool:
        return bool(self.decisions) and all(d.demonstration for d in self.decisions)

    @cached_property
    def meteo(self) -> MeteoLue | None:
        """Le jugement sur le contrat entier ; aucun : « non renseignée »."""
        return next((m for m in self.etat.meteos if m.axe is None), None)

    @cached_property
    def meteos_des_programmes(self) -> dict[str, MeteoLue]:
        return {m.axe: m for m in self.etat.meteos if m.axe}

    @cached_property
    def derive(self) -> list[Derive]:
        if self.signe is None or not self.signature_connue:
            return []
        return derive(self.signe, self.avant, self.etat)

    @property
    def signature_connue(self) -> bool:
        """La plateforme gardait l'histoire le jour de la signature."""
        debut = self.etat.connu_depuis
        return self.signe is not None and debut is not None and self.signe.au >= debut.date()

    @property
    def titre(self) -> str:
        """La phrase que le tableau fait lire en premier."""
        if not self.etat.suivies:
            return "Aucune action suivie dans ce périmètre"
        faites = self.chiffres["realisees"]
        verbe = "est réalisée" if faites.valeur == 1 else "sont réalisées"
        return f"{faites.valeur} actions sur {faites.denominateur} {verbe}".replace(
            "1 actions sur", "1 action sur"
        )


def tableau(
    perimetre: Perimetre,
    par: Lecteur,
    au: datetime.date | None = None,
    depuis: datetime.date | None = None,
    sources: Sources | None = None,
) -> Tableau:
    """Le tableau à cette date ; `depuis` remplace la date du comité précédent.

    Deux états au plus, trois pour un contrat signé, tirés des mêmes sources : le nombre de
    requêtes ne dépend ni du nombre d'actions, ni du nombre de comités.
    """
    sources = sources or Sources(perimetre, par)
    tous = lire_etat(perimetre, par, au, sources)
    etat = perimetre.restreindre(tous)
    comites = sorted({d for c in tous.contrats for d in c.comites if d < tous.au})
    repere = depuis if depuis and depuis < tous.au else (comites[-1] if comites else None)
    avant = None
    if repere:
        avant = perimetre.restreindre(lire_etat(perimetre, par, repere, sources))
    signe_le = next(
        (c.signe_le for c in etat.contrats if c.signe_le and c.signe_le < tous.au), None
    )
    signe = None
    if perimetre.genre == "contrat" and signe_le:
        signe = lire_etat(perimetre, par, signe_le, sources)
    return Tableau(perimetre, par, tous, etat, avant, signe, calculer(etat, avant))
