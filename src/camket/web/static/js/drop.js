/* A file dropped anywhere on the frame is chosen. The page works without it. */
(() => {
  "use strict";

  document.querySelectorAll("[data-camket-drop]").forEach((frame) => {
    const input = frame.querySelector('input[type="file"]');
    const over = (isOver) => (event) => {
      event.preventDefault();
      frame.classList.toggle("is-over", isOver);
    };
    frame.addEventListener("dragover", over(true));
    frame.addEventListener("dragleave", over(false));
    frame.addEventListener("drop", (event) => {
      over(false)(event);
      if (event.dataTransfer.files.length) input.files = event.dataTransfer.files;
    });
  });
})();
