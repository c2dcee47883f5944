package dev.shiplog.standalone.pki;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;

/** A private key and the certificate for it. */
record Credential(PrivateKey key, X509Certificate certificate) {}
