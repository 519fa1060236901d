"""La seule façon d'écrire une cellule de la matrice, et de défaire ce qui a été écrit.

Un lot s'écrit en une transaction : tout ou rien. Chaque cellule est une mise à jour conditionnée à
la version lue ; une cellule lue vide se crée sous la contrainte d'unicité. Rien n'est écrasé sans
que son auteur le sache.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from comptes.models import Utilisateur
from contrats.models import Action, Axe, Contrat
from contrats.permissions import Acte, peut
from edition.contraintes import message_de_contrainte
from edition.ecriture import VersionPerimee, mettre_a_jour
from perr.contenu import CHAMPS, Contenu, contenu_de
from perr.lecture import avec_contenu
from perr.models import (
    Colonne,
    Declinaison,
    Lot,
    RegardSpecifique,
    RenvoiDeclinaison,
    VersionDeclinaison,
)
from territoires.models import Territoire

DEPASSE = "Des cellules de cette modification ont changé depuis : rien n'est annulé."

Place = tuple[int, int]  # (action, colonne), par clé primaire


class Derniere(NamedTuple):
    """Où en est le compte d'une cellule, vide ou non."""

    numero: int
    declinaison: uuid.UUID


@dataclass(frozen=True, slots=True)
class Modification:
    """Une cellule à écrire : la version lue (None : lue vide), le contenu voulu (None : vider)."""

    action: int
    colonne: int
    version: int | None
    contenu: Contenu | None

    @property
    def place(self) -> Place:
        return self.action, self.colonne


@dataclass(frozen=True, slots=True)
class Perimee:
    """Ce qu'est devenue une cellule lue à une version dépassée ; vide si `contenu` est None."""

    place: Place
    version: int | None
    contenu: Contenu | None
    auteur: Utilisateur | None = None


class CellulesPerimees(Exception):
    """Des cellules ont changé depuis leur lecture : 409, rien du lot n'est écrit."""

    def __init__(self, cellules: list[Perimee]) -> None:
        self.cellules = cellules
        nombre = len(cellules)
        super().__init__(
            "Une cellule a changé depuis que vous l'avez lue."
            if nombre == 1
            else f"{nombre} cellules ont changé depuis que vous les avez lues."
        )


class CellulesInvalides(Exception):
    """Ce qui ne peut s'écrire, par cellule puis par champ : 400, rien du lot n'est écrit."""

    def __init__(self, fautes: Mapping[Place, Mapping[str, str]]) -> None:
        self.fautes = fautes
        super().__init__(next(iter(next(iter(fautes.values())).values())))


class AnnulationImpossible(Exception):
    """Le lot est déjà annulé, ou n'est plus le dernier sur `places` : rien n'est défait."""

    def __init__(self, message: str, places: Iterable[Place] = ()) -> None:
        self.places = list(places)
        super().__init__(message)


def ecrire_cellules(
    contrat: Contrat,
    modifications: Iterable[Modification],
    *,
    par: Utilisateur | None,
    motif: str = "",
    defait: Lot | None = None,
) -> Lot | None:
    """Écrit toutes les modifications et rend leur lot, ou None si rien ne change.

    `par` vide : ligne de commande, sans contrôle de droit. Une cellule déjà dans l'état voulu est
    laissée, quelle que soit la version lue. `defait` : le lot que celui-ci annule. Lève
    `PermissionDenied`, `CellulesInvalides` (hors du contrat, contenu refusé, cellule citée deux
    fois) ou `CellulesPerimees`.
    """
    if par is not None and not peut(par, Acte.MODIFIER, contrat):
        raise PermissionDenied("Votre rôle sur ce contrat ne permet pas d'en écrire la matrice.")
    voulues = list(modifications)
    references = _References(contrat, voulues)
    _refuser_les_fautes(voulues, references)
    try:
        with transaction.atomic():
            return _ecrire(contrat, voulues, references, auteur=par, motif=motif, defait=defait)
    except IntegrityError as erreur:
        perimees = _perimees(voulues)
        if not perimees:  # pas une création concurrente : une règle de la base
            place = voulues[0].place
            faute = {place: {"texte": message_de_contrainte(erreur)}}
            raise CellulesInvalides(faute) from erreur
        raise CellulesPerimees(perimees) from erreur


