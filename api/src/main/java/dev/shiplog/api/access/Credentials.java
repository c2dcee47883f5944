package dev.shiplog.api.access;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSession;

/**
 * What a request carries to show who sent it.
 *
 * @param session the TLS session, whose peer may have shown a certificate; empty without TLS
 * @param bearerToken what followed {@code Authorization: Bearer}
 * @param headers all of the request's
 * @param audience whom a token has to be for; empty for this server
 */
public record Credentials(
    Optional<SSLSession> session, Optional<String> bearerToken, Headers headers, String audience) {

  /** The attribute of a user that tells which credential was shown, as Kubernetes names it. */
  static final String ID = "authentication.kubernetes.io/credential-id";

  private static final String THIS_SERVER = "";

  /** Headers of a request; names regardless of case. */
  public interface Headers {

    Headers NONE =
        new Headers() {
          @Override
          public List<String> all(String name) {
            return List.of();
          }

          @Override
          public Map<String, List<String>> startingWith(String prefix) {
            return Map.of();
          }
        };

    /** The values of a header, in order. */
    List<String> all(String name);

    /** The values of headers, by what follows the prefix in their names, in lower case. */
    Map<String, List<String>> startingWith(String prefix);
  }

  public static final Credentials NONE = of(Optional.empty(), Optional.empty(), Headers.NONE);

  /** Of a request to this server. */
  public static Credentials of(
      Optional<SSLSession> session, Optional<String> bearerToken, Headers headers) {
    return new Credentials(session, bearerToken, headers, THIS_SERVER);
  }

  /** A token alone, that is for this server. */
  public static Credentials ofToken(String token) {
    return ofToken(token, THIS_SERVER);
  }

  /** A token alone, that has to be for somebody. */
  public static Credentials ofToken(String token, String audience) {
    return new Credentials(Optional.empty(), Optional.of(token), Headers.NONE, audience);
  }

  /** Whether a token that is for this server will do. */
  public boolean isForThisServer() {
    return audience.equals(THIS_SERVER);
  }
}
