package dev.shiplog.agent.server;

import dev.shiplog.topics.tls.PemKeyManager;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SSLOptions;
import java.nio.file.Path;

/**
 * Files, PEM, with which a node proves who it is and knows whom to trust.
 *
 * @param certificate of the server; may hold a chain
 * @param key its key, PKCS#8, EC or RSA
 * @param clientAuthority who signs the certificates of clients
 */
public record ServerTls(Path certificate, Path key, Path clientAuthority) {

  /** For a server that runs: connections from now on see these files. */
  SSLOptions options() {
    return new SSLOptions(apply(new HttpServerOptions()).getSslOptions());
  }

  /** Lets in no certificate but the authority's; who has none may have a token. */
  HttpServerOptions apply(HttpServerOptions options) {
    return options
        .setSsl(true)
        .setKeyCertOptions(KeyCertOptions.wrap(keys()))
        .setTrustOptions(new PemTrustOptions().addCertPath(clientAuthority.toString()))
        .setClientAuth(ClientAuth.REQUEST);
  }

  private PemKeyManager keys() {
    return PemKeyManager.read(certificate, key)
        .orElseThrow(() -> new IllegalArgumentException(key + " holds no key in PKCS#8 form"));
  }
}
