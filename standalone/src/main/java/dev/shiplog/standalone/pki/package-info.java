/** The cluster's certificate authority and what it signs, kept as PEM files and made once. */
package dev.shiplog.standalone.pki;
