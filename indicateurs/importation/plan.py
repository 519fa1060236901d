"""Du fichier aux mesures : ce qui serait écrit, et tout ce qui l'empêche, ligne et colonne dites.

Une seule anomalie bloquante, et rien ne s'écrit : un fichier à moitié importé ne se voit pas.
"""

import hashlib
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from contrats.models import Contrat
from indicateurs import millesimes
from indicateurs.enums import StatutMesure
from indicateurs.importation.connu import Connu, connaitre
from indicateurs.importation.tableau import (
    CaseLue,
    Disposition,
    cases,
    reperer,
    sans_entete,
)
from indicateurs.mesures_lues import montree
from indicateurs.millesimes import Forme
from indicateurs.models import Indicateur, Mesure
from indicateurs.saisie_nombres import ValeurIllisible, lire_statut, lire_valeur
from perr.importation.formes import Endroit, Feuille, FichierRefuse
from perr.importation.textes import cle
from territoires.enums import TypeTerritoire
from territoires.models import Territoire

ANOMALIES_MAX = 200  # au-delà, le fichier n'est pas le bon : le début suffit à le voir


@dataclass(frozen=True)
class Anomalie:
    """Ce qui ne va pas, où, et quoi faire."""

    endroit: Endroit
    constat: str
    bloque: bool = True


@dataclass(frozen=True)
class Prevue:
    """Une mesure que le fichier dit : sa cible, son contenu, l'état présent."""

    endroit: Endroit
    indicateur: Indicateur
    territoire: Territoire
    millesime: Forme
    valeur: Decimal | None
    statut: StatutMesure
    note: str
    presente: Mesure | None

    @property
    def sorte(self) -> str:
        if self.presente is None:
            return "créée"
        avant = (self.presente.valeur, self.presente.statut, self.presente.note)
        pareille = avant == (self.valeur, self.statut, self.note) and not (
            self.presente.demonstration
        )
        return "inchangée" if pareille else "modifiée"

    @property
    def avant(self) -> tuple[Decimal | None, StatutMesure] | None:
        """Ce qu'on peut montrer de l'état présent."""
        if self.presente is None:
            return None
        return montree(self.presente.valeur, self.presente.statut, self.presente.secret_induit)


@dataclass
class Plan:
    """Ce que l'import ferait, tout ou rien."""

    prevues: list[Prevue] = field(default_factory=list)
    anomalies: list[Anomalie] = field(default_factory=list)
    vides: int = 0  # cases d'un tableau large laissées vides : rien n'y est dit

    @property
    def bloquantes(self) -> list[Anomalie]:
        return [a for a in self.anomalies if a.bloque]

    @property
    def remarques(self) -> list[Anomalie]:
        return [a for a in self.anomalies if not a.bloque]

    @cached_property
    def changements(self) -> list[Prevue]:
        return [p for p in self.prevues if p.sorte != "inchangée"]

    @property
    def applicable(self) -> bool:
        return not self.bloquantes and bool(self.changements)

    def nombre(self, sorte: str) -> int:
        return sum(p.sorte == sorte for p in self.prevues)

    @cached_property
    def jeton(self) -> str:
        """Désigne ce plan et l'état de la base qu'il suppose."""
        lignes = [
            (
                p.indicateur.pk,
                p.territoire.pk,
                p.millesime.cle,
                str(p.valeur),
                p.statut.value,
                p.note,
                p.presente and p.presente.version,
            )
            for p in self.prevues
        ]
        return hashlib.sha256(repr(sorted(lignes)).encode()).hexdigest()[:24]


def prevoir(
    contrat: Contrat,
    feuilles: list[Feuille],
    *,
    indicateur: Indicateur | None = None,
    millesime: str = "",
) -> Plan:
    """`indicateur` et `millesime` valent pour les cases qui ne les disent pas."""
    connu = connaitre(contrat)
    trouvee = _feuille(feuilles, connu)
    if trouvee is None:
        raise sans_entete(feuilles)
    feuille, disposition = trouvee
    lecteur = Lecteur(connu, indicateur, millesime)
    lecteur.signaler_l_entete(feuille, disposition, feuilles)
    lues = cases(feuille, disposition)
    if not lues:
        raise FichierRefuse(
            f"{Endroit(feuille.nom, disposition.ligne).en_tete} : un en-tête, mais aucune ligne de "
            "mesure en dessous. Vérifiez que c'est le bon fichier."
        )
    large = bool(disposition.par_millesime or disposition.par_indicateur)
    for case in lues:
        lecteur.lire(case, large=large)
    return lecteur.plan


