package dev.shiplog.api.access;

import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * Under which names ServiceAccount tokens are issued, and whom they have to be for.
 *
 * @param names the first issues tokens; those of all are known, so that a cluster can change its
 *     name
 * @param audiences one of them is to be among a token's audiences, unless it is asked about another
 * @param keysUri where others find the keys; empty for the issuer's own address
 */
public record TokenIssuers(List<String> names, List<String> audiences, String keysUri) {

  private static final String IN_THE_CLUSTER = "https://kubernetes.default.svc.cluster.local";

  /** As pods find the API server. */
  public static final TokenIssuers DEFAULT =
      of(Optional.empty(), Optional.empty(), Optional.empty());

  /**
   * As configured.
   *
   * @param audiences the issuers if absent
   * @throws IllegalArgumentException for what cannot be an issuer or a place of keys
   */
  public static TokenIssuers of(
      Optional<List<String>> names, Optional<List<String>> audiences, Optional<String> keysUri) {
    List<String> issuers = names.orElse(List.of(IN_THE_CLUSTER));
    require(!issuers.isEmpty(), "there must be an issuer of ServiceAccount tokens");
    for (String issuer : issuers) {
      require(!issuer.isBlank(), "an issuer of ServiceAccount tokens must have a name");
      boolean url = issuer.indexOf(':') >= 0;
      require(!url || uri(issuer) != null, "an issuer with a colon must be a URL: " + issuer);
    }
    require(
        new HashSet<>(issuers).size() == issuers.size(),
        "an issuer of ServiceAccount tokens is there twice");
    keysUri.ifPresent(
        uri -> require(isHttps(uri), "the JWKS URI must be an https URL without fragment: " + uri));
    return new TokenIssuers(
        List.copyOf(issuers), List.copyOf(audiences.orElse(issuers)), keysUri.orElse(""));
  }

  /** The issuer of new tokens. */
  public String first() {
    return names.getFirst();
  }

  /** Whether others can find out by the issuer's name about it. */
  boolean isDiscoverable() {
    return isHttps(first()) && uri(first()).getQuery() == null;
  }

  private static boolean isHttps(String text) {
    URI uri = uri(text);
    return uri != null
        && "https".equals(uri.getScheme())
        && uri.getHost() != null
        && uri.getFragment() == null;
  }

  private static URI uri(String text) {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException none) {
      return null;
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
