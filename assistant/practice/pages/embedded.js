"use strict";
// Ordinary browsers can show a PDF by themselves; embedded ones mostly cannot.
if (navigator.pdfViewerEnabled === false) window.location.replace(document.currentScript.dataset.elsewhere);
