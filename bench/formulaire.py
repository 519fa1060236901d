"""Lit un formulaire HTML et en tire ce qu'un navigateur enverrait, sans navigateur."""

from html.parser import HTMLParser


class LecteurDeFormulaire(HTMLParser):
    """Champs du formulaire d'identifiant donné (ou du premier), dans l'ordre de la page."""

    def __init__(self, identifiant: str | None = None) -> None:
        super().__init__()
        self.identifiant = identifiant
        self.dedans = False
        self.champs: list[tuple[str, str]] = []
        self.boutons: list[str] = []
        self._texte: tuple[str, list[str]] | None = None
        self._choix: tuple[str, list[str]] | None = None  # nom, puis valeur choisie
        self._premiere: str | None = None

    def handle_starttag(self, balise: str, attributs: list[tuple[str, str | None]]) -> None:
        a = {nom: valeur or "" for nom, valeur in attributs}
        if balise == "form":
            self.dedans = self.identifiant is None or a.get("id") == self.identifiant
        if not self.dedans:
            return
        nom = a.get("name", "")
        if balise == "input" and nom:
            genre = a.get("type", "text")
            if genre not in ("checkbox", "radio") or "checked" in a:
                self.champs.append((nom, a.get("value", "on" if genre == "checkbox" else "")))
        elif balise == "textarea":
            self._texte = (nom, [])
        elif balise == "select":
            self._choix, self._premiere = (nom, []), None
        elif balise == "option" and self._choix:
            self._premiere = a.get("value", "") if self._premiere is None else self._premiere
            if "selected" in a:
                self._choix[1].append(a.get("value", ""))
        elif balise == "button" and nom:
            self.boutons.append(a.get("value", ""))

    def handle_data(self, texte: str) -> None:
        if self._texte is not None:
            self._texte[1].append(texte)

    def handle_endtag(self, balise: str) -> None:
        if balise == "textarea" and self._texte is not None:
            nom, morceaux = self._texte
            # HTML ignore le premier retour à la ligne d'un textarea.
            self.champs.append((nom, "".join(morceaux).removeprefix("\n")))
            self._texte = None
        elif balise == "select" and self._choix:
            nom, choisies = self._choix
            if choisies or self._premiere is not None:
                # Sans choix écrit, le navigateur envoie la première option.
                self.champs.append((nom, choisies[-1] if choisies else self._premiere or ""))
            self._choix = None
        elif balise == "form" and self.champs:
            self.dedans = False


def lire_formulaire(html: str, identifiant: str | None = None) -> list[tuple[str, str]]:
    """Couples (nom, valeur) du formulaire, tels qu'ils partiraient."""
    lecteur = LecteurDeFormulaire(identifiant)
    lecteur.feed(html)
    return lecteur.champs


def avec(champs: list[tuple[str, str]], **valeurs: str) -> list[tuple[str, str]]:
    """Les mêmes champs, ceux-ci réécrits (ou ajoutés) : un nom de champ n'y figure qu'une fois."""
    gardes = [(nom, valeur) for nom, valeur in champs if nom not in valeurs]
    return [*gardes, *valeurs.items()]
