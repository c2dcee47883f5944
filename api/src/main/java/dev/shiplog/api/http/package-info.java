/**
 * The API over HTTP: from a request to a verb and from its answer to bytes. One route takes every
 * request, since Kubernetes' paths have a grammar of their own. Nothing blocks: a request is
 * handled on the event loop of its connection, and whatever waits goes on there.
 */
package dev.shiplog.api.http;
