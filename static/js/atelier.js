/* Atelier : garde, enregistre et modifie la fiche sans recharger la page. Tout marche sans ce script.
   Le serveur rend toujours la page entière ; on n'en remplace que les morceaux touchés, pour ne
   perdre ni le foyer, ni le défilement, ni ce qui se tape pendant l'échange. */
(() => {
  "use strict";

  const PAUSE = 1000; // sans frappe, avant de garder le brouillon
  const PRESENCE = 15000;
  const INACTIF = 300000;
  const PATIENCE = 30000; // au-delà, une réponse est tenue pour perdue
  const ATTENTES = [2000, 4000, 8000, 16000, 30000]; // entre deux essais après un échec
  const DE_LA_PAGE = ["csrfmiddlewaretoken", "version", "page", "ordre", "reprise", "agent"];

  const parId = (id) => document.getElementById(id);
  const lire = (html) => new DOMParser().parseFromString(html, "text/html");
  let formulaire = null;
  let propre = ""; // les données que le serveur a enregistrées, pour savoir s'il en reste
  let garde = null; // celles qu'il a en brouillon
  let ordre = 0; // rang du dernier envoi de cette page
  let panne = ""; // cause du dernier échec, tant qu'il dure
  let attendu = null; // bouton dont l'envoi a échoué et sera réessayé
  let essais = 0;
  let minuteur = 0;
  let frappe = Date.now();
  let suite = Promise.resolve(); // les envois se suivent, aucun n'en croise un autre
  // Un imprévu se signale à la console sans arrêter les envois suivants.
  const enchainer = (acte) => (suite = suite.then(acte).catch((erreur) => setTimeout(() => { throw erreur; })));

  function saisie() {
    const donnees = new URLSearchParams(new FormData(formulaire));
    for (const nom of DE_LA_PAGE) donnees.delete(nom);
    return donnees.toString();
  }

  function brancher() {
    formulaire = document.querySelector("form[data-suite]");
    if (!formulaire) return;
    const etat = formulaire.dataset.suite;
    propre = etat === "lecture" ? saisie() : "";
    garde = ["reprise", "erreurs", "conflit"].includes(etat) ? saisie() : null; // le serveur l'a gardé
    ordre = Math.max(ordre, Number(formulaire.elements.ordre.value));
    parId("garder")?.remove(); // il se garde tout seul
    formulaire.addEventListener("submit", (evenement) => {
      evenement.preventDefault();
      const bouton = evenement.submitter ?? parId("enregistrer");
      enchainer(() => envoyer(bouton.name, bouton.value));
    });
    formulaire.addEventListener("input", taper);
    formulaire.addEventListener("change", taper);
    formulaire.addEventListener("keydown", ajouterParEntree);
  }

  function taper(evenement) {
    frappe = Date.now();
    // Récrire un texte à départager, c'est le choisir.
    const mienne = evenement?.target.type !== "radio" && evenement?.target.closest(".desaccord")?.querySelector("input[value=mienne]");
    if (mienne) mienne.checked = true;
    if (!panne && garde === null) dire("Modifications non enregistrées.", "e-cours");
    garderBientot();
  }

  function garderBientot() {
    clearTimeout(minuteur);
    minuteur = setTimeout(() => enchainer(garder), PAUSE);
  }

  /* Dans un champ d'ajout, Entrée ajoute au lieu d'enregistrer. */
  function ajouterParEntree(evenement) {
    const ajout = evenement.key === "Enter" && evenement.target.closest("input") && evenement.target.closest(".ajout");
    if (!ajout) return;
    evenement.preventDefault();
    ajout.querySelector("button").click();
  }

  /* La ligne d'état est une région vivante : son texte change, elle reste en place. */
  function dire(phrase, signe) {
    const texte = parId("etat")?.firstElementChild;
    if (!texte || texte.textContent === phrase) return;
    texte.className = `signe ${signe}`;
    texte.textContent = phrase;
  }

  // Brouillon

  /* Rien à garder : tout est enregistré, ou déjà en brouillon. */
  const aJour = () => [propre, garde].includes(saisie());

  function corps() {
    const donnees = new URLSearchParams(new FormData(formulaire));
    ordre += 1;
    donnees.set("ordre", ordre);
    donnees.set("script", "1"); // les rangs se suivent : un envoi retenu par le réseau se reconnaît
    return donnees;
  }

  function corpsDuBrouillon() {
    const donnees = corps();
    if (saisie() === propre) donnees.set("vide", "1"); // revenu à ce qui est enregistré
    // Pendant une réunion, le texte descend encore de la version de départ.
    if (donnees.has("depart")) donnees.set("version", donnees.get("depart"));
    return donnees;
  }

  async function garder() {
    if (panne === "droits") return;
    const envoye = saisie();
    if (envoye === garde || (envoye === propre && garde === null)) return;
    const reponse = await echanger(formulaire.dataset.brouillon, corpsDuBrouillon());
    if (!reponse) return;
    garde = envoye === propre ? null : envoye;
    const { quand } = await reponse.json();
    if (garde !== null) dire(`Brouillon gardé ${quand}, pas encore enregistré.`, "e-cours");
    else dire("Rien à enregistrer.", "e-realise");
  }

  /* La page s'en va ou se cache : dernier envoi, que le navigateur achève sans elle. */
  function garderEnPartant() {
    if (formulaire && panne !== "droits" && !aJour()) navigator.sendBeacon(formulaire.dataset.brouillon, corpsDuBrouillon());
  }

  // Échanges

  /* Envoie ; rend la réponse, ou rien si l'échec a été dit. Un refus de 400 à 413 est une phrase. */
  async function echanger(adresse, donnees, bouton = null) {
    let reponse;
    try {
      reponse = await poster(adresse, donnees);
      if (reponse.status === 403) reponse = await avecUnJetonNeuf(adresse, donnees, reponse);
    } catch {
      return echouer("reseau", null, bouton);
    }
    const cause = causeDe(reponse);
    if (cause) return echouer(cause, reponse, bouton);
    retablir();
    return reponse;
  }

  const poster = (adresse, donnees) => fetch(adresse, { method: "POST", body: donnees, signal: AbortSignal.timeout(PATIENCE) });
  const versLaConnexion = (reponse) => reponse.redirected && new URL(reponse.url).pathname.startsWith(formulaire.dataset.connexion);

  /* Se reconnecter dans un autre onglet change le jeton : celui de la page d'à présent est le bon. */
  async function avecUnJetonNeuf(adresse, donnees, refus) {
    const page = await fetch(location.pathname);
    if (versLaConnexion(page)) return page;
    const neuf = lire(await page.text()).querySelector("form[data-suite]");
    if (neuf?.elements.agent.value !== formulaire.elements.agent.value) return refus;
    formulaire.elements.csrfmiddlewaretoken.value = neuf.elements.csrfmiddlewaretoken.value;
    donnees.set("csrfmiddlewaretoken", neuf.elements.csrfmiddlewaretoken.value);
    return poster(adresse, donnees);
  }

  function causeDe(reponse) {
    if (reponse.status === 401 || versLaConnexion(reponse)) return "session";
    if (reponse.status === 403 || reponse.status === 404) return "droits";
    if (reponse.status >= 500) return "serveur";
    return reponse.ok || reponse.status === 409 ? "" : "refus";
  }

  /* Dit la cause une fois, et réessaie de lui-même ce qui peut l'être. */
  async function echouer(cause, reponse, bouton) {
    if (["enregistrer", "publier"].includes(bouton?.valeur)) attendu = bouton;
    if (cause !== panne) {
      const message = parId(`alerte-${cause}`).content.cloneNode(true);
      const numero = message.querySelector("[data-numero]");
      if (numero) numero.textContent = reponse.headers.get("X-Request-ID");
      const phrase = message.querySelector("[data-phrase]");
      if (phrase) phrase.textContent = await phraseDuRefus(reponse);
      parId("alerte").replaceChildren(message);
      if (bouton) parId("alerte").focus(); // en pleine frappe, le foyer reste où l'on tape
      essais = 0;
    }
    panne = cause;
    dire(bouton ? "Non enregistré." : "Brouillon non gardé.", "e-retard");
    clearTimeout(minuteur);
    if (!reessayable()) attendu = null;
    else minuteur = setTimeout(reessayer, ATTENTES[Math.min(essais++, ATTENTES.length - 1)]);
    return null;
  }

  async function phraseDuRefus(reponse) {
    const json = reponse.headers.get("Content-Type")?.startsWith("application/json");
    return json ? (await reponse.json()).phrase : "L'envoi est trop long ou incomplet : rien n'est enregistré, votre texte est toujours dans la page.";
  }

  function retablir() {
    if (panne) parId("alerte").replaceChildren();
    panne = "";
    essais = 0;
  }

  function reessayer() {
    const bouton = attendu;
    attendu = null;
    enchainer(() => (bouton ? envoyer(bouton.nom, bouton.valeur) : garder()));
  }

  const reessayable = () => ["session", "reseau", "serveur"].includes(panne);

  async function envoyer(nom, valeur) {
    clearTimeout(minuteur);
    attendu = null;
    const donnees = corps();
    donnees.append(nom, valeur);
    const envoye = saisie();
    const reponse = await echanger(location.pathname, donnees, { nom, valeur });
    if (reponse) await recevoir(reponse, envoye);
    if (!aJour() && !panne) garderBientot();
  }

  async function recevoir(reponse, envoye) {
    const page = lire(await reponse.text());
    const recu = page.querySelector("form[data-suite]");
    if (!recu) return echouer("droits", reponse, { nom: "", valeur: "" });
    document.title = page.title;
    if (recu.dataset.suite === "conflit" || formulaire.dataset.suite === "conflit") {
      document.querySelector("main").replaceWith(page.querySelector("main"));
      montrerLesMessages(page);
      embellir();
      brancher();
      (parId("erreurs") ?? document.querySelector("main h1")).focus();
      return null;
    }
    const reunie = new URL(reponse.url).searchParams.has("reunie");
    const tape = tapeDepuis(envoye);
    if (reunie && tape.some(([nom]) => aChangeAilleurs(nom, recu, envoye))) {
      // L'autre a changé ce qui se tape ici : la page garde son point de départ, le prochain envoi le dira.
      dire("Enregistré. Un champ que vous complétez a aussi changé : le prochain enregistrement les réunira.", "e-cours");
      return null;
    }
    const rendreLeFoyer = remplacer(page, reunie ? morceauxDe(page) : morceauxTouches(page));
    for (const [nom, valeur] of tape) retaper(nom, valeur);
    embellir();
    rendreLeFoyer();
    for (const nom of ["version", "reprise"]) formulaire.elements[nom].value = recu.elements[nom].value;
    if (reponse.redirected) {
      propre = tape.length ? "" : saisie();
      if (tape.length) dire("Enregistré, sauf ce que vous venez de taper.", "e-cours");
      garde = null;
      history.replaceState(null, "", location.pathname); // l'adresse ne redemande plus de brouillon
      parId("brouillons")?.replaceWith(page.getElementById("brouillons"));
      if (reunie) montrerLesMessages(page);
    } else if (recu.dataset.suite === "erreurs") {
      garde = tape.length ? envoye : saisie();
      parId("erreurs").focus();
    }
    return null;
  }

  function montrerLesMessages(page) {
    document.querySelector(".messages")?.remove();
    const messages = page.querySelector(".messages");
    if (messages) document.querySelector("main").before(messages);
  }

  const aChangeAilleurs = (nom, recu, envoye) => {
    const net = (texte) => (texte ?? "").replaceAll("\r\n", "\n");
    return net(recu.elements[nom]?.value) !== net(new URLSearchParams(envoye).get(nom));
  };

  // Morceaux de page

  const morceauxDe = (page) => [...page.querySelectorAll("#entete, #sections > [data-morceau], #fin-de-fiche")];

  /* Ce qui a changé de structure, ou qui porte ou portait une erreur ; le reste n'est pas touché. */
  function morceauxTouches(page) {
    const faute = (morceau) => morceau.querySelector(".erreur:not(.editeur *)");
    const forme = (morceau) =>
      [...morceau.querySelectorAll("[name]:not(.editeur *), h2")]
        .map((e) => (e.name === undefined ? e.textContent : e.name + (e.type === "hidden" || e.matches("select, button") ? `=${e.value}` : "")))
        .join("\n");
    return morceauxDe(page).filter((neuf) => {
      const ici = parId(neuf.id);
      return !ici || faute(ici) || faute(neuf) || forme(neuf) !== forme(ici);
    });
  }

  /* Met les morceaux reçus à leur place ; rend de quoi ramener le foyer où il était ou doit aller. */
  function remplacer(page, morceaux) {
    const actif = document.activeElement;
    const foyer = actif.closest(".editeur")?.nextElementSibling ?? actif; // le champ sous l'éditeur
    const nouveau = page.querySelector("[autofocus]");
    const voulu = nouveau?.id || foyer.id;
    nouveau?.removeAttribute("autofocus"); // il ne vaut qu'au chargement
    const curseur = foyer.selectionStart;
    const ouverts = [...document.querySelectorAll("details[open]")].map((volet) => volet.id);
    const etat = page.getElementById("etat").firstElementChild;
    for (const neuf of [...morceaux, ...page.querySelectorAll("#titre-de-page, #fondee, #resume, #plan")]) {
      const ici = parId(neuf.id);
      if (ici) ici.replaceWith(neuf);
      else placer(neuf);
    }
    for (const id of ouverts) parId(id)?.setAttribute("open", "");
    dire(etat.textContent, etat.className.replace("signe ", ""));
    return () => {
      const cible = (voulu && parId(voulu)) || parId("enregistrer");
      if (document.activeElement === actif && foyer === cible) return;
      cible.focus();
      if (foyer.id === voulu && Number.isInteger(curseur)) cible.setSelectionRange?.(curseur, curseur);
    };
  }

  /* Une section nouvelle va après celle qui la précède dans la page reçue. */
  function placer(neuf) {
    const avant = neuf.previousElementSibling && parId(neuf.previousElementSibling.id);
    if (avant) avant.after(neuf);
    else parId("sections").prepend(neuf);
  }

  /* L'éditeur de texte s'attache aux champs des morceaux qui viennent d'arriver. */
  const embellir = () => window.ReciproqueEditeur?.monter();

  /* Ce qui a été tapé pendant l'échange, à remettre dans les morceaux remplacés. */
  function tapeDepuis(envoye) {
    const avant = new URLSearchParams(envoye);
    return [...new URLSearchParams(saisie())].filter(([nom, valeur]) => avant.getAll(nom).length === 1 && avant.get(nom) !== valeur);
  }

  function retaper(nom, valeur) {
    const champ = formulaire.elements[nom];
    if (champ?.matches?.("textarea, select, input:not([type=checkbox], [type=hidden])")) champ.value = valeur;
  }

  // Présence : une courtoisie, dont l'échec ne se dit pas ; une session expirée, si, avant de trop taper.

  async function signaler() {
    if (!formulaire || panne === "droits") return;
    const donnees = new URLSearchParams();
    for (const nom of ["csrfmiddlewaretoken", "agent"]) donnees.set(nom, formulaire.elements[nom].value);
    if (Date.now() - frappe < INACTIF) donnees.set("actif", "1");
    try {
      const reponse = await poster(formulaire.dataset.presence, donnees);
      if (versLaConnexion(reponse) && !panne) return echouer("session", reponse, null);
      if (reponse.ok && !reponse.redirected) accueillir(await reponse.json());
    } catch {
      /* le prochain essai le dira */
    }
    return null;
  }

  function accueillir({ html, noms, version }) {
    if (!parId("presents")) return; // page de réunion
    if (parId("presents").innerHTML !== html) parId("presents").innerHTML = html;
    const dite = noms.length ? `${noms.join(", ")} : aussi sur cette fiche.` : "";
    if (parId("presence-dite").textContent !== dite) parId("presence-dite").textContent = dite;
    const lue = Number(formulaire.elements.version.value);
    if (version > lue) parId("fondee").textContent = `Fondée sur la version ${lue} ; la version ${version} vient d'être enregistrée`;
  }

  document.addEventListener("click", (evenement) => {
    const lien = evenement.target.closest?.("#erreurs a");
    if (lien && !evenement.defaultPrevented) {
      evenement.preventDefault(); // le foyer va au champ, pas seulement le défilement
      parId(lien.hash.slice(1)).focus();
    }
    if (evenement.target.closest?.("[data-copier]")) copier();
  });

  async function copier() {
    const champs = [...formulaire.querySelectorAll("textarea[name], input.saisie[name]")].filter((champ) => champ.value.trim());
    const texte = champs.map((champ) => `${champ.labels?.[0]?.textContent ?? ""}\n${champ.value}`).join("\n\n");
    const dit = document.querySelector("[data-copie]");
    try {
      await navigator.clipboard.writeText(texte);
      dit.textContent = "Texte copié.";
    } catch {
      const zone = Object.assign(document.createElement("textarea"), { value: texte, readOnly: true, rows: 6, className: "saisie" });
      zone.setAttribute("aria-label", "Votre texte, à copier");
      dit.closest("p").after(zone);
      zone.select();
      dit.textContent = "Copiez le texte sélectionné.";
    }
  }

  document.addEventListener("keydown", (evenement) => {
    if (!formulaire || evenement.key.toLowerCase() !== "s" || !(evenement.ctrlKey || evenement.metaKey)) return;
    evenement.preventDefault();
    formulaire.requestSubmit(parId("enregistrer"));
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") garderEnPartant();
    else if (reessayable()) reessayer();
  });
  window.addEventListener("focus", () => reessayable() && reessayer());
  window.addEventListener("online", () => reessayable() && reessayer());
  window.addEventListener("pagehide", garderEnPartant);
  window.addEventListener("beforeunload", (evenement) => {
    if (formulaire && !aJour()) evenement.preventDefault();
  });

  brancher();
  if (formulaire) {
    signaler();
    setInterval(signaler, PRESENCE);
  }
})();
