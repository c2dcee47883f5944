/**
 * How API servers speak to each other: a follower hands its commits to the leader, over TLS with a
 * certificate on both sides that only API servers have.
 */
package dev.shiplog.api.peers;
