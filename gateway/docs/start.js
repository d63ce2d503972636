"use strict";

window.addEventListener("load", () => {
  window.SwaggerUIBundle({
    url: "/v1/openapi.json",
    dom_id: "#api",
    deepLinking: true,
    docExpansion: "none",
    filter: true,
    showExtensions: true,
    persistAuthorization: false,
    validatorUrl: null,
  });
});
