"""Ce que demandent les pages : une date, deux bornes, un avenant à ouvrir, un effet."""

import datetime
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from avenants.enums import NatureEffet
from avenants.models import Avenant, Effet
from avenants.texte import Genre, Piece
from contrats.atelier.annuaire import Annuaire
from contrats.atelier.champs import Ligne, Nom, Redaction, Vocabulaire
from contrats.enums import RolePartie
from contrats.models import Contrat, Version
from partenaires.models import Organisme

N = NatureEffet
UN_A_UN = [n for n in N if n not in (*N.des_articles(), N.FIN)]
JOUR = {"invalid": "Écrivez la date comme 31/12/2026."}


class Jour(forms.DateField):
    """Une date, de 1900 à 2200."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {**JOUR, "required": "Dites la date."})
        super().__init__(
            input_formats=["%Y-%m-%d", "%d/%m/%Y"],
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            **kwargs,
        )

    def clean(self, value: Any) -> datetime.date | None:
        jour: datetime.date | None = super().clean(value)
        if jour and not 1900 <= jour.year <= 2200:
            raise ValidationError("Indiquez une année de 1900 à 2200.")
        return jour


class Montant(forms.DecimalField):
    """Une somme en euros, tapée comme on l'écrit : « 12 000,50 »."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            min_value=Decimal("0.01"),
            max_digits=14,
            decimal_places=2,
            error_messages={
                "required": "Dites le montant.",
                "invalid": "Écrivez un nombre, par exemple 12 000,50.",
                "min_value": "Un montant est positif.",
            },
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            **kwargs,
        )

    def to_python(self, value: Any) -> Decimal | None:
        return super().to_python("".join(str(value or "").split()).rstrip("€").replace(",", "."))


class DateDuTexte(forms.Form):
    """« Texte en vigueur au … » ; aujourd'hui par défaut."""

    au = Jour(label="Texte en vigueur au", required=False)

    use_required_attribute = False

    @property
    def jour(self) -> datetime.date:
        lu: datetime.date | None = self.cleaned_data.get("au") if self.is_valid() else None
        return lu or timezone.localdate()


class Borne(forms.CharField):
    """Une date (2026-03-01), ou une version gardée (v3) pour les agents du contrat."""

    def __init__(self, **kwargs: Any) -> None:
        attributs = {"autocomplete": "off", "class": "court"}
        super().__init__(
            required=False, max_length=12, widget=forms.TextInput(attrs=attributs), **kwargs
        )


