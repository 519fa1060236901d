"""Ce que l'import changerait : chaque cellule créée, modifiée ou laissée, et ce qui attend."""

import hashlib
import json
from dataclasses import dataclass, field, replace

from contrats.models import Contrat
from perr.contenu import Contenu, contenu_de
from perr.importation.analyse import Lecture, analyser
from perr.importation.connu import Connu, lire_connu
from perr.importation.contenus import contenu_lu, identique, renvoi_lu
from perr.importation.formes import (
    IGNORER,
    LAISSER,
    Anomalie,
    Cellule,
    Confiance,
    Endroit,
    Feuille,
    Genre,
    Journal,
)
from perr.importation.partenaires import rapprocher_les_partenaires
from perr.importation.structure import Ajouts, prevoir_les_ajouts
from perr.importation.textes import cle
from perr.lecture import avec_contenu
from perr.models import Declinaison

Place = tuple[str, int, str]  # annexe, rang de colonne, numéro d'action
LONG_DOUBLON = 40


@dataclass(frozen=True)
class Changement:
    """Une cellule à écrire : lue à `version` (None : vide), elle deviendrait `apres`."""

    place: Place
    colonne: str
    endroit: Endroit
    version: int | None
    avant: Contenu | None
    apres: Contenu | None
    renvoi: str = ""

    @property
    def est_creation(self) -> bool:
        return self.avant is None

    @property
    def est_vidage(self) -> bool:
        return self.apres is None


@dataclass
class Plan:
    """Tout ce que l'aperçu montre, et tout ce que l'application écrit."""

    connu: Connu
    lecture: Lecture
    anomalies: list[Anomalie] = field(default_factory=list)
    changements: list[Changement] = field(default_factory=list)
    nb_inchangees: int = 0
    nb_ecartees: int = 0
    en_attente: list[Cellule] = field(default_factory=list)
    ajouts: Ajouts = field(default_factory=Ajouts)

    @property
    def creations(self) -> list[Changement]:
        return [c for c in self.changements if c.est_creation]

    @property
    def modifications(self) -> list[Changement]:
        return [c for c in self.changements if not c.est_creation and not c.est_vidage]

    @property
    def vidages(self) -> list[Changement]:
        return [c for c in self.changements if c.est_vidage]

    @property
    def questions(self) -> list[Anomalie]:
        return [a for a in self.anomalies if a.question]

    @property
    def questions_ouvertes(self) -> list[Anomalie]:
        return [a for a in self.anomalies if a.en_attente]

    @property
    def corrections(self) -> list[Anomalie]:
        return [a for a in self.anomalies if not a.question and a.options]

    @property
    def signalements(self) -> list[Anomalie]:
        return [a for a in self.anomalies if not a.options]

    @property
    def change_quelque_chose(self) -> bool:
        return bool(self.changements or self.ajouts)

    @property
    def jeton(self) -> str:
        """Empreinte de ce qui serait écrit : l'application refuse un aperçu dépassé."""
        contenu = [
            (c.place, c.version, c.apres.en_json() if c.apres else None) for c in self.changements
        ]
        return hashlib.sha256(
            json.dumps([contenu, self.ajouts.resume()], default=str).encode()
        ).hexdigest()


def prevoir(contrat: Contrat, feuilles: list[Feuille], reponses: dict[str, str]) -> Plan:
    """Le plan pour l'état présent de la base et ces réponses ; n'écrit rien."""
    connu = lire_connu(contrat)
    actuelles = _actuelles(contrat)

    def deja(cellule: Cellule) -> bool:
        places = [(cellule.annexe, cellule.rang or 0, n) for n in cellule.actions]
        gardes = [contenu_de(actuelles[p]) if p in actuelles else None for p in places]
        return bool(places) and all(identique(cellule, g, connu.quartiers) for g in gardes)

    lecture = analyser(feuilles, connu, reponses, deja)
    journal = Journal(reponses)
    plan = Plan(connu, lecture)
    retenues = _retenues(lecture, plan, journal)
    for place, cellule in retenues.items():
        _comparer(place, cellule, actuelles.get(place), plan, journal)
    _doublons(plan, retenues, journal)
    _vides(plan, lecture, actuelles, retenues, journal)
    plan.ajouts = prevoir_les_ajouts(connu, lecture.structure, [c.place for c in plan.changements])
    rapprocher_les_partenaires(contrat, lecture.structure, plan.ajouts, journal)
    plan.anomalies = [*lecture.anomalies, *journal.anomalies]
    return plan


