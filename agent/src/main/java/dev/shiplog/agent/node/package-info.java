/** The node itself: its registration, its lease, and what it says of its condition. */
package dev.shiplog.agent.node;
