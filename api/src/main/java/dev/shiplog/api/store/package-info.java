/**
 * The seam between the verbs of the API and the journal: what a verb may ask of the store, and the
 * immutable views it reads. Nothing here knows of HTTP, and nothing of Kafka.
 *
 * <ol>
 *   <li>Snapshots, stored objects and events are immutable and may be used on any thread.
 *   <li>No method of {@link dev.shiplog.api.store.Store} blocks.
 *   <li>Completions and {@code whenAvailable} callbacks run on the journal's own threads: hand
 *       over, never block, never decode there.
 *   <li>A write is answered after this server applied it, so its writer reads it back.
 * </ol>
 */
package dev.shiplog.api.store;
