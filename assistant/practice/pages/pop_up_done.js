"use strict";
(() => {
  const { onward } = document.getElementById("done").dataset;
  if (!window.opener) return;
  window.opener.location.assign(onward);
  window.close();
})();
