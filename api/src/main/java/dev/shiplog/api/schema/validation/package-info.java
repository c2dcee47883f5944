/**
 * What an object must fulfil before it is kept. Three layers, each in one place: metadata, for
 * every kind alike; required fields and allowed values, from the type's data; and rules of the kind
 * itself.
 */
package dev.shiplog.api.schema.validation;
