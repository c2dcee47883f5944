/** Puts the API server together: its configuration, its parts, their start and their end. */
package dev.shiplog.api.runtime;