def annuler(lot: Lot, *, par: Utilisateur | None) -> Lot | None:
    """Remet chaque cellule du lot dans son état d'avant : un lot de plus, annulable lui aussi.

    Lève `PermissionDenied` ou `AnnulationImpossible`, qui dit quelles cellules ont changé depuis.
    """
    if par is not None and not peut(par, Acte.MODIFIER, lot.contrat):
        raise PermissionDenied("Votre rôle sur ce contrat ne permet pas d'en écrire la matrice.")
    versions = list(lot.versions.all())
    actuelles = _actuelles(v_place(v) for v in versions)
    depassees = [v_place(v) for v in versions if not _est_le_dernier(v, actuelles)]
    retours = [
        Modification(
            action=v.action_id,
            colonne=v.colonne_id,
            version=_version(actuelles.get(v_place(v))),
            contenu=Contenu.depuis_json(v.avant) if v.avant else None,
        )
        for v in versions
    ]
    try:
        with transaction.atomic():
            if not Lot.objects.filter(pk=lot.pk, annule_le=None).update(annule_le=timezone.now()):
                raise AnnulationImpossible("Cette modification est déjà annulée.")
            if depassees:
                raise AnnulationImpossible(DEPASSE, depassees)
            retour = ecrire_cellules(
                lot.contrat, retours, par=par, motif=f"Annule : {lot}"[:300], defait=lot
            )
    except CellulesPerimees as erreur:
        raise AnnulationImpossible(DEPASSE, [c.place for c in erreur.cellules]) from erreur
    except CellulesInvalides as erreur:  # une cible de renvoi a disparu depuis
        raise AnnulationImpossible(str(erreur), erreur.fautes) from erreur
    lot.refresh_from_db(fields=["annule_le"])
    return retour


def _est_le_dernier(v: VersionDeclinaison, actuelles: dict[Place, Declinaison]) -> bool:
    """La cellule est encore ce que le lot a écrit : des écritures défaites depuis n'y font rien."""
    actuelle = actuelles.get(v_place(v))
    ecrit = Contenu.depuis_json(v.apres) if v.apres else None
    return ecrit == (contenu_de(actuelle) if actuelle else None)


def v_place(version: VersionDeclinaison) -> Place:
    return version.action_id, version.colonne_id


class _References:
    """Actions, colonnes, axes et quartiers que ce contrat peut citer ; une requête par modèle."""

    def __init__(self, contrat: Contrat, modifications: list[Modification]) -> None:
        contenus = [m.contenu for m in modifications if m.contenu]
        actions = Action.objects.filter(contrat=contrat, parent=None).only("pk", "public_id")
        self.actions = {str(a.public_id): a.pk for a in actions}
        self.lignes = set(self.actions.values())
        self.colonnes = set(
            Colonne.objects.filter(annexe__contrat=contrat).values_list("pk", flat=True)
        )
        arbre = Axe.objects.filter(contrat__in=[contrat.pk, contrat.parent_id])
        cites = {r.axe for c in contenus for r in c.renvois if r.axe}
        self.axes = dict(arbre.filter(cle__in=cites).values_list("cle", "pk")) if cites else {}
        usages = {r.quartier for c in contenus for r in c.regards}
        quartiers = Territoire.objects.filter(cle__in=usages)
        self.quartiers = dict(quartiers.values_list("cle", "pk")) if usages else {}

    def fautes(self, m: Modification) -> dict[str, str]:
        fautes = m.contenu.fautes() if m.contenu else {}
        if m.action not in self.lignes:
            fautes["action"] = "Cette action n'est pas de ce contrat."
        if m.colonne not in self.colonnes:
            fautes["colonne"] = "Cette colonne n'est pas de ce contrat."
        for r in m.contenu.renvois if m.contenu else ():
            if (r.action and r.action not in self.actions) or (r.axe and r.axe not in self.axes):
                fautes["renvois"] = "Ce renvoi vise une action ou un axe d'un autre contrat."
        if m.contenu and any(r.quartier not in self.quartiers for r in m.contenu.regards):
            fautes["regards"] = "Ce quartier est inconnu."
        return fautes


def _refuser_les_fautes(modifications: list[Modification], references: _References) -> None:
    fautes: dict[Place, dict[str, str]] = {}
    vues: set[Place] = set()
    for m in modifications:
        if f := references.fautes(m):
            fautes[m.place] = f
        elif m.place in vues:
            fautes[m.place] = {"action": "Cette cellule est citée deux fois."}
        vues.add(m.place)
    if fautes:
        raise CellulesInvalides(fautes)


def _ecrire(
    contrat: Contrat,
    voulues: list[Modification],
    references: _References,
    **lot: Any,
) -> Lot | None:
    """Dans la transaction : l'état lu ici dit ce qui change, la version lue par l'auteur garde."""
    actuelles = _actuelles(m.place for m in voulues)
    avant = {place: contenu_de(d) for place, d in actuelles.items()}
    changees = [m for m in voulues if m.contenu != avant.get(m.place)]
    perimees = [m for m in changees if _version(actuelles.get(m.place)) != m.version]
    if perimees:
        raise CellulesPerimees(_perimees(perimees))
    if not changees:
        return None
    fait = Lot.objects.create(contrat=contrat, **lot)
    dernieres = _dernieres(m.place for m in changees)
    ecrites: list[Declinaison] = []
    for m in changees:
        declinaison = actuelles.get(m.place)
        if declinaison is None:
            declinaison = _nouvelle(m, dernieres.get(m.place))
        else:
            _mettre_a_jour(declinaison, m)
        ecrites.append(declinaison)
    creees = [d for d in ecrites if d._state.adding]
    Declinaison.objects.bulk_create(creees)
    _remplacer_les_lignes(ecrites, changees, avant, references)
    VersionDeclinaison.objects.bulk_create(
        VersionDeclinaison(
            lot=fait,
            action_id=m.action,
            colonne_id=m.colonne,
            declinaison=d.public_id,
            numero=d.version,
            avant=avant[m.place].en_json() if m.place in avant else None,
            apres=m.contenu.en_json() if m.contenu else None,
        )
        for m, d in zip(changees, ecrites, strict=True)
    )
    vides = [d.pk for m, d in zip(changees, ecrites, strict=True) if m.contenu is None]
    if vides:
        Declinaison.objects.filter(pk__in=vides).delete()
    return fait


