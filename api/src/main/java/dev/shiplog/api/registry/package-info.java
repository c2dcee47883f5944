/**
 * What is particular to single resources beyond their schema: rules for preparing, updating and
 * deleting their objects, the fields their selectors offer, and the commit rules that must hold
 * over the whole state. One table, {@link dev.shiplog.api.registry.Registry}, says which rules a
 * resource has; most have none.
 */
package dev.shiplog.api.registry;
