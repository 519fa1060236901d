"""Rédiger un avenant sur une copie : l'agent change les articles du contrat, les effets s'en
déduisent.

La copie part du texte en vigueur quand la page a été ouverte (`depart`) : ce que l'agent envoie se
compare à ce qu'il lisait, jamais à ce que d'autres ont changé depuis.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from avenants.conflits import Conflit, dernier_numero, texte_lu
from avenants.effets import ecrire, effets_de
from avenants.enums import NatureEffet
from avenants.lecture import Sources, operation_de
from avenants.models import Avenant, Effet
from avenants.texte import Genre, Origine, Piece, Suite, consolider, en_vigueur
from comptes.models import Utilisateur
from contrats import variables
from contrats.atelier.champs import Case, Jour, Ligne, Redaction, Vocabulaire, en_jour
from texte.markdown import nettoyer

NEUFS = 3  # places pour des articles de plus, dans une page
NEUFS_MAX = 50
N = NatureEffet
EN_TETE = "debut"


class AvecVariables(forms.Form):
    """Un texte qui peut nommer des variables connues."""

    def clean_texte(self) -> str:
        return variables.controler(self.cleaned_data["texte"])


class ArticleForm(AvecVariables):
    """Un article du contrat, à changer ou à abroger."""

    titre = Ligne(signes=300, manque="Donnez un titre à l'article.", label="Titre")
    texte = Redaction(lignes=8, label="Texte")
    abroger = Case(label="Abroger cet article")

    use_required_attribute = False


class ArticleNeufForm(AvecVariables):
    """Un article ajouté, et sa place ; sans numéro ni texte, il n'y en a pas."""

    numero = Ligne(signes=10, label="Numéro")
    apres = Vocabulaire([], vide="À la fin", label="Placé après")
    titre = Ligne(signes=300, label="Titre")
    texte = Redaction(lignes=6, label="Texte")

    use_required_attribute = False

    def __init__(self, *args: Any, places: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["apres"].choices = [("", "À la fin"), (EN_TETE, "En tête"), *places]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        d = super().clean() or self.cleaned_data
        if d.get("numero") and not d.get("titre"):
            self.add_error("titre", "Donnez un titre à l'article.")
        if not d.get("numero") and (d.get("titre") or d.get("texte")):
            self.add_error("numero", "Donnez un numéro à l'article.")
        return d


class FinForm(forms.Form):
    """Le report de la fin, et pourquoi."""

    fin = Jour(label="Nouvelle fin du contrat")
    motif = Ligne(signes=500, lignes=3, label="Motif du report")

    use_required_attribute = False

    def clean(self) -> dict[str, Any]:
        d = super().clean() or self.cleaned_data
        if d.get("fin") and not d.get("motif"):
            self.add_error("motif", "Dites pourquoi la fin est reportée.")
        if d.get("motif") and not d.get("fin") and not self.has_error("fin"):
            self.add_error("fin", "Dites la nouvelle fin.")
        return d


@dataclass
class LigneDeCopie:
    """Un article de la copie : ce que lisait l'agent, son formulaire, et le conflit éventuel."""

    piece: Piece
    formulaire: ArticleForm
    conflit: Conflit | None = None

    @property
    def change(self) -> bool:
        """L'agent y a touché ; les fins de ligne d'un navigateur ne sont pas un changement."""
        ecrits = [nettoyer(self.formulaire[champ].value()) for champ in CHAMPS]
        lus = [nettoyer(getattr(self.piece, champ)) for champ in CHAMPS]
        return ecrits != lus or bool(self.formulaire["abroger"].value())


CHAMPS = ("titre", "texte")


class Copie:
    """La copie des articles telle que l'agent l'a sous les yeux, ou l'envoie."""

    def __init__(
        self,
        avenant: Avenant,
        sources: Sources,
        depart: int,
        envoi: Mapping[str, Any] | None = None,
    ) -> None:
        self.avenant, self.sources, self.depart, self.envoi = avenant, sources, depart, envoi
        self.orphelins: list[Conflit] = []
        lues = en_vigueur(texte_lu(sources, depart))
        self.lues = [p for p in lues if p.genre == Genre.ARTICLE and p.cle.startswith("article:")]
        self.effets = [e for e in effets_de(avenant) if e.nature in (*N.des_articles(), N.FIN)]
        par_cle = {e.cle: e for e in self.effets}
        self.lignes = [
            LigneDeCopie(piece, self._article(piece, par_cle.get(piece.cle), envoi))
            for piece in self.lues
        ]
        self.neufs = self._neufs(envoi)
        fin = par_cle.get("fin")
        de_la_fin = {"fin": en_jour(fin.fin.isoformat()), "motif": fin.motif} if fin else {}
        self.fin = FinForm(envoi, initial=de_la_fin, prefix="fin")

    @property
    def aide(self) -> str:
        """Les variables que l'agent peut écrire."""
        return variables.aide()

    @property
    def formulaires(self) -> list[forms.Form]:
        return [*(ligne.formulaire for ligne in self.lignes), *self.neufs, self.fin]

    @property
    def formulaires_refuses(self) -> list[forms.Form]:
        return [formulaire for formulaire in self.formulaires if formulaire.errors]

    def est_valide(self) -> bool:
        """Tous les formulaires le sont ; tous sont contrôlés, pour tout dire d'un coup."""
        valides = [formulaire.is_valid() for formulaire in self.formulaires]
        return all(valides)

    def deduire(self) -> list[Effet]:
        """Les effets, de ce qui diffère entre la copie et le texte lu."""
        effets = []
        for ligne in self.lignes:
            d, piece = ligne.formulaire.cleaned_data, ligne.piece
            if d["abroger"]:
                effets.append(self._effet(N.ARTICLE_ABROGE, piece.cle))
            elif (d["titre"], d["texte"]) != (_propre(piece.titre), nettoyer(piece.texte)):
                effets.append(
                    self._effet(
                        N.ARTICLE_REMPLACE, piece.cle, titre=d["titre"], texte=self._dit(d["texte"])
                    )
                )
        precedent = self.lues[-1].cle if self.lues else ""
        for formulaire in self.neufs:
            d = formulaire.cleaned_data
            if not d["numero"]:
                continue
            cle = f"article:{d['numero']}"
            place = "" if d["apres"] == EN_TETE else d["apres"] or precedent
            effets.append(
                self._effet(
                    N.ARTICLE_AJOUTE,
                    cle,
                    apres=place,
                    titre=d["titre"],
                    texte=self._dit(d["texte"]),
                )
            )
            if not d["apres"]:
                precedent = cle
        d = self.fin.cleaned_data
        if d["fin"]:
            effets.append(self._effet(N.FIN, "fin", fin=d["fin"], motif=d["motif"]))
        for effet in effets:
            effet.clean_fields(exclude=["avenant", "ordre", "cle", "nature", "titre", "texte"])
        return effets

    def _dit(self, texte: str) -> str:
        """Un avenant se signe tel quel : ses variables prennent leur valeur du jour."""
        return variables.dire(self.avenant.modifie, texte)

    def enregistrer(self, *, version: int, par: Utilisateur) -> None:
        """Écrit les effets déduits ; lève ce que lève `effets.ecrire`."""
        natures = [*N.des_articles(), N.FIN]
        ecrire(self.avenant, self.deduire(), natures, version=version, par=par)

    def a_jour(self, conflits: Sequence[Conflit]) -> "Copie":
        """La même saisie, face au texte d'aujourd'hui : ce que l'agent n'a pas changé suit le
        texte en vigueur, ce qu'il a écrit reste."""
        envoi = dict(self.envoi.items()) if self.envoi else {}
        for ligne in self.lignes:
            if not ligne.change:
                for champ in CHAMPS:
                    envoi.pop(f"{ligne.piece.ancre}-{champ}", None)
        copie = Copie(self.avenant, self.sources, dernier_numero(self.sources))
        for ligne in copie.lignes:
            for champ in CHAMPS:
                envoi.setdefault(f"{ligne.piece.ancre}-{champ}", getattr(ligne.piece, champ))
        neuve = Copie(self.avenant, self.sources, dernier_numero(self.sources), envoi)
        par_cle = {conflit.cle: conflit for conflit in conflits}
        for ligne in neuve.lignes:
            ligne.conflit = par_cle.pop(ligne.piece.cle, None)
        neuve.orphelins = list(par_cle.values())
        return neuve

    def _effet(self, nature: NatureEffet, cle: str, **champs: Any) -> Effet:
        return Effet(avenant=self.avenant, nature=nature, cle=cle, depart=self.depart, **champs)

    def _article(
        self, piece: Piece, effet: Effet | None, envoi: Mapping[str, Any] | None
    ) -> ArticleForm:
        initial = {"titre": piece.titre, "texte": piece.texte}
        if effet and effet.nature == N.ARTICLE_ABROGE:
            initial["abroger"] = True  # type: ignore[assignment]
        elif effet:
            initial = {"titre": effet.titre, "texte": effet.texte}
        return ArticleForm(envoi, initial=initial, prefix=piece.ancre)

    def _neufs(self, envoi: Mapping[str, Any] | None) -> list[ArticleNeufForm]:
        ajoutes = [e for e in self.effets if e.nature == N.ARTICLE_AJOUTE]
        places = [(p.cle, f"{p.libelle}. {p.titre}"[:100]) for p in self.lues]
        places += [(e.cle, f"Article {e.cle.partition(':')[2]} (ajouté)") for e in ajoutes]
        nombre = len(ajoutes) + NEUFS
        if envoi is not None:
            rangs = [
                r
                for r in range(1, NEUFS_MAX + 1)
                if any(f"neuf-{r}-{champ}" in envoi for champ in ("numero", *CHAMPS))
            ]
            nombre = max(rangs, default=0)
            places += [
                (f"article:{numero}", f"Article {numero} (ajouté)")
                for r in rangs
                if (numero := _propre(envoi.get(f"neuf-{r}-numero", "")))
                and (f"article:{numero}") not in dict(places)
            ]
        initiaux: list[dict[str, Any]] = [
            {
                "numero": e.cle.partition(":")[2],
                "apres": e.apres or EN_TETE,
                "titre": e.titre,
                "texte": e.texte,
            }
            for e in ajoutes
        ]
        initiaux += [{}] * max(0, nombre - len(initiaux))
        return [
            ArticleNeufForm(envoi, initial=initial, prefix=f"neuf-{rang}", places=places)
            for rang, initial in enumerate(initiaux[:nombre], 1)
        ]


def _propre(texte: str) -> str:
    return " ".join(nettoyer(texte).split())


def texte_projete(avenant: Avenant, sources: Sources, effets: Iterable[Effet]) -> tuple[Piece, ...]:
    """Le texte tel qu'il serait, ces effets appliqués après tous les avenants entrés."""
    origine = Origine(avenant.nom, demonstration=avenant.demonstration)
    actuel = texte_lu(sources, dernier_numero(sources))
    suite = Suite(origine, tuple(map(operation_de, effets)))
    return consolider(actuel, [suite], datetime.date.max)