def _mettre_a_jour(declinaison: Declinaison, m: Modification) -> None:
    """Conditionnelle même pour vider : la ligne verrouillée, la suppression qui suit est sûre."""
    champs = {c: getattr(m.contenu, c) for c in CHAMPS} if m.contenu else {}
    try:
        mettre_a_jour(declinaison, version=declinaison.version, **champs)
    except VersionPerimee:
        raise CellulesPerimees(_perimees([m])) from None


def _nouvelle(m: Modification, derniere: Derniere | None) -> Declinaison:
    """Une cellule remplie de nouveau garde son identifiant public et continue son compte."""
    contenu = m.contenu or Contenu()
    suite = {"public_id": derniere.declinaison} if derniere else {}
    return Declinaison(
        action_id=m.action,
        colonne_id=m.colonne,
        version=derniere.numero + 1 if derniere else 1,
        **{c: getattr(contenu, c) for c in CHAMPS},
        **suite,
    )


def _remplacer_les_lignes(
    ecrites: list[Declinaison],
    changees: list[Modification],
    avant: dict[Place, Contenu],
    references: _References,
) -> None:
    """Renvois et regards des cellules où ils changent : refaits, l'historique garde les anciens."""
    renvois, regards, refaits, revus = [], [], [], []
    for declinaison, m in zip(ecrites, changees, strict=True):
        ancien = avant.get(m.place, Contenu())
        neuf = m.contenu or Contenu()
        if neuf.renvois != ancien.renvois:
            refaits.append(declinaison.pk)
            renvois += [
                RenvoiDeclinaison(
                    declinaison=declinaison,
                    ordre=ordre,
                    texte=r.texte,
                    action_id=references.actions[r.action] if r.action else None,
                    axe_id=references.axes[r.axe] if r.axe else None,
                    deduit=r.deduit,
                )
                for ordre, r in enumerate(neuf.renvois, 1)
            ]
        if neuf.regards != ancien.regards:
            revus.append(declinaison.pk)
            regards += [
                RegardSpecifique(
                    declinaison=declinaison,
                    ordre=ordre,
                    quartier_id=references.quartiers[r.quartier],
                    texte=r.texte,
                )
                for ordre, r in enumerate(neuf.regards, 1)
            ]
    if refaits:
        RenvoiDeclinaison.objects.filter(declinaison__in=refaits).delete()
        RenvoiDeclinaison.objects.bulk_create(renvois)
    if revus:
        RegardSpecifique.objects.filter(declinaison__in=revus).delete()
        RegardSpecifique.objects.bulk_create(regards)


def _parmi(places: Iterable[Place]) -> tuple[set[Place], Q]:
    """Les places, et un filtre qui les contient toutes : une base ne compare pas mille couples."""
    lues = set(places)
    return lues, Q(action__in={a for a, _ in lues}, colonne__in={c for _, c in lues})


def _actuelles(places: Iterable[Place]) -> dict[Place, Declinaison]:
    lues, filtre = _parmi(places)
    toutes = avec_contenu(Declinaison.objects.filter(filtre))
    return {p: d for d in toutes if (p := (d.action_id, d.colonne_id)) in lues}


def _dernieres(places: Iterable[Place]) -> dict[Place, Derniere]:
    """Dernier numéro de chaque cellule qui a un historique, et son identifiant public."""
    lues, filtre = _parmi(places)
    versions = VersionDeclinaison.objects.filter(filtre).order_by("numero")
    lignes = versions.values_list("action", "colonne", "numero", "declinaison")
    return {(a, c): Derniere(n, d) for a, c, n, d in lignes if (a, c) in lues}


def _version(declinaison: Declinaison | None) -> int | None:
    return declinaison.version if declinaison else None


def _perimees(modifications: Iterable[Modification]) -> list[Perimee]:
    """Parmi elles, les cellules qui ne sont plus à la version lue, telles qu'elles sont."""
    lues = list(modifications)
    actuelles = _actuelles(m.place for m in lues)
    _, filtre = _parmi(m.place for m in lues)
    versions = VersionDeclinaison.objects.filter(filtre).select_related("lot__auteur")
    auteurs = {
        v_place(v): v.lot.auteur for v in versions.order_by("numero").defer("avant", "apres")
    }
    return [
        Perimee(
            m.place,
            _version(d),
            contenu_de(d) if d else None,
            auteurs.get(m.place),
        )
        for m in lues
        if _version(d := actuelles.get(m.place)) != m.version
    ]
