/**
 * Which requests webhooks and policies ask to see: rules, selectors, and the version they speak.
 */
package dev.shiplog.api.admission.matching;
