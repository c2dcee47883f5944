/** A cluster in a container. */
package dev.shiplog.testcontainers;
