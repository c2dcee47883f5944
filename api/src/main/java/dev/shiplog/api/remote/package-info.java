/**
 * Servers that users bring along and the API server calls: webhooks and extension API servers.
 * Finds them through their Services, and speaks to none that it cannot trust.
 */
package dev.shiplog.api.remote;
