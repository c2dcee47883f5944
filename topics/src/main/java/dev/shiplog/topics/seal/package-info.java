/**
 * Encryption at rest: values of some resources are sealed before they reach any topic. Who has no
 * key sees that the object is there, and its metadata.
 */
package dev.shiplog.topics.seal;
