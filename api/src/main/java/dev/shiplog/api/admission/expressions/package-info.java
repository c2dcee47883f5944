/**
 * The expressions of webhooks and policies: CEL over the request and its objects, with what
 * Kubernetes offers there.
 */
package dev.shiplog.api.admission.expressions;
