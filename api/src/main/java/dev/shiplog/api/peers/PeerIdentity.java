package dev.shiplog.api.peers;

import java.nio.file.Path;

/**
 * What an API server shows to others and asks of them, as PEM files.
 *
 * @param certificate its common name is {@link #USER}
 * @param key the certificate's
 * @param authority signs the certificates of all API servers of the cluster
 */
public record PeerIdentity(Path certificate, Path key, Path authority) {

  /** The name by which API servers know each other. It gives no rights in the API itself. */
  public static final String USER = "system:shiplog:apiserver";

  /**
   * The name that every API server's serving certificate has. It is checked in place of the
   * address, which may be any; a node's certificate does not have it.
   */
  static final String SERVER_NAME = "kubernetes.default.svc";
}
