/**
 * Who asks, and may they: authentication of requests, and the decision whether an identity may do
 * what it asks. Nothing here blocks; any thread.
 */
package dev.shiplog.api.access;
