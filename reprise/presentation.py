"""Ce que la page de reprise montre : chaque passage du document, face à ce qu'on en comprend."""

from dataclasses import dataclass, field
from typing import Any

from contrats.enums import NatureAxe
from contrats.models import ModeleFiche
from reprise.ecriture.contrat import intitule_court, resume
from reprise.ecriture.faits import Fait, lire_faits
from reprise.ecriture.instances import InstanceLue, lire_instances
from reprise.ecriture.session import LIBELLES as LIBELLES_DE_SESSION
from reprise.ecriture.session import SessionLue, lire_session, resume_de_session
from reprise.lecture.formes import Nature
from reprise.models import DocumentRepris
from reprise.rapprochement import Rapproche, mentions_de, rapprocher
from reprise.reconnaissance.formes import ECARTES, LIBELLES, Choix, Compris, Place, Role

PAR_PAGE = 150
NATURES = {
    Nature.TITRE: "Titre", Nature.PARAGRAPHE: "Paragraphe", Nature.PUCE: "Point",
    Nature.TABLEAU: "Tableau", Nature.NOTE: "Note", Nature.PAGE: "Page", Nature.IMAGE: "Image",
}  # fmt: skip
# Ce qu'un agent choisit le plus souvent, d'abord.
ROLES = (
    Role.TEXTE, Role.ACTION, Role.SOUS_ACTION, Role.LIGNE, Role.PARTENAIRES, Role.FICHE,
    Role.ARTICLE, Role.ENGAGEMENT, Role.INTITULE, Role.SOUS_TITRE, Role.PREAMBULE, Role.ANNEXE,
    Role.INSTANCE, Role.LIEU_DATE, Role.SIGNATAIRE, Role.TEMOIN, Role.NOTE, Role.OBJET,
    Role.EXPOSE, Role.DECISION, Role.VISA, Role.DISPOSITIF, Role.REMPLISSAGE, Role.BRUIT,
)  # fmt: skip


def ancre(element: str) -> str:
    """Identifiant HTML d'un passage."""
    return "b" + element.replace(".", "-")


@dataclass(frozen=True)
class Option:
    code: str
    libelle: str
    choisie: bool = False
    confiance: int = 0


@dataclass
class Ligne:
    """Un élément : son texte à gauche, sa place à droite."""

    place: Place
    libelle: str
    raison_donnee: str = ""

    @property
    def id(self) -> str:
        return self.place.element.id

    @property
    def ancre(self) -> str:
        return ancre(self.id)

    @property
    def texte(self) -> str:
        return self.place.element.nu or "(sans texte)"

    @property
    def nature(self) -> str:
        return NATURES[self.place.element.bloc.nature]

    @property
    def ou(self) -> str:
        bloc = self.place.element.bloc
        return f"page {bloc.page}" if bloc.page else f"ligne {bloc.ligne}" if bloc.ligne else ""

    @property
    def confiance(self) -> int:
        """Vers le bas : un doute (moins de 99 %) ne s'affiche pas comme une quasi-certitude."""
        return int(100 * self.place.confiance)

    @property
    def a_decider(self) -> bool:
        return self.place.doute or self.non_placee

    @property
    def non_placee(self) -> bool:
        """Sa confiance serait celle de ne pas savoir : elle ne se montre pas."""
        return self.place.role == Role.NON_PLACE

    @property
    def ecartee(self) -> bool:
        return self.place.role in ECARTES


