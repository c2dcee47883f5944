package dev.shiplog.api.access;

import java.util.Optional;
import javax.net.ssl.SSLSession;

/**
 * What a request carries to show who sent it.
 *
 * @param session the TLS session, whose peer may have shown a certificate; empty without TLS
 * @param bearerToken what followed {@code Authorization: Bearer}
 */
public record Credentials(Optional<SSLSession> session, Optional<String> bearerToken) {

  public static final Credentials NONE = new Credentials(Optional.empty(), Optional.empty());

  public static Credentials ofToken(String token) {
    return new Credentials(Optional.empty(), Optional.of(token));
  }
}