def _actuelles(contrat: Contrat) -> dict[Place, Declinaison]:
    """Cellules de la base, par annexe, rang de colonne dans l'annexe et numéro d'action."""
    cellules = avec_contenu(
        Declinaison.objects.filter(action__contrat=contrat).select_related(
            "action", "colonne__annexe"
        )
    )
    rangs: dict[int, int] = {}
    colonnes = contrat.annexes_territoriales.order_by("pk").values_list(
        "pk", "colonnes__pk", "colonnes__rang"
    )
    par_annexe: dict[int, list[tuple[int, int]]] = {}
    for annexe, colonne, rang in colonnes:
        if colonne is not None:
            par_annexe.setdefault(annexe, []).append((rang, colonne))
    for siennes in par_annexe.values():
        rangs |= {colonne: i for i, (_, colonne) in enumerate(sorted(siennes))}
    return {(d.colonne.annexe.nom, rangs[d.colonne_id], d.action.numero): d for d in cellules}


def _retenues(lecture: Lecture, plan: Plan, journal: Journal) -> dict[Place, Cellule]:
    """Une cellule par place ; celles qui attendent une réponse, ou écartées, n'y sont pas."""
    par_place: dict[Place, list[Cellule]] = {}
    for cellule in lecture.cellules:
        if cellule.attente:
            plan.en_attente.append(cellule)
        elif cellule.ecartee or cellule.rang is None or cellule.est_vide:
            plan.nb_ecartees += 1
        else:
            for numero in cellule.actions:
                par_place.setdefault((cellule.annexe, cellule.rang, numero), []).append(cellule)
    retenues: dict[Place, Cellule] = {}
    for place, cellules in par_place.items():
        differentes = list({cle(c.brut): c for c in cellules}.values())
        if len(differentes) == 1:
            retenues[place] = differentes[0]
        elif choisie := _collision(lecture, place, differentes, plan, journal):
            retenues[place] = choisie
    return retenues


def _collision(
    lecture: Lecture, place: Place, cellules: list[Cellule], plan: Plan, journal: Journal
) -> Cellule | None:
    annexe, rang, numero = place
    colonne = lecture.structure.colonnes[annexe][rang]
    options = [
        (str(i), f"Garder « {c.brut[:60].strip()} » ({c.endroit})") for i, c in enumerate(cellules)
    ]
    anomalie = journal.noter(
        Anomalie(
            genre=Genre.COLLISION,
            endroit=cellules[-1].endroit,
            constat=f"Action {numero}, colonne « {colonne} » : {len(cellules)} textes différents.",
            raison="Une cellule n'en porte qu'un.",
            options=[
                ("ensemble", "Les garder tous, à la suite"),
                *options,
                (IGNORER, "N'en importer aucun"),
            ],
            confiance=Confiance.FAIBLE,
            question=True,
            sujet=f"{annexe}/{rang}/{numero}",
        )
    )
    if anomalie.en_attente:
        plan.en_attente += cellules
        return None
    if anomalie.retenue == IGNORER:
        return None
    if anomalie.retenue == "ensemble":
        return replace(cellules[0], brut="\n\n".join(c.brut for c in cellules))
    return cellules[int(anomalie.retenue)]


