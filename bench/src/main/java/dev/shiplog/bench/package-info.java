/** Measures single parts; each class with a main method says what it measures and how it is run. */
package dev.shiplog.bench;
