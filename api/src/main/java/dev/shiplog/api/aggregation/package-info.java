/**
 * API aggregation: parts of the API that other servers serve, as APIService objects say. Finds and
 * probes those servers, and keeps what they say of themselves.
 */
package dev.shiplog.api.aggregation;