def _comparer(
    place: Place, cellule: Cellule, actuelle: Declinaison | None, plan: Plan, journal: Journal
) -> None:
    annexe, rang, _ = place
    avant = contenu_de(actuelle) if actuelle else None
    quartiers = plan.connu.quartiers
    if identique(cellule, avant, quartiers):
        plan.nb_inchangees += 1
        return
    apres = contenu_lu(cellule, avant, quartiers, journal)
    if len(cellule.actions) > 1 and not apres.groupe:
        apres = replace(apres, groupe=f"partage-{'-'.join(cellule.actions)}-{rang + 1}"[:60])
    if fautes := apres.fautes():
        journal.noter(
            Anomalie(
                genre=Genre.INCOMPLETE,
                endroit=cellule.endroit,
                constat=next(iter(fautes.values())),
                raison="La cellule n'est pas importée : corrigez le fichier et déposez-le à "
                "nouveau.",
            )
        )
        plan.nb_ecartees += 1
        return
    if apres == avant:
        plan.nb_inchangees += 1
        return
    plan.changements.append(
        Changement(
            place=place,
            colonne=plan.lecture.structure.colonnes[annexe][rang],
            endroit=cellule.endroit,
            version=actuelle.version if actuelle else None,
            avant=avant,
            apres=apres,
            renvoi=renvoi_lu(cellule),
        )
    )


def _doublons(plan: Plan, retenues: dict[Place, Cellule], journal: Journal) -> None:
    """Le même long texte pour deux actions d'une colonne : recopié exprès, ou par mégarde ?"""
    changees = {c.place for c in plan.changements}
    vus: dict[tuple[str, int, str], Place] = {}
    for place, cellule in retenues.items():
        texte = cle(cellule.brut)
        if len(texte) < LONG_DOUBLON:
            continue
        premiere = vus.setdefault((place[0], place[1], texte), place)
        if premiere == place or not {premiere, place} & changees:
            continue
        if retenues[premiere] is cellule:
            continue  # une seule case du fichier, déjà dite partagée
        colonne = plan.lecture.structure.colonnes[place[0]][place[1]]
        anomalie = journal.noter(
            Anomalie(
                genre=Genre.DOUBLON,
                endroit=cellule.endroit,
                constat=f"Colonne « {colonne} » : les actions {premiere[2]} et {place[2]} ont "
                "exactement le même texte.",
                raison=f"L'autre est {retenues[premiere].endroit}.",
                options=[
                    (LAISSER, "Garder les deux"),
                    (IGNORER, f"Ne pas importer celui de l'action {place[2]}"),
                ],
                proposition=LAISSER,
                confiance=Confiance.MOYENNE,
            )
        )
        if anomalie.retenue == IGNORER:
            plan.changements = [c for c in plan.changements if c.place != place]


def _vides(
    plan: Plan,
    lecture: Lecture,
    actuelles: dict[Place, Declinaison],
    retenues: dict[Place, Cellule],
    journal: Journal,
) -> None:
    """Une case vide du fichier ne vide une cellule de la base que si quelqu'un le demande."""
    occupees = {
        (c.annexe, c.rang, n) for c in lecture.cellules if c.rang is not None for n in c.actions
    }
    attendues = {n for c in plan.en_attente for n in c.actions}
    vides = [
        place
        for place in sorted(lecture.structure.montrees - occupees)
        if place in actuelles and place not in retenues and place[2] not in attendues
    ]
    if not vides:
        return
    noms = ", ".join(
        f"action {n} en « {lecture.structure.colonnes[a][r]} »" for a, r, n in vides[:8]
    )
    suite = f" et {len(vides) - 8} autres" if len(vides) > 8 else ""
    pluriel = "s" if len(vides) > 1 else ""
    anomalie = journal.noter(
        Anomalie(
            genre=Genre.VIDES,
            endroit=Endroit("", 1),
            constat=f"{len(vides)} cellule{pluriel} remplie{pluriel} dans Réciproque "
            f"{'sont vides' if pluriel else 'est vide'} dans le fichier : {noms}{suite}.",
            raison="Un fichier peut n'être qu'un extrait : vider se demande.",
            options=[(LAISSER, "Les laisser"), ("vider", "Les vider")],
            proposition=LAISSER,
            partout=True,
        )
    )
    if anomalie.retenue == "vider":
        for place in vides:
            d = actuelles[place]
            colonne = lecture.structure.colonnes[place[0]][place[1]]
            plan.changements.append(
                Changement(place, colonne, anomalie.endroit, d.version, contenu_de(d), None)
            )
