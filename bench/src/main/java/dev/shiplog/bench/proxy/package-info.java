/** What services cost a node. */
package dev.shiplog.bench.proxy;
