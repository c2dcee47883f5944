/**
 * Servers outside that know senders by their tokens, or decide what users may do. What they answer
 * is remembered for a while, so most requests wait for nobody.
 */
package dev.shiplog.api.access.webhook;