class BornesDuComparatif(forms.Form):
    """De quand, ou de quelle version, à quand."""

    de = Borne(label="De")
    a = Borne(label="À")

    use_required_attribute = False

    def __init__(self, *args: Any, contrat: Contrat, agent: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contrat, self.agent = contrat, agent
        for champ in self.fields.values():
            if agent:
                champ.help_text = "Une date, jj/mm/aaaa, ou une version gardée, v3."
            else:
                champ.widget.input_type = "date"  # type: ignore[attr-defined]

    def clean_de(self) -> datetime.date | Version | None:
        return self._lire(self.cleaned_data["de"])

    def clean_a(self) -> datetime.date | Version | None:
        return self._lire(self.cleaned_data["a"])

    def _lire(self, brut: str) -> datetime.date | Version | None:
        brut = brut.strip().lower()
        if not brut:
            return None
        numero = brut.removeprefix("v")
        if self.agent and brut != numero and numero.isascii() and numero.isdigit():
            version = self.contrat.versions.filter(numero=int(numero[:9])).first()
            if version is None:
                raise ValidationError("Cette version n'a pas été gardée.")
            return version
        return Jour().clean(brut)


class AvenantForm(forms.Form):
    """Le nom du projet d'avenant."""

    intitule = Ligne(signes=300, manque="Donnez l'intitulé de l'avenant.", label="Intitulé")
    intitule_court = Ligne(
        signes=120, manque="Donnez un nom court, pour les listes.", label="Intitulé court"
    )

    use_required_attribute = False


class EntreeForm(forms.Form):
    """La date d'effet d'un avenant signé."""

    effet_le = Jour(label="Prend effet le")
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    use_required_attribute = False


class EffetForm(forms.Form):
    """Un effet qui ne touche pas un article : les champs dépendent de sa nature."""

    nature = forms.CharField(widget=forms.HiddenInput)

    use_required_attribute = False

    def __init__(
        self,
        nature: NatureEffet,
        avenant: Avenant,
        texte: Sequence[Piece],
        annuaire: Annuaire,
        depart: int,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, initial={"nature": nature.value}, **kwargs)
        self.quoi, self.avenant, self.annuaire, self.depart = nature, avenant, annuaire, depart
        self.texte = texte
        for nom, champ in self._champs().items():
            self.fields[nom] = champ

    def _champs(self) -> dict[str, forms.Field]:
        motif = Ligne(signes=500, label="Motif (facultatif)")
        if self.quoi == N.PARTIE_ENTREE:
            return {
                "organisme": Nom("organisme", manque="Nommez l'organisme.", label="Organisme"),
                "role": Vocabulaire(RolePartie, label="Sa place"),
                "motif": motif,
            }
        if self.quoi == N.PARTIE_SORTIE:
            return {"cible": self._cible(Genre.PARTIE, "Partie"), "motif": motif}
        if self.quoi == N.ACTION_RETIREE:
            return {"cible": self._cible(Genre.ACTION, "Action"), "motif": motif}
        ecrits: dict[str, forms.Field] = {
            "titre": Ligne(signes=1000, manque="Donnez l'intitulé.", label="Intitulé"),
        }
        if self.quoi == N.MONTANT:
            cible = self._cible(Genre.MONTANT, "Montant", vide="Un montant nouveau")
            montant = Montant(label="Montant (€)")
            return {"cible": cible, **ecrits, "montant": montant, "motif": motif}
        ecrits["texte"] = Redaction(lignes=5, label="Description")
        if self.quoi == N.ACTION_MODIFIEE:
            return {"cible": self._cible(Genre.ACTION, "Action"), **ecrits, "motif": motif}
        return {**ecrits, "motif": motif}

    def _cible(self, genre: Genre, libelle: str, vide: str = "") -> Vocabulaire:
        choix = [(p.cle, p.titre[:150]) for p in self.texte if p.genre == genre]
        return Vocabulaire(choix, vide=vide, label=libelle)

    def clean_organisme(self) -> Organisme:
        cle = self.annuaire.trouver("organisme", self.cleaned_data["organisme"])
        organisme: Organisme = Organisme.objects.visibles_par(self.annuaire.utilisateur).get(
            cle=cle
        )
        return organisme

    def effet(self) -> Effet:
        """L'effet à écrire ; le formulaire est valide."""
        d = self.cleaned_data
        organisme = d.get("organisme")
        effet = Effet(
            avenant=self.avenant,
            nature=self.quoi,
            cle=self._cle(d.get("cible"), organisme),
            titre=d.get("titre", "") or (str(organisme) if organisme else ""),
            texte=d.get("texte", ""),
            motif=d["motif"],
            montant=d.get("montant"),
            organisme=organisme,
            role=d.get("role", ""),
            depart=self.depart,
        )
        if self.quoi not in N.qui_retirent():
            effet.apres = self._dernier(effet.cle)
        return effet

    def _cle(self, cible: str | None, organisme: Organisme | None) -> str:
        if organisme:
            return f"partie:{organisme.cle}"
        if cible:
            return cible
        if self.quoi == N.MONTANT:
            return f"montant:{uuid.uuid4()}"
        return f"action:{uuid.uuid4()}"

    def _dernier(self, cle: str) -> str:
        """Un ajout se place après les siens."""
        genre = cle.partition(":")[0]
        siens = [p.cle for p in self.texte if p.genre == genre and p.cle != cle]
        return siens[-1] if siens else ""
