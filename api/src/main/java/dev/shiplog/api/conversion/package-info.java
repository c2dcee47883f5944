/**
 * Between the version of an object that is stored and the others it is served in. Pure functions on
 * trees; any thread.
 */
package dev.shiplog.api.conversion;
