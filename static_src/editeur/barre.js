// La barre d'outils (motif « toolbar » de l'APG : une seule étape de tabulation, flèches ensuite) et
// le petit formulaire d'adresse d'un lien.

import { BOUTONS, lienCourant, poserLien } from "./commandes.js";
import { LIEN_ADMIS } from "./schema.js";

export function creer(balise, attributs = {}, ...enfants) {
  const element = document.createElement(balise);
  for (const [nom, valeur] of Object.entries(attributs)) element.setAttribute(nom, valeur);
  element.append(...enfants);
  return element;
}

/** `{element, rafraichir(etat)}` ; `vue` est rendue par une fonction, car elle naît après la barre. */
export function creerBarre(vue, ouvrirLien) {
  const element = creer("div", { role: "toolbar", class: "editeur-barre", "aria-label": "Mise en forme" });
  const boutons = BOUTONS.map(({ nom, raccourci, commande, ouvre, actif }, i) => {
    const bouton = creer("button", { type: "button", tabindex: i ? -1 : 0 }, nom);
    if (raccourci) bouton.setAttribute("aria-keyshortcuts", raccourci);
    if (actif) bouton.setAttribute("aria-pressed", "false");
    bouton.addEventListener("mousedown", (e) => e.preventDefault()); // la sélection reste dans le texte
    bouton.addEventListener("click", () => {
      if (ouvre) return ouvrirLien();
      commande(vue().state, vue().dispatch, vue());
      return vue().focus();
    });
    return bouton;
  });
  element.append(...boutons);
  element.addEventListener("keydown", (e) => {
    const i = boutons.indexOf(document.activeElement);
    const vers = { ArrowRight: i + 1, ArrowLeft: i - 1, Home: 0, End: -1 }[e.key];
    if (vers === undefined || i < 0) return;
    e.preventDefault();
    boutons[i].tabIndex = -1;
    const cible = boutons.at(vers % boutons.length);
    cible.tabIndex = 0;
    cible.focus();
  });
  const rafraichir = (etat) =>
    BOUTONS.forEach(({ actif }, i) => actif && boutons[i].setAttribute("aria-pressed", actif(etat)));
  return { element, rafraichir };
}

/** `{element, ouvrir()}` : un champ d'adresse, sans `name` : rien de lui n'est envoyé. */
export function creerLien(vue, id) {
  const saisie = creer("input", { id: `${id}-lien`, class: "saisie", inputmode: "url", autocomplete: "off" });
  const erreur = creer("p", { class: "erreur", id: `${id}-lien-erreur`, role: "alert" });
  const bouton = (nom, agir) => {
    const element = creer("button", { type: "button", class: "bouton bouton-2 dense" }, nom);
    element.addEventListener("click", agir);
    return element;
  };
  const element = creer(
    "div",
    { class: "editeur-lien", role: "group", "aria-label": "Lien" },
    creer("label", { for: saisie.id }, "Adresse du lien"),
    saisie,
    erreur,
    creer("div", { class: "actions" }, bouton("Poser le lien", poser), bouton("Retirer le lien", () => finir("")), bouton("Annuler", fermer)),
  );
  const [, retirer] = element.querySelectorAll("button");
  element.hidden = true;
  let passage;

  function fermer() {
    element.hidden = true;
    vue().focus();
  }
  function finir(adresse) {
    poserLien(passage, adresse)(vue().state, vue().dispatch);
    fermer();
  }
  function dire(faute) {
    erreur.textContent = faute;
    saisie.toggleAttribute("aria-invalid", Boolean(faute));
    if (faute) saisie.setAttribute("aria-invalid", "true");
    saisie.setAttribute("aria-describedby", faute ? erreur.id : "");
  }
  function poser() {
    const tape = saisie.value.trim();
    const adresse = /^[\w-]+(\.[\w-]+)+([/?#]|$)/.test(tape) ? `https://${tape}` : tape;
    if (LIEN_ADMIS.test(adresse) && !/\s/.test(adresse)) return finir(adresse);
    dire("Une adresse commence par https://, http://, mailto: ou /, et ne contient pas d’espace.");
    return saisie.focus();
  }
  element.addEventListener("keydown", (e) => {
    if (e.key === "Escape") fermer();
    else if (e.key === "Enter" && e.target === saisie) poser();
    else return;
    e.preventDefault(); // Entrée n'envoie pas le formulaire de la fiche
    e.stopPropagation();
  });
  saisie.addEventListener("input", (e) => e.stopPropagation()); // ce n'est pas une saisie du formulaire
  function ouvrir() {
    passage = lienCourant(vue().state);
    saisie.value = passage.adresse;
    retirer.hidden = !passage.adresse;
    dire("");
    element.hidden = false;
    saisie.select();
    saisie.focus();
  }
  return { element, ouvrir };
}