def _feuille(feuilles: list[Feuille], connu: Connu) -> tuple[Feuille, Disposition] | None:
    for feuille in feuilles:
        disposition = reperer(feuille, connu.noms)
        if disposition is not None:
            return feuille, disposition
    return None


class Lecteur:
    """Rapproche chaque case de la base, en notant ce qui l'empêche."""

    def __init__(self, connu: Connu, indicateur: Indicateur | None, millesime: str) -> None:
        self.connu = connu
        self.indicateur = indicateur
        self.millesime = millesime
        self.plan = Plan()
        self.vues: dict[tuple[int, int, str], Endroit] = {}

    def noter(self, endroit: Endroit, constat: str, *, bloque: bool = True) -> None:
        anomalie = Anomalie(endroit, constat, bloque)
        if anomalie not in self.plan.anomalies and len(self.plan.anomalies) < ANOMALIES_MAX:
            self.plan.anomalies.append(anomalie)

    def signaler_l_entete(self, feuille: Feuille, d: Disposition, feuilles: list[Feuille]) -> None:
        entete = Endroit(feuille.nom, d.ligne)
        for rang, brut in d.doubles:
            place = Endroit(feuille.nom, d.ligne, rang)
            self.noter(place, f"La colonne « {brut[:60]} » est en double : n'en gardez qu'une.")
        if d.par_millesime and d.par_indicateur:
            self.noter(
                entete, "Des colonnes de millésimes et des colonnes d'indicateurs : choisissez."
            )
        if "valeur" in d.roles and (d.par_millesime or d.par_indicateur):
            self.noter(entete, "Une colonne « valeur » et un tableau large : choisissez.")
        if d.ignorees:
            noms = ", ".join(f"« {nom[:40]} »" for nom in d.ignorees[:12])
            self.noter(entete, f"Colonnes laissées de côté : {noms}.", bloque=False)
        for autre in feuilles:
            if autre is not feuille and any(valeurs for _, valeurs in autre.lignes):
                self.noter(Endroit(autre.nom, 1), "Feuille laissée de côté.", bloque=False)

    def lire(self, case: CaseLue, *, large: bool) -> None:
        if large and not case.valeur:
            self.plan.vides += 1
            return
        indicateur, territoire = self._indicateur(case), self._territoire(case)
        forme, lue = self._millesime(case), self._valeur(case)
        if indicateur is None or territoire is None or forme is None or lue is None:
            return
        valeur, statut = lue
        if len(case.note) > 300:
            self.noter(case.endroit, f"Note de {len(case.note)} caractères : 300 au plus.")
            return
        self._placer(case, indicateur, territoire, forme, valeur, statut)

    def _placer(
        self,
        case: CaseLue,
        indicateur: Indicateur,
        territoire: Territoire,
        forme: Forme,
        valeur: Decimal | None,
        statut: StatutMesure,
    ) -> None:
        place = (indicateur.pk, territoire.pk, forme.cle)
        if place in self.vues:
            self.noter(
                case.endroit,
                f"Déjà dit à la {self.vues[place]} : « {indicateur} », {territoire}, "
                f"{forme.libelle}. Gardez une seule ligne.",
            )
            return
        self.vues[place] = case.endroit
        if valeur is not None:
            self._vraisemblable(case, indicateur, valeur)
        self._generation(case, territoire, forme)
        presente = self.connu.mesures.get(place)
        self.plan.prevues.append(
            Prevue(case.endroit, indicateur, territoire, forme, valeur, statut, case.note, presente)
        )

    def _vraisemblable(self, case: CaseLue, indicateur: Indicateur, valeur: Decimal) -> None:
        if indicateur.unite == "%" and not -1000 <= valeur <= 1000:
            self.noter(case.endroit, f"{case.valeur} % : vérifiez l'unité.", bloque=False)
        if indicateur.agregation == "somme" and valeur < 0:
            self.noter(case.endroit, f"« {case.valeur} » : un nombre compté n'est pas négatif.")
        if "." in case.valeur and "," not in case.valeur and len(case.valeur.split(".")[-1]) == 3:
            dit = f"« {case.valeur} » est lu {valeur} : le point y sépare les décimales."
            self.noter(case.endroit, dit, bloque=False)

    def _generation(self, case: CaseLue, territoire: Territoire, forme: Forme) -> None:
        """Un chiffre d'avant un quartier se calcule sur son contour ; d'après sa fin, jamais."""
        au = territoire.valide_au
        if territoire.type == TypeTerritoire.QPV and au is not None and forme.debut > au:
            self.noter(
                case.endroit,
                f"{territoire} ({territoire.generation}) n'existe plus en {forme.libelle} : "
                "vérifiez la génération du quartier.",
                bloque=False,
            )

    def _indicateur(self, case: CaseLue) -> Indicateur | None:
        if not case.indicateur:
            if self.indicateur is None:
                self.noter(
                    case.endroit,
                    "L'indicateur n'est pas dit : ajoutez une colonne « indicateur », ou "
                    "choisissez-le au dépôt.",
                )
            return self.indicateur
        nom = self.connu.noms.get(cle(case.indicateur))
        if nom is None:
            self.noter(
                case.entete or case.endroit,
                f"Indicateur inconnu de ce contrat : « {case.indicateur[:80]} ». Admis : "
                f"{', '.join(self.connu.indicateurs) or 'aucun'}.",
            )
            return None
        return self.connu.indicateurs[nom]

    def _territoire(self, case: CaseLue) -> Territoire | None:
        dits = [texte for texte in (case.code, case.territoire) if texte]
        if not dits:
            self.noter(case.endroit, "Le territoire n'est pas dit sur cette ligne.")
            return None
        for texte in dits:
            if lieu := self.connu.par_code.get(texte.upper()):
                return self._accorde(case, lieu)
        lieux = self.connu.par_nom.get(cle(dits[-1]), [])
        if case.generation:
            lieux = [li for li in lieux if str(li.generation) == case.generation]
        if len(lieux) > 1:
            choix = ", ".join(f"{li.nom} {li.generation} ({li.code or li.cle})" for li in lieux)
            self.noter(
                case.endroit,
                f"« {dits[-1][:60]} » désigne plusieurs territoires : {choix}. Écrivez le code, "
                "ou la génération.",
            )
        if not lieux:
            self.noter(
                case.endroit,
                f"Territoire inconnu de ce contrat : « {dits[0][:60]} ». Écrivez son code "
                "(QP…, QN…) ou son nom officiel.",
            )
        return lieux[0] if len(lieux) == 1 else None

    def _accorde(self, case: CaseLue, lieu: Territoire) -> Territoire | None:
        """Un code trouvé ; la génération dite à côté doit être la sienne."""
        if case.generation and str(lieu.generation or "") != case.generation:
            self.noter(
                case.endroit,
                f"{lieu} est de la génération {lieu.generation or '(aucune)'}, la ligne dit "
                f"« {case.generation[:20]} ».",
            )
            return None
        return lieu

    def _millesime(self, case: CaseLue) -> Forme | None:
        texte = case.millesime or self.millesime
        if not texte:
            self.noter(
                case.endroit,
                "Le millésime n'est pas dit : ajoutez une colonne « millésime », ou écrivez-le au "
                "dépôt.",
            )
            return None
        try:
            return millesimes.lire(texte)
        except millesimes.MillesimeInvalide as erreur:
            self.noter(case.endroit, str(erreur))
            return None

    def _valeur(self, case: CaseLue) -> tuple[Decimal | None, StatutMesure] | None:
        voulu = lire_statut(case.statut) if case.statut else None
        if case.statut and voulu is None:
            admis = ", ".join(s.label.lower() for s in StatutMesure)
            self.noter(case.endroit, f"Statut inconnu : « {case.statut[:40]} ». Admis : {admis}.")
            return None
        if voulu is not None and not case.valeur and voulu not in StatutMesure.chiffres():
            return None, voulu
        try:
            valeur, lu = lire_valeur(case.valeur)
        except ValeurIllisible as erreur:
            dit = str(erreur)
            self.noter(case.endroit, f"{dit[:1].upper()}{dit[1:]}.")
            return None
        return self._accorder_le_statut(case, valeur, lu, voulu)

    def _accorder_le_statut(
        self, case: CaseLue, valeur: Decimal | None, lu: StatutMesure, voulu: StatutMesure | None
    ) -> tuple[Decimal | None, StatutMesure] | None:
        if voulu is None or voulu == lu:
            return valeur, lu
        if valeur is not None and voulu in StatutMesure.chiffres():
            return valeur, voulu
        self.noter(
            case.endroit,
            f"Valeur « {case.valeur[:40]} » et statut « {case.statut[:40]} » se contredisent.",
        )
        return None
