package dev.shiplog.agent.server;

import dev.shiplog.agent.cluster.AccessReviews.User;
import io.vertx.core.http.HttpServerRequest;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * Who shows a certificate of the cluster. The API server's is of the administrators' group and
 * opens everything, so that a node can be asked while nobody else can be; users that it asks for
 * are judged by it before.
 */
final class ClientGroups {

  private static final String ADMINISTRATORS = "system:masters";
  private static final String ORGANIZATION = "O";
  private static final String NAME = "CN";

  private ClientGroups() {}

  static boolean mayAskAnything(HttpServerRequest request) {
    return user(request).filter(user -> user.groups().contains(ADMINISTRATORS)).isPresent();
  }

  /** Who the certificate names; empty if none was shown. */
  static Optional<User> user(HttpServerRequest request) {
    try {
      return request.connection().peerCertificates().getFirst()
              instanceof X509Certificate certificate
          ? Optional.of(
              new User(
                  String.join("", parts(certificate, NAME)), "", groups(certificate), Map.of()))
          : Optional.empty();
    } catch (SSLPeerUnverifiedException e) {
      return Optional.empty();
    }
  }

  /** Organizations that the subject names, which Kubernetes takes for groups. */
  static List<String> groups(X509Certificate certificate) {
    return parts(certificate, ORGANIZATION);
  }

  private static List<String> parts(X509Certificate certificate, String type) {
    try {
      return new LdapName(certificate.getSubjectX500Principal().getName())
          .getRdns().stream()
              .filter(part -> part.getType().equalsIgnoreCase(type))
              .map(part -> String.valueOf(part.getValue()))
              .toList();
    } catch (InvalidNameException e) {
      return List.of();
    }
  }
}
