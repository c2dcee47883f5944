/**
 * Who a node is: its certificates, asked for by CertificateSigningRequests and renewed in time. A
 * {@code RenewedIdentity} keeps one of them and asks through {@code CertificateRequests}.
 */
package dev.shiplog.agent.identity;
