/** ValidatingAdmissionPolicy and MutatingAdmissionPolicy: rules in CEL, decided here. */
package dev.shiplog.api.admission.policy;
