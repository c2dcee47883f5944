/**
 * What is written about requests, and how much of it: a {@code Policy} gives each request a level.
 * Changes are told from the journal by the projection; an {@code AuditTrail} tells of requests that
 * changed nothing.
 */
package dev.shiplog.api.audit;
