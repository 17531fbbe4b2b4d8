"use strict";
document.getElementById("open-pop-up").addEventListener("click", (event) => {
  window.open(event.currentTarget.dataset.address, "practice-sign-in", "width=480,height=720");
});
