/**
 * What Shiplog knows of the Kubernetes API: its resources, their types, and what follows from both
 * for one object: decoding, defaults, validation, OpenAPI.
 *
 * <p>Facts are data (the JSON files beside the classes); rules are small functions in tables, one
 * place per kind. Everything here is pure and works on Jackson trees: no clock, no store, no
 * request. All public types are immutable or stateless and may be used from any thread.
 */
package dev.shiplog.api.schema;
