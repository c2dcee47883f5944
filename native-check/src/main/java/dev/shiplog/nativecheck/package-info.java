/**
 * Checks, without GraalVM, that a native image would be told of all that the product reaches by
 * reflection: what a run on the JVM reached is looked up in what {@code native-image} is given.
 */
package dev.shiplog.nativecheck;
