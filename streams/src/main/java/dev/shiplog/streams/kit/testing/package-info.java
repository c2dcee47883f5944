/**
 * For tests of controllers and of the scheduler: an API server in memory, and a loop that joins it
 * to an application and delivers what they exchange in an order drawn from a seed.
 */
package dev.shiplog.streams.kit.testing;
