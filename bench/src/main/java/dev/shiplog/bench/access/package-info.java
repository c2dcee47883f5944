/** What deciding who may do what costs. */
package dev.shiplog.bench.access;
