/**
 * Custom resources as a part of the API: which definitions are served, the names they get, and what
 * the leader does when one comes or goes. What a definition says of its objects is the business of
 * {@link dev.shiplog.api.schema.custom}.
 */
package dev.shiplog.api.definitions;
