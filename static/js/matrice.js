/* L'écran de la matrice : chaque cellule s'ouvre sur place et s'enregistre seule.
   Tout marche sans ce script, par le formulaire de chaque cellule. */
import { aller, alerter, bloc, cases, cellule, dire, estCellule, ici, parId, place, preparer, rangees, table, valeurs } from "./matrice_grille.js";
import { annuler, brouillons, change, envoyer, fermer, ouvrir, saisie, suivre } from "./matrice_saisie.js";
import { ecrireBloc, lireBloc } from "./tableur.js";

/* Clavier, souris, presse-papiers */

function naviguer(e) {
  const [l, c] = place(ici.courante);
  const derniere = [rangees().length - 1, cases(rangees()[0]).length - 1];
  const pas = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-10, 0], PageDown: [10, 0] }[e.key];
  if (pas) return cellule(Math.min(Math.max(l + pas[0], 0), derniere[0]), c + pas[1]) ?? ici.courante;
  if (e.key === "Home") return cellule(e.ctrlKey ? 0 : l, 0);
  if (e.key === "End") return cellule(e.ctrlKey ? derniere[0] : l, derniere[1]);
  return null;
}

function auClavier(e) {
  if (ici.edition?.formulaire.contains(e.target)) return dansLEditeur(e);
  if (e.target !== ici.courante) return;
  const vers = naviguer(e);
  const commande = e.ctrlKey || e.metaKey;
  if (vers) aller(vers, { etendre: e.shiftKey });
  else if (commande && e.key.toLowerCase() === "z") annuler();
  else if (commande || e.altKey) return;
  else if (e.key === "Enter" || e.key === "F2") {
    if (estCellule(ici.courante)) ouvrir(ici.courante);
    else ici.courante.querySelector("a").click();
  } else if (e.key === "Escape") aller(ici.courante);
  else if (e.key === "Delete" || e.key === "Backspace") vider();
  else if (e.key.length === 1 && estCellule(ici.courante)) ouvrir(ici.courante, e.key);
  else return;
  e.preventDefault();
}

function dansLEditeur(e) {
  const { td } = ici.edition;
  if (e.key === "Escape") {
    fermer({ enregistrer: false });
    aller(parId(td.id));
  } else if (e.key === "Enter" && (e.ctrlKey || (e.target.name === "texte" && !e.shiftKey && !e.altKey))) {
    const [l, c] = place(td);
    fermer({ enregistrer: true });
    aller(cellule(l + 1, c) ?? parId(td.id));
  } else return;
  e.preventDefault();
}

function vider() {
  const pleines = bloc().flat().filter((td) => td.dataset.v);
  if (pleines.length) envoyer(pleines.map((td) => ({ td, version: td.dataset.v, vider: true })));
}

function copier(e) {
  if (ici.edition || document.activeElement !== ici.courante || !estCellule(ici.courante)) return;
  e.clipboardData.setData("text/plain", ecrireBloc(bloc().map((ligne) => ligne.map((td) => valeurs(td).texte))));
  e.preventDefault();
  dire("Copié.");
}

function coller(e) {
  if (ici.edition || document.activeElement !== ici.courante || !estCellule(ici.courante)) return;
  e.preventDefault();
  let lignes = lireBloc(e.clipboardData.getData("text/plain"));
  const choisies = bloc();
  if (lignes.length === 1 && lignes[0].length === 1) lignes = choisies.map((l) => l.map(() => lignes[0][0]));
  const [l0, c0] = place(choisies[0][0]);
  const paires = lignes.flatMap((ligne, l) => ligne.map((texte, c) => [cellule(l0 + l, c0 + c), texte.trim()]));
  if (paires.some(([td]) => !estCellule(td))) return alerter(`Le bloc (${lignes.length} lignes, ${Math.max(...lignes.map((l) => l.length))} colonnes) dépasse la matrice affichée : rien n’est collé.`);
  const changees = paires.filter(([td, texte]) => texte && texte !== valeurs(td).texte);
  if (!changees.length) return dire("Rien à coller : ces textes y sont déjà.");
  envoyer(changees.map(([td, texte]) => ({ td, version: td.dataset.v ?? null, texte })));
}

function brancher() {
  table.setAttribute("role", "grid");
  table.parentElement.removeAttribute("tabindex");
  for (const rangee of rangees()) cases(rangee).forEach(preparer);
  ici.courante = cellule(0, 1);
  const visee = location.hash && parId(location.hash.slice(1));
  if (visee && visee.closest("tr.l")) ici.courante = visee;
  ici.courante.tabIndex = 0;
  table.addEventListener("keydown", auClavier);
  table.addEventListener("click", (e) => {
    const td = e.target.closest("tr.l > td[id]");
    if (!td || ici.edition?.formulaire.contains(e.target) || e.target.closest(".conflit")) return;
    if (e.target.closest("td > div a")) return; // un renvoi se suit
    if (e.target.closest("a")) e.preventDefault();
    if (td === ici.courante || e.target.closest("a")) ouvrir(td);
    else {
      fermer({ enregistrer: true });
      aller(parId(td.id), { etendre: e.shiftKey });
    }
  });
  table.addEventListener("focusin", (e) => {
    if (e.target.parentElement?.matches("tr.l") && e.target.id && e.target !== ici.courante) aller(e.target);
  });
  table.addEventListener("submit", (e) => {
    e.preventDefault();
    const { td } = ici.edition;
    fermer({ enregistrer: true });
    aller(parId(td.id));
  });
  table.addEventListener("click", (e) => {
    if (e.target.dataset.geste !== "fermer") return;
    const { td } = ici.edition;
    fermer({ enregistrer: false });
    aller(parId(td.id));
  });
  document.addEventListener("copy", copier);
  document.addEventListener("paste", coller);
  parId("annulation").addEventListener("submit", (e) => (e.preventDefault(), annuler()));
  const siVisible = () => document.visibilityState === "visible" && suivre();
  addEventListener("focus", siVisible);
  setInterval(siVisible, 30_000);
  addEventListener("beforeunload", (e) => {
    if (brouillons.size || (ici.edition && change(saisie()))) e.preventDefault();
  });
}

if (table && parId("grille")) brancher();
