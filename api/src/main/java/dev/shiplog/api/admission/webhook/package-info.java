/** MutatingAdmissionWebhook and ValidatingAdmissionWebhook: asking servers outside. */
package dev.shiplog.api.admission.webhook;
