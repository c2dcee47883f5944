/** What one client that behaves badly costs those that do not. */
package dev.shiplog.bench.abuse;
