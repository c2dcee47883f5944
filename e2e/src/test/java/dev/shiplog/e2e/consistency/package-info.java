/**
 * A history checker: clients that record every call, and a judge that finds out from the records
 * alone whether the API servers kept their promises.
 */
package dev.shiplog.e2e.consistency;
