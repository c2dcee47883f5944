/** What the server publishes of its API as OpenAPI, made from the same data that it works by. */
package dev.shiplog.api.schema.openapi;
