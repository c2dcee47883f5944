package dev.shiplog.broker;

import java.nio.file.Path;
import java.util.Map;

/**
 * Where other machines reach an embedded broker: by TLS, and with a client certificate alone.
 * Whoever comes this way may do what Kafka's ACLs grant, which at first is nothing; on the loopback
 * listener everything is allowed.
 *
 * @param host address to listen on
 * @param port port to listen on; 0 picks a free one
 * @param advertisedHost the host that clients are told
 * @param identity PEM file with the broker's key and its certificates
 * @param authority PEM file of who signs the certificates of clients
 * @param principalRules Kafka's {@code ssl.principal.mapping.rules}: what a client's name in its
 *     certificate is called in ACLs
 * @param family how the names of a family of clients begin, in ACLs: what is granted to {@code
 *     User:} with this and an asterisk, each of them is granted
 */
public record RemoteListener(
    String host,
    int port,
    String advertisedHost,
    Path identity,
    Path authority,
    String principalRules,
    String family) {

  static final String NAME = "REMOTE";

  private static final String PREFIX = "listener.name.remote.";

  /** The broker's properties for it. */
  Map<String, String> properties() {
    return Map.of(
        PREFIX + "ssl.keystore.type",
        "PEM",
        PREFIX + "ssl.keystore.location",
        identity.toString(),
        PREFIX + "ssl.truststore.type",
        "PEM",
        PREFIX + "ssl.truststore.location",
        authority.toString(),
        PREFIX + "ssl.client.auth",
        "required",
        "ssl.principal.mapping.rules",
        principalRules,
        "authorizer.class.name",
        FamilyAuthorizer.class.getName(),
        FamilyAuthorizer.PREFIX_CONFIG,
        family,
        // Who comes over loopback shows no certificate.
        "super.users",
        "User:ANONYMOUS");
  }
}
