(() => {
  const data = document.getElementById("better-auth-oauth-popup");
  const { targetOrigin, ...outcome } = JSON.parse(data.textContent);
  const app = window.opener ?? window.parent;
  try {
    if (app !== window) app.postMessage(outcome, targetOrigin);
  } finally {
    // The client closes the window once it has the message. A window that it finds closed before, it takes for one that
    // the user has closed, and this one could be faster than its message: it waits, for a client that does not listen.
    setTimeout(() => window.close(), app === window ? 0 : 5000);
  }
})();
