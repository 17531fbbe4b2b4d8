"use strict";
(() => {
  const page = document.getElementById("bankid");
  const form = document.getElementById("signed-form");
  const code = document.getElementById("code");
  let drawn = 0;
  if (page.dataset.open) window.location.href = page.dataset.open;
  const look = async () => {
    if (code) code.src = `${page.dataset.code}?drawn=${++drawn}`;
    try {
      const answer = await fetch(page.dataset.status, { cache: "no-store" });
      const { state } = await answer.json();
      if (state !== "waiting") {
        form.submit();
        return;
      }
    } catch {
      // The next look may be answered again.
    }
    window.setTimeout(look, 1000);
  };
  window.setTimeout(look, 1000);
})();
