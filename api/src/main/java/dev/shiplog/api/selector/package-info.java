/** Label and field selectors: their grammar and what they match. Immutable; any thread. */
package dev.shiplog.api.selector;
