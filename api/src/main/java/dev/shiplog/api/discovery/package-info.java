/**
 * What clients read first: which groups, versions and resources there are, and what serves them.
 */
package dev.shiplog.api.discovery;
