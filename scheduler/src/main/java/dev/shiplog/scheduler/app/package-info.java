/**
 * The scheduler as an application on the controller kit: what it reads of the store topics, and how
 * its decisions become commands.
 */
package dev.shiplog.scheduler.app;
