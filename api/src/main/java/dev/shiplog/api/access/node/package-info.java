/**
 * What node agents may do: report about themselves and their pods, and read what those pods need
 * and nothing else. Which objects those are is told by a graph that follows the store.
 */
package dev.shiplog.api.access.node;
