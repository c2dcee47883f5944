/**
 * What keeps a namespace that is being deleted: what is told of it, and what other servers hold of
 * it. The namespace controller empties it of what is built in.
 */
package dev.shiplog.api.namespaces;
