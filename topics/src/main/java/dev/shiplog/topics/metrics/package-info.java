/**
 * What a process counts and measures of itself, and the page it is read from: Prometheus' text.
 * Parts that run in one process share one registry, so that a page tells of the whole process.
 */
package dev.shiplog.topics.metrics;
