package dev.shiplog.agent.server;

import io.vertx.core.http.HttpServerRequest;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * Who may ask a node: the API server, which shows a certificate of the administrators' group. Other
 * certificates of the cluster, such as those of other nodes, open nothing here; users are judged by
 * the API server before it asks on their behalf.
 */
final class ClientGroups {

  private static final String ADMINISTRATORS = "system:masters";
  private static final String ORGANIZATION = "O";

  private ClientGroups() {}

  static boolean mayAsk(HttpServerRequest request) {
    try {
      return request.connection().peerCertificates().getFirst()
              instanceof X509Certificate certificate
          && groups(certificate).contains(ADMINISTRATORS);
    } catch (SSLPeerUnverifiedException e) {
      return false;
    }
  }

  /** Organizations that the subject names, which Kubernetes takes for groups. */
  static List<String> groups(X509Certificate certificate) {
    try {
      return new LdapName(certificate.getSubjectX500Principal().getName())
          .getRdns().stream()
              .filter(part -> part.getType().equalsIgnoreCase(ORGANIZATION))
              .map(part -> String.valueOf(part.getValue()))
              .toList();
    } catch (InvalidNameException e) {
      return List.of();
    }
  }
}
