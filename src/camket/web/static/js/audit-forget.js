/* Where nobody is signed in, a phone forgets the keys by which an audit kept on it can be read. What waits to be sent
   stays, sealed, until its person signs in again (static/js/audit-phone.js). */
(() => {
  "use strict";
  if (!window.indexedDB) return;
  const asked = indexedDB.open("camket-audits", 1);
  asked.onupgradeneeded = () => asked.transaction.abort(); // nothing was ever kept here
  asked.onerror = (event) => event.preventDefault();
  asked.onsuccess = () => {
    const base = asked.result;
    const transaction = base.transaction(["keys", "books"], "readwrite");
    for (const name of ["keys", "books"]) transaction.objectStore(name).clear();
    transaction.oncomplete = () => base.close();
  };
})();
