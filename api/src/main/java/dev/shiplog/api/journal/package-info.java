/**
 * Leads, decides, appends and applies: how a change becomes an entry of the journal, and how an
 * entry becomes state. Everything that changes belongs to one thread, the journal's loop; the log
 * is read on a thread of its own that hands over what it decoded.
 */
package dev.shiplog.api.journal;
