/**
 * The values that fields get when a client leaves them out, as Kubernetes documents them. A rule
 * belongs to a type, and is applied wherever the type occurs: what holds for a container holds for
 * those of a pod and of a template alike.
 */
package dev.shiplog.api.schema.defaulting;
