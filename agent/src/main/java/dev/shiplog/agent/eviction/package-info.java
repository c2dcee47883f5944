/**
 * A node that runs short: it says so in its conditions, gives back what nobody needs, and ends pods
 * one after another, those first that use more than they asked for and matter least.
 */
package dev.shiplog.agent.eviction;
