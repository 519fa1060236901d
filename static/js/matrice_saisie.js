/* Saisie d'une cellule sur place et envois. Rien de tapé ne se perd : ce qui n'est pas enregistré
   reste dans `brouillons`, montré dans sa cellule. */
import { alerter, aller, CHAMPS, compter, contenuDe, dire, estCellule, ici, nom, parId, place, preparer, valeurs } from "./matrice_grille.js";

const grille = parId("grille");
export const brouillons = new Map(); // cellule → ce qui n'est pas enregistré
const suites = new Map(); // « cellule:version » lue → version que nos propres envois en ont faite
let file = Promise.resolve(); // les envois se suivent, aucun n'en croise un autre

/* Édition sur place */

export function ouvrir(td, tape) {
  if (!estCellule(td)) return;
  if (ici.edition?.td === td) return;
  fermer({ enregistrer: true });
  aller(td);
  const formulaire = parId("editeur").content.cloneNode(true).firstElementChild;
  const brouillon = brouillons.get(td.id);
  const depart = valeurs(td);
  const voulu = { ...depart, ...brouillon?.valeurs };
  if (tape !== undefined) voulu.texte = tape;
  for (const champ of CHAMPS) formulaire.elements[champ].value = voulu[champ];
  formulaire.setAttribute("aria-label", nom(td));
  formulaire.querySelector("details").open = Boolean(voulu.modalites || voulu.motif);
  const partage = contenuDe(td, ".pa");
  formulaire.querySelector(".note").textContent = partage ? `${partage} L’enregistrer écrit les deux.` : "";
  formulaire.querySelector(".actions a").href = td.querySelector(":scope > a").getAttribute("href");
  ici.edition = { td, formulaire, depart, version: td.dataset.v ?? null };
  if (brouillon?.conflit) prevenir(brouillon.conflit);
  td.append(formulaire);
  td.classList.add("ouverte");
  td.classList.toggle("a-droite", td.getBoundingClientRect().left > innerWidth / 2);
  const zone = formulaire.elements.texte;
  zone.focus();
  zone.setSelectionRange(zone.value.length, zone.value.length);
  formulaire.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function prevenir(phrase) {
  const avis = ici.edition.formulaire.querySelector(".avis-conflit");
  avis.textContent = phrase;
  avis.hidden = false;
}

export const saisie = () => Object.fromEntries(CHAMPS.map((c) => [c, ici.edition.formulaire.elements[c].value]));
export const change = (lues) => CHAMPS.some((c) => lues[c] !== ici.edition.depart[c]);

/* Referme la cellule ouverte ; ce qui a changé s'enregistre, ou se garde en brouillon. */
export function fermer({ enregistrer }) {
  if (!ici.edition) return;
  const { td, formulaire, version } = ici.edition;
  const lues = saisie();
  const aEcrire = change(lues);
  formulaire.remove();
  td.classList.remove("ouverte", "a-droite");
  ici.edition = null;
  if (!aEcrire) {
    if (enregistrer) oublier(td);
    return;
  }
  brouillons.set(td.id, { ...brouillons.get(td.id), valeurs: lues });
  if (enregistrer) envoyer([{ td, version, ...lues }]);
  else marquer(td, "Non enregistré : Entrée reprend votre texte");
}

function oublier(td) {
  brouillons.delete(td.id);
  td.querySelector(":scope > .conflit")?.remove();
  if (td.dataset.etat?.startsWith("Non enregistré")) delete td.dataset.etat;
}

function marquer(td, etat) {
  td.dataset.etat = etat;
}

/* Envois */

export function envoyer(cellules) {
  parId("alerte").hidden = true;
  for (const { td } of cellules) marquer(parId(td.id), "Enregistrement…");
  dire("Enregistrement…", "e-cours");
  file = file.then(() => ecrire(cellules)).catch((erreur) => echouer(cellules, erreur));
}

async function ecrire(cellules) {
  const envoi = cellules.map(({ td, version, ...champs }) => {
    let lue = version;
    while (suites.has(`${td.id}:${lue}`)) lue = suites.get(`${td.id}:${lue}`);
    const [action, colonne] = td.id.slice(1).split("-").map(Number);
    return { action, colonne, version: lue === null ? null : Number(lue), ...champs };
  });
  const { statut, corps } = await poster("ecrire/", { cellules: envoi });
  if (statut === 200) return recevoir(cellules, envoi, corps);
  if (statut === 409) return croiser(cellules, corps);
  if (statut === 400 && cellules.length === 1) return refuser(parId(cellules[0].td.id), corps);
  throw new Error(corps.message ?? `Le serveur a échoué (erreur ${statut}).`);
}

function recevoir(cellules, envoi, corps) {
  for (const { td, ...ecrits } of cellules) {
    const voulu = brouillons.get(td.id)?.valeurs; // retapé depuis l'envoi, il reste à enregistrer
    if (!voulu || CHAMPS.every((c) => ecrits[c] === undefined || ecrits[c] === voulu[c])) brouillons.delete(td.id);
  }
  for (const [id, html] of Object.entries(corps.cellules)) {
    const rang = cellules.findIndex(({ td }) => td.id === id);
    const neuve = remplacer(id, html);
    if (!neuve) continue;
    if (rang >= 0) suivreLaVersion(id, envoi[rang].version, neuve.dataset.v ?? null);
    marquer(neuve, corps.quand ? `Enregistré ${corps.quand}` : "Rien à changer");
  }
  compter();
  const nombre = Object.keys(corps.cellules).length;
  dire(corps.lot ? `${nombre === 1 ? "Cellule enregistrée" : `${nombre} cellules enregistrées`} ${corps.quand}.` : "Rien à changer.");
  if (corps.lot) parId("annuler").hidden = false;
}

/* La cellule lue à `avant` est à `apres` par nous : sans boucle, même vidée puis remplie. */
function suivreLaVersion(id, avant, apres) {
  suites.delete(`${id}:${apres}`);
  if (String(avant) !== String(apres)) suites.set(`${id}:${avant}`, apres);
}

/* Un autre a écrit : son texte est dans la cellule, le nôtre dessous, à reprendre ou à laisser. */
function croiser(cellules, corps) {
  for (const [id, html] of Object.entries(corps.cellules)) {
    const td = remplacer(id, html);
    const auteur = corps.auteurs[id];
    const brouillon = cellules.length === 1 ? brouillons.get(id) : null;
    if (!td || !brouillon) {
      if (td) marquer(td, `Modifiée par ${auteur}`);
      continue;
    }
    brouillon.conflit = `${auteur} a enregistré entre-temps : « ${contenuDe(td, ".t") || "cellule vidée"} ». Réunissez les deux textes, puis enregistrez.`;
    td.append(conflit(td, auteur, brouillon.valeurs.texte));
    marquer(td, "Non enregistré : deux textes");
  }
  compter();
  if (cellules.length === 1) alerter(`${corps.message} Les deux textes sont dans la cellule.`);
  else alerter("Rien n’est écrit : des cellules de ce bloc ont changé. Elles sont à jour ; recommencez si vous voulez les remplacer.");
}

function conflit(td, auteur, mien) {
  const bloc = document.createElement("div");
  bloc.className = "conflit";
  const phrase = (texte) => bloc.appendChild(document.createElement("p")).append(texte);
  phrase(`${auteur} a enregistré le texte ci-dessus.`);
  phrase(`Le vôtre, non enregistré : « ${mien} »`);
  const bouton = (mot, geste) => {
    const b = bloc.appendChild(document.createElement("button"));
    b.className = "bouton bouton-2";
    b.textContent = mot;
    b.addEventListener("click", (e) => (e.stopPropagation(), geste()));
  };
  bouton("Reprendre le vôtre", () => ouvrir(parId(td.id)));
  bouton("Garder le sien", () => (oublier(parId(td.id)), aller(parId(td.id)), dire("Le texte enregistré est gardé.")));
  return bloc;
}

function refuser(td, corps) {
  const phrase = Object.values(Object.values(corps.fautes ?? {})[0] ?? {}).join(" ") || corps.message;
  marquer(td, "Non enregistré");
  alerter(`${nom(td)} : ${phrase}`);
  ouvrir(td);
  const erreur = ici.edition.formulaire.querySelector(".erreur");
  erreur.textContent = phrase;
  erreur.hidden = false;
}

function echouer(cellules, erreur) {
  for (const { td } of cellules) marquer(parId(td.id), "Non enregistré : Entrée reprend votre texte");
  const cause = erreur instanceof TypeError ? "Le serveur ne répond pas." : erreur.message;
  alerter(`${cause} Ce que vous avez tapé est toujours dans la page : réessayez.`);
}

async function poster(chemin, donnees, { encore = true } = {}) {
  const jeton = document.querySelector("#annulation [name=csrfmiddlewaretoken]");
  const reponse = await fetch(chemin, {
    method: "POST",
    body: JSON.stringify(donnees),
    headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": jeton.value },
  });
  if (reponse.status === 403 && encore && (await suivre())) return poster(chemin, donnees, { encore: false });
  return lire(reponse);
}

async function lire(reponse) {
  if (reponse.redirected || !reponse.headers.get("Content-Type")?.includes("json")) {
    throw new Error(
      reponse.redirected
        ? "Votre session a expiré. Connectez-vous dans un autre onglet, puis recommencez ici."
        : reponse.status === 403 ? "Votre rôle ne permet plus d’écrire cette matrice." : `Le serveur a échoué (erreur ${reponse.status}).`,
    );
  }
  return { statut: reponse.status, corps: await reponse.json() };
}

/* Met une cellule rendue par le serveur à sa place ; celle qu'on modifie reste ouverte. */
function remplacer(id, html) {
  const ancienne = parId(id);
  if (!ancienne) return null; // hors du filtre
  const gabarit = document.createElement("template");
  gabarit.innerHTML = html;
  const neuve = gabarit.content.firstElementChild;
  if (ancienne.classList.contains("hors")) neuve.classList.add("hors");
  preparer(neuve);
  const foyer = ancienne === ici.courante && ancienne === document.activeElement;
  const ouverte = ici.edition?.td === ancienne;
  const actif = document.activeElement;
  ancienne.replaceWith(neuve);
  if (ici.courante === ancienne) {
    ici.courante = neuve;
    neuve.tabIndex = 0;
  }
  if (ici.ancre === ancienne) ici.ancre = neuve;
  if (ouverte) {
    neuve.append(ici.edition.formulaire);
    neuve.className += " ouverte";
    ici.edition.td = neuve;
    actif.focus();
  } else if (foyer) neuve.focus({ preventScroll: true });
  return neuve;
}

/* Ce que les autres ont écrit ; rend vrai si le serveur répond. */
export async function suivre() {
  try {
    const { statut, corps } = await lire(await fetch(`suite/?depuis=${grille.dataset.depuis}`, { headers: { Accept: "application/json" } }));
    if (statut !== 200) return false;
    grille.dataset.depuis = corps.depuis;
    document.querySelector("#annulation [name=csrfmiddlewaretoken]").value = corps.jeton;
    for (const [id, html] of Object.entries(corps.cellules)) {
      if (brouillons.has(id) && ici.edition?.td.id !== id) continue; // la version lue dira le conflit
      const td = remplacer(id, html);
      if (!td) continue;
      marquer(td, `Modifiée par ${corps.auteurs[id]}`);
      if (ici.edition?.td === td) prevenir(`${corps.auteurs[id]}, a écrit ici : « ${contenuDe(td, ".t") || "cellule vidée"} ».`);
    }
    const nombre = Object.keys(corps.cellules).length;
    if (nombre) {
      compter();
      dire(nombre === 1 ? `Cellule modifiée par ${Object.values(corps.auteurs)[0]}.` : `${nombre} cellules modifiées par d’autres.`, "e-cours");
    }
    return true;
  } catch {
    return false; // on redemandera
  }
}

export async function annuler() {
  fermer({ enregistrer: true });
  await file;
  try {
    const { statut, corps } = await poster("annuler/", {});
    for (const [id, html] of Object.entries(corps.cellules)) {
      const td = remplacer(id, html);
      if (td && statut === 200) marquer(td, "Annulé");
    }
    compter();
    if (statut === 200) dire(corps.message);
    else alerter(corps.message);
  } catch (erreur) {
    alerter(erreur.message);
  }
}
