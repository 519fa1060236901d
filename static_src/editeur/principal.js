// L'éditeur des textes : il embellit chaque <textarea data-editeur>, qui reste ce que le formulaire envoie.
// Sans JavaScript, ou si un texte ne se laisse pas lire, le champ ordinaire suffit.

import { baseKeymap, chainCommands, exitCode } from "prosemirror-commands";
import { history, redo, undo } from "prosemirror-history";
import { inputRules, textblockTypeInputRule, wrappingInputRule } from "prosemirror-inputrules";
import { keymap } from "prosemirror-keymap";
import { liftListItem, sinkListItem, splitListItem } from "prosemirror-schema-list";
import { EditorState, TextSelection } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import { creer, creerBarre, creerLien } from "./barre.js";
import { nettoyerCollage } from "./collage.js";
import { gras, italique } from "./commandes.js";
import { ecrire, lire } from "./markdown.js";
import { schema } from "./schema.js";

const { nodes } = schema;
const montes = new WeakSet();
let rang = 0;

const sautDeLigne = chainCommands(exitCode, (etat, agir) => {
  if (agir) agir(etat.tr.replaceSelectionWith(nodes.hard_break.create()).scrollIntoView());
  return true;
});

// Tabulation n'est liée à rien : elle sort de l'éditeur.
const touches = (ouvrirLien) => ({
  "Mod-b": gras,
  "Mod-i": italique,
  "Mod-k": () => ouvrirLien() ?? true,
  "Mod-z": undo,
  "Mod-y": redo,
  "Shift-Mod-z": redo,
  "Shift-Enter": sautDeLigne,
  "Mod-]": sinkListItem(nodes.list_item),
  "Mod-[": liftListItem(nodes.list_item),
  Enter: splitListItem(nodes.list_item),
});

const frappe = inputRules({
  rules: [
    wrappingInputRule(/^\s*-\s$/, nodes.bullet_list),
    wrappingInputRule(/^(\d+)\.\s$/, nodes.ordered_list, (vu) => ({ order: Number(vu[1]) })),
    textblockTypeInputRule(/^#{1,6}\s$/, nodes.titre),
  ],
});

// Le navigateur annonce une sélection après coup : un raccourci frappé aussitôt après un double-clic
// porterait sur l'ancienne. On lit donc celle qui est affichée avant d'obéir à une touche de commande.
function suivreLaSelection(vue, evenement) {
  if (!evenement.ctrlKey && !evenement.metaKey) return false;
  const { anchorNode, anchorOffset, focusNode, focusOffset } = vue.root.getSelection();
  if (!anchorNode || !vue.dom.contains(anchorNode) || !vue.dom.contains(focusNode)) return false;
  const point = (noeud, decalage) => vue.state.doc.resolve(vue.posAtDOM(noeud, decalage));
  const affichee = TextSelection.between(point(anchorNode, anchorOffset), point(focusNode, focusOffset));
  const { selection } = vue.state;
  if (selection instanceof TextSelection && !affichee.eq(selection)) {
    vue.dispatch(vue.state.tr.setSelection(affichee));
  }
  return false;
}

function monterUn(champ) {
  let origine = lire(champ.value);
  const id = champ.id || `editeur-${++rang}`;
  let vue;
  const lien = creerLien(() => vue, id);
  const barre = creerBarre(() => vue, lien.ouvrir);
  const zone = creer("div", { class: "editeur-zone" });
  const cadre = creer("div", { class: "editeur" }, barre.element, lien.element, zone);
  const neuf = () =>
    EditorState.create({
      doc: origine.doc,
      plugins: [frappe, keymap(touches(lien.ouvrir)), keymap(baseKeymap), history()],
    });

  vue = new EditorView(zone, {
    state: neuf(),
    attributes: attributsAria(champ, id),
    editable: () => !champ.disabled && !champ.readOnly,
    transformPastedHTML: nettoyerCollage,
    handleDOMEvents: { keydown: suivreLaSelection },
    dispatchTransaction(transaction) {
      vue.updateState(vue.state.apply(transaction));
      barre.rafraichir(vue.state);
      if (!transaction.docChanged) return;
      champ.value = ecrire(vue.state.doc, origine);
      champ.dispatchEvent(new Event("input", { bubbles: true }));
    },
  });
  let ecrit = champ.value;
  champ.addEventListener("input", () => (ecrit = champ.value));
  // Retour arrière du navigateur, remise à zéro du formulaire : le champ a changé sans nous.
  const relire = () => {
    if (champ.value === ecrit) return;
    ecrit = champ.value;
    origine = lire(ecrit);
    vue.updateState(neuf());
  };
  addEventListener("pageshow", relire);
  champ.form?.addEventListener("reset", () => setTimeout(relire));

  champ.before(cadre);
  champ.hidden = true;
  champ.required = false; // un champ caché et requis bloquerait l'envoi sans rien dire
  champ.focus = () => vue.focus();
  for (const libelle of champ.labels) libelle.addEventListener("click", () => vue.focus());
  if (champ.autofocus) vue.focus();
}

function attributsAria(champ, id) {
  const attributs = { role: "textbox", "aria-multiline": "true", class: "saisie" };
  const libelle = champ.labels[0];
  if (libelle) {
    libelle.id ||= `${id}-libelle`;
    attributs["aria-labelledby"] = libelle.id;
  }
  for (const nom of ["aria-label", "aria-labelledby", "aria-describedby", "aria-invalid", "aria-errormessage"]) {
    if (champ.hasAttribute(nom)) attributs[nom] = champ.getAttribute(nom);
  }
  if (champ.required) attributs["aria-required"] = "true";
  if (champ.readOnly || champ.disabled) attributs["aria-readonly"] = "true";
  return attributs;
}

/** Embellit les champs de `racine`, ou `racine` elle-même ; un champ déjà embelli reste tel quel. */
function monter(racine = document) {
  const champs = [...racine.querySelectorAll("textarea[data-editeur]")];
  if (racine.matches?.("textarea[data-editeur]")) champs.push(racine);
  for (const champ of champs) {
    if (montes.has(champ)) continue;
    montes.add(champ);
    try {
      monterUn(champ);
    } catch (erreur) {
      console.error("Texte laissé dans un champ ordinaire :", erreur);
    }
  }
}

// Les liens d'un résumé d'erreurs visent le champ, qui est caché.
document.addEventListener("click", (e) => {
  const ancre = e.target.closest?.('a[href^="#"]');
  const champ = ancre && document.getElementById(ancre.hash.slice(1));
  if (!champ || !montes.has(champ) || !champ.hidden) return;
  e.preventDefault();
  champ.focus();
});

window.ReciproqueEditeur = { monter };
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => monter());
else monter();
