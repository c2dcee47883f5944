/** The types of the Kubernetes API as data: which fields an object has and what each may hold. */
package dev.shiplog.api.schema.types;
