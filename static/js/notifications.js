// Suivre le lien d'une notification la marque d'abord comme lue ; sans ce script, un bouton le fait.
async function lire(evenement) {
  const lien = evenement.target.closest("a[data-lue]");
  const formulaire = lien && document.getElementById(lien.dataset.lue);
  if (!formulaire) return;
  const marquer = () =>
    fetch(formulaire.action, { method: "POST", body: new FormData(formulaire), keepalive: true, redirect: "manual" });
  const ailleurs = evenement.button !== 0 || evenement.ctrlKey || evenement.metaKey || evenement.shiftKey;
  if (ailleurs) return marquer();
  evenement.preventDefault();
  try {
    await marquer();
  } finally {
    location.assign(lien.href);
  }
}
document.addEventListener("click", lire);
document.addEventListener("auxclick", lire);
