/** Streams into pods: what clients speak over WebSocket, carried over SPDY to nodes. */
package dev.shiplog.api.stream;
