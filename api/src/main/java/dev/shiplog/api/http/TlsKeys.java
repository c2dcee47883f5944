package dev.shiplog.api.http;

import dev.shiplog.topics.tls.PemKeyManager;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.file.Path;

/** What a server or a client of Vert.x shows of itself, from PEM files. */
public final class TlsKeys {

  private TlsKeys() {}

  /**
   * Reads a certificate and its key, in whatever form Vert.x knows.
   *
   * @throws java.io.UncheckedIOException if a file cannot be read
   * @throws IllegalArgumentException if one of them is damaged
   */
  public static KeyCertOptions of(Path certificate, Path key) {
    return PemKeyManager.read(certificate, key)
        .map(KeyCertOptions::wrap)
        .orElseGet(() ->
            new PemKeyCertOptions().setCertPath(certificate.toString()).setKeyPath(key.toString()));
  }
}
