/** Who a process shows itself as over TLS. */
package dev.shiplog.topics.tls;
