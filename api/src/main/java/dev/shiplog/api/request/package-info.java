/**
 * The words of a request: what is asked, about what, by whom, and with which options. HTTP and
 * commands speak them to the verbs. Immutable; any thread.
 */
package dev.shiplog.api.request;
