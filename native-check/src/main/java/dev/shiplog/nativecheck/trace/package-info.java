/** Runs in the process that is watched, before it and with nothing but the JDK. */
package dev.shiplog.nativecheck.trace;
