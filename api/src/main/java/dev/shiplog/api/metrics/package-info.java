/**
 * {@code metrics.k8s.io}: what nodes and pods use, as their agents say when somebody asks. Nothing
 * of it is kept. Where an APIService gives the group to another server, that one is asked instead.
 */
package dev.shiplog.api.metrics;
