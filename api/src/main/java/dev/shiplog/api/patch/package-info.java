/**
 * The three patches of the Kubernetes API as pure functions from a tree to a new tree. What comes
 * of a patch has not been checked yet: {@link
 * dev.shiplog.api.schema.decoding.ObjectDecoder#checkPatched} does that.
 */
package dev.shiplog.api.patch;
