/**
 * Changes as clients ask for them: read from the journal, narrowed to what is wanted and may be
 * seen, and shown as objects of the group {@code shiplog.dev}.
 */
package dev.shiplog.api.changes;
