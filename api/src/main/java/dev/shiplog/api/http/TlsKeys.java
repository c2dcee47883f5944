package dev.shiplog.api.http;

import dev.shiplog.topics.tls.PemKeyManager;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;

/** What a server or a client of Vert.x shows of itself, from PEM files. */
public final class TlsKeys {

  private TlsKeys() {}

  /**
   * Reads a certificate and its key, in whatever form Vert.x knows.
   *
   * @throws UncheckedIOException if a file cannot be read
   * @throws IllegalArgumentException if one of them is damaged
   */
  public static KeyCertOptions of(Path certificate, Path key) {
    try {
      return PemKeyManager.read(certificate, key)
          .map(KeyCertOptions::wrap)
          .orElseGet(() ->
              new PemKeyCertOptions()
                  .setCertPath(certificate.toString())
                  .setKeyPath(key.toString()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + certificate + " or " + key, e);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(
          certificate + " and " + key + " are no certificate and its key: " + e.getMessage(), e);
    }
  }
}
