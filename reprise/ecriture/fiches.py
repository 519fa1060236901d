"""Les fiches comprises deviennent des contenus, écrits comme l'écran les écrit."""

import re
from typing import Any

from django.utils.text import slugify

from comptes.models import Utilisateur
from contrats.contenu.ecriture import enregistrer
from contrats.contenu.forme import (
    LIGNES,
    ContenuAction,
    ContenuFiche,
    ContenuSection,
    action_vide,
    section_vide,
)
from contrats.enums import EtatSection
from contrats.models import Axe, Contrat, Fiche, ModeleFiche
from reprise.ecriture.references import References
from reprise.ecriture.textes import en_intitule, en_markdown
from reprise.lecture.formes import sans_marques
from reprise.reconnaissance.formes import ActionComprise, Compris, FicheComprise, SectionComprise
from reprise.reconnaissance.lignes import est_neant
from reprise.reconnaissance.listes import (
    EXTERIEUR,
    RENVOI_ANNEXE,
    RENVOI_FICHE,
    chef_de_file,
    periodes,
)
from reprise.reconnaissance.vocabulaire import cle, plier

CHAMPS_VIDES: dict[str, Any] = {
    "echeance_texte": "", "echeance": None, "precision": "jour", "imprime_sous": "",
    "nature": "qualitatif", "cible": None, "personne": None, "organisme": None,
}  # fmt: skip


