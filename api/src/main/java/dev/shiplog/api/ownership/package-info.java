/**
 * Who owns which fields of an object ({@code metadata.managedFields}), and server-side apply, which
 * goes by it. Everything here works on trees in the storage version along the types' data, keeps no
 * state and may be used from any thread.
 */
package dev.shiplog.api.ownership;