@dataclass
class Page:
    """Tout ce que la page affiche d'un document ouvert."""

    document: DocumentRepris
    compris: Compris
    seulement: str = ""  # « doutes » : ce qui est à décider
    ouvert: str = ""  # l'élément dont le panneau est ouvert
    rapproches: dict[str, Rapproche] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.modele = ModeleFiche.objects.filter(cle=self.compris.modele).first()
        self.sections = list(self.modele.sections.order_by("ordre")) if self.modele else []
        self.noms = {s.cle: s.libelle for s in self.sections}
        decides = self.document.decisions.get("organismes", {})
        self.rapproches = rapprocher(mentions_de(self.compris), decides)

    def libelle(self, choix: Choix) -> str:
        """« Libellé de section : Contexte », « Axe : Défi »."""
        nom = LIBELLES[choix.role]
        if choix.cible in self.noms:
            horizon = next(s.get_horizon_display() for s in self.sections if s.cle == choix.cible)
            suite = f" ({horizon.lower()})" if horizon and "artenaires" in choix.cible else ""
            return f"{nom} : {self.noms[choix.cible]}{suite}"
        if choix.cible in NatureAxe.values:
            return f"{nom} : {NatureAxe(choix.cible).label.lower()}"
        return nom

    def ligne(self, place: Place) -> Ligne:
        raisons = self.document.decisions.get("raisons", {})
        return Ligne(place, self.libelle(place.choix), raisons.get(place.element.id, ""))

    @property
    def lignes(self) -> list[Ligne]:
        lignes = [
            self.ligne(p)
            for p in self.compris.places
            if p.element.bloc.nature != Nature.PAGE or p.element.nu
        ]
        return [li for li in lignes if li.a_decider] if self.seulement == "doutes" else lignes

    @property
    def a_decider(self) -> list[Ligne]:
        return [self.ligne(p) for p in self.compris.places if p.doute or p.role == Role.NON_PLACE]

    def options(self, place: Place) -> list[Option]:
        """Toutes les places possibles, la retenue choisie."""
        retenu = place.choix.code
        options = [
            Option(f"section:{s.cle}", self.libelle(Choix(Role.SECTION, s.cle)))
            for s in self.sections
        ]
        options += [Option(r.value, LIBELLES[r]) for r in ROLES]
        options += [Option(f"axe:{n.value}", f"Axe : {n.label.lower()}") for n in NatureAxe]
        if retenu not in {o.code for o in options}:
            options.insert(0, Option(retenu, self.libelle(place.choix)))
        return [Option(o.code, o.libelle, o.code == retenu) for o in options]

    def propositions(self, place: Place) -> list[Option]:
        """La place retenue puis ses alternatives, à accepter d'un bouton."""
        tous = [place.choix] if place.role != Role.NON_PLACE else []
        tous += place.alternatives
        vus = {c.code: c for c in reversed(tous)}
        ordre = list(dict.fromkeys(c.code for c in tous))
        return [
            Option(code, self.libelle(vus[code]), not rang, int(100 * vus[code].confiance))
            for rang, code in enumerate(ordre)
        ][:5]

    @property
    def session(self) -> SessionLue | None:
        if self.compris.session is None:
            return None
        return lire_session(self.compris, self.document.decisions.get("session", {}))

    @property
    def champs_de_session(self) -> list[tuple[str, str, str, str]]:
        """(champ, libellé, type du champ, valeur)"""
        valeurs = self.session.valeurs if self.session else {}
        types = {"le": "date", "cloture_le": "date", "debut": "time", "fin": "time"}
        types["capacite"] = "number"
        return [(c, LIBELLES_DE_SESSION[c], types.get(c, "text"), v) for c, v in valeurs.items()]

    @property
    def faits(self) -> list[tuple[Fait, str]]:
        """Dates et sommes, et le passage où les lire."""
        lus = lire_faits(self.compris, self.document.decisions.get("faits", {}))
        return [(f, ancre(f.element) if f.element else "") for f in lus]

    @property
    def instances(self) -> list[tuple[InstanceLue, str]]:
        return [(i, ancre(i.element)) for i in lire_instances(self.compris)]

    @property
    def partenaires(self) -> list[Rapproche]:
        return [r for r in self.rapproches.values() if not r.exact]

    @property
    def comptes(self) -> list[tuple[str, int]]:
        r = resume(self.compris)
        if self.session:
            r |= resume_de_session(self.session)
        noms = {
            "points_du_programme": "Points du programme", "intervenants": "Intervenants",
            "sous_reserve": "Sous réserve", "profils_vises": "Profils",
            "blocs": "Passages", "doutes": "À décider", "anomalies": "Anomalies",
        } if self.session else {
            "articles": "Articles", "engagements": "Engagements", "fiches": "Fiches",
            "actions": "Actions", "mentions": "Partenaires cités", "signataires": "Signataires",
            "blocs": "Passages", "doutes": "À décider", "anomalies": "Anomalies",
        }  # fmt: skip
        return [(nom, r[cle]) for cle, nom in noms.items()]

    @property
    def plan(self) -> list[dict[str, Any]]:
        """Le contrat compris, en ordre, chaque partie liée au passage qui l'ouvre."""
        c = self.compris
        parties: list[dict[str, Any]] = [
            {"nom": f"Article {a.numero} : {a.titre}", "id": a.element} for a in c.articles
        ]
        parties += [{"nom": f"Annexe {a.numero} : {a.titre}", "id": a.element} for a in c.annexes]
        for rang, f in enumerate(c.fiches, 1):
            actions = sum(len(s.actions) + sum(len(a.sous) for a in s.actions) for s in f.sections)
            parties.append(
                {
                    "nom": f"Fiche {f.numero or rang} : {f.titre}",
                    "id": f.element,
                    "actions": actions,
                }
            )
        return [{**p, "ancre": ancre(p["id"])} for p in parties]

    @property
    def anomalies(self) -> list[dict[str, Any]]:
        """Chaque constat, et les passages où regarder."""
        return [
            {"constat": a.constat, "passages": [(e, ancre(e)) for e in a.elements]}
            for a in self.compris.anomalies
        ]

    def numero_de_page(self, passage: str) -> int:
        """La page de la liste où ce passage se trouve."""
        rangs = [rang for rang, ligne in enumerate(self.lignes) if ligne.id == passage]
        return rangs[0] // PAR_PAGE + 1 if rangs else 1

    @property
    def intitule_court(self) -> str:
        return self.document.decisions.get("intitule_court") or intitule_court(self.compris)