class Fiches:
    """Crée les places, puis le contenu : une fiche peut renvoyer à une autre."""

    def __init__(
        self, contrat: Contrat, compris: Compris, references: References, par: Utilisateur | None
    ) -> None:
        self.contrat, self.compris, self.references, self.par = contrat, compris, references, par
        self.territoires = sorted(contrat.territoires.values_list("cle", flat=True))
        self.annexes = set(contrat.annexes.values_list("numero", flat=True))

    def ecrire(self, motif: str) -> list[Fiche]:
        modele = ModeleFiche.objects.filter(cle=self.compris.modele).first()
        if modele is None:
            return []
        prises: set[str] = set()
        fiches = []
        for ordre, lue in enumerate(self.compris.fiches, 1):
            fiche = Fiche.objects.create(
                contrat=self.contrat,
                modele=modele,
                cle=_libre(slugify(lue.titre)[:100] or "fiche", prises),
                ordre=ordre,
                titre=lue.titre[:300] or f"Fiche {ordre}",
                version=0,
            )
            fiches.append(fiche)
        self.par_numero = {
            lue.numero: f.cle
            for lue, f in zip(self.compris.fiches, fiches, strict=True)
            if lue.numero
        }
        for lue, fiche in zip(self.compris.fiches, fiches, strict=True):
            enregistrer(fiche, self._contenu(lue), version=0, par=self.par, motif=motif)
        return fiches

    def _contenu(self, lue: FicheComprise) -> ContenuFiche:
        return ContenuFiche(
            titre=lue.titre[:300],
            numero=lue.numero[:20],
            numero_deduit=False,
            note_titre=lue.note,
            axe=lue.axe or None,
            sections=[self._section(s) for s in lue.sections],
        )

    def _section(self, lue: SectionComprise) -> ContenuSection:
        section = section_vide(lue.cle, lue.libelle[:200])
        section["texte"] = en_markdown(lue.texte)
        section["liste_ouverte"] = lue.ouverte
        section["partenaires"] = [
            {"organisme": organisme, "mention": mention[:254]}
            for mention in lue.partenaires
            if (organisme := self.references.organisme(mention))
        ]
        section["actions"] = [self._action(a, lue.horizon) for a in lue.actions]
        if lue.nature in LIGNES:
            champs = LIGNES[lue.nature][1]
            section["lignes"] = [self._ligne(li, champs) for li in lue.lignes]
        section["renvois"] = self._renvois(lue)
        rempli = any(section[c] for c in ("texte", "partenaires", "actions", "lignes"))  # type: ignore[literal-required]
        section["etat"] = EtatSection.RENSEIGNEE if rempli else EtatSection.A_RENSEIGNER
        if section["texte"] and est_neant(section["texte"].removeprefix("- ")):
            section["texte"], section["etat"] = "", EtatSection.NEANT
        return section

    def _action(self, lue: ActionComprise, horizon: str) -> ContenuAction:
        action = action_vide()
        action["intitule"], suite = en_intitule(lue.texte)
        action["description"] = "\n\n".join(t for t in (suite, en_markdown(lue.suite)) if t)
        action["territoires"] = self.territoires
        if not horizon:
            action["periodes"] = [dict(p) for p in periodes(action["intitule"])]
            chef = chef_de_file(action["intitule"])
            organisme = self.references.connu(chef) if chef else ""
            action["chefs_de_file"] = [organisme] if organisme else []
        action["sous_actions"] = [self._action(s, horizon) for s in lue.sous]
        return action

    def _ligne(self, lue: dict[str, str], champs: tuple[str, ...]) -> dict[str, Any]:
        valeurs: dict[str, Any] = {**CHAMPS_VIDES, "intitule": lue["intitule"][:500]}
        for champ in ("echeance_texte", "precision", "imprime_sous", "nature"):
            if lue.get(champ):
                valeurs[champ] = lue[champ][:200]
        valeurs["echeance"] = lue.get("echeance") or None
        if "personne" in champs:
            valeurs["personne"] = self.references.personne(lue.get("personne", ""))
            organisme = lue.get("organisme", "")
            valeurs["organisme"] = (self.references.connu(organisme) if organisme else "") or None
            valeurs["intitule"] = lue.get("imprime", lue["intitule"])[:500]
        return {champ: valeurs[champ] for champ in champs}

    def _renvois(self, lue: SectionComprise) -> list[dict[str, Any]]:
        """« cf. fiche 1.2 » vers la fiche qui porte ce numéro, ou un document extérieur."""
        textes = [p.texte for p in lue.texte]
        textes += [t for a in lue.actions for t in (a.texte, *(s.texte for s in a.sous))]
        renvois: list[dict[str, Any]] = []
        for texte in map(sans_marques, textes):
            for m in RENVOI_FICHE.finditer(texte):
                fiche = self.par_numero.get(m["numero"])
                dehors = not fiche and EXTERIEUR.match(plier(m["suite"])) is not None
                if fiche or dehors:
                    imprime = re.sub(r"\s+", " ", m[0]).strip()[:300]
                    renvois.append(
                        _renvoi(imprime, fiche=fiche, document=imprime if dehors else "")
                    )
            for m in RENVOI_ANNEXE.finditer(texte):
                if m["numero"] in self.annexes:
                    renvois.append(_renvoi(m[0], annexe=m["numero"]))
        return renvois


def _renvoi(
    texte: str, *, fiche: str | None = None, annexe: str | None = None, document: str = ""
) -> dict[str, Any]:
    return {
        "texte": texte, "fiche": fiche, "annexe": annexe, "document": document, "deduit": False,
    }  # fmt: skip


def _libre(base: str, prises: set[str]) -> str:
    nom = next(n for n in (base, *(f"{base}-{i}" for i in range(2, 10_000))) if n not in prises)
    prises.add(nom)
    return nom


def axes_des_fiches(contrat: Contrat, compris: Compris, ordre: int) -> None:
    """Les orientations annoncées, une par fiche : l'axe porte le titre, la fiche l'axe."""
    if not any(nature == "orientation" for nature, _, _ in compris.annonces):
        return
    for rang, fiche in enumerate(compris.fiches, ordre):
        axe = Axe.objects.create(
            contrat=contrat,
            nature="orientation",
            cle=f"orientation-{rang}-{slugify(cle(fiche.titre))[:80]}",
            numero=fiche.numero[:10],
            intitule=fiche.titre[:500],
            ordre=rang,
        )
        fiche.axe = axe.cle
