(() => {
  const data = document.getElementById("better-auth-oauth-popup");
  const { targetOrigin, ...outcome } = JSON.parse(data.textContent);
  const app = window.opener ?? window.parent;
  try {
    if (app !== window) app.postMessage(outcome, targetOrigin);
  } finally {
    window.close();
  }
})();
