/** What real containers cost on one node. */
package dev.shiplog.bench.pods;
