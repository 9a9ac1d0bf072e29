SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#documentation",
  // The default asks an outside service.
  validatorUrl: null,
  deepLinking: true,
  docExpansion: "none",
  filter: true,
  defaultModelsExpandDepth: -1,
});
