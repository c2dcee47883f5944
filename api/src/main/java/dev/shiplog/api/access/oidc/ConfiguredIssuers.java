package dev.shiplog.api.access.oidc;

import dev.shiplog.api.access.Authenticator;
import dev.shiplog.api.access.Credentials;
import dev.shiplog.api.access.TokenIssuers;
import dev.shiplog.api.access.oidc.AuthenticationConfiguration.Issuer;
import dev.shiplog.api.access.oidc.AuthenticationConfiguration.Jwt;
import dev.shiplog.api.remote.Webhooks;
import dev.shiplog.topics.journal.UserInfo;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Knows senders by the tokens of all issuers of a file. Immutable but for what is cached. */
public final class ConfiguredIssuers implements Authenticator {

  private static final int MOST = 64;

  private final List<IssuerTokens> issuers;

  private ConfiguredIssuers(List<IssuerTokens> issuers) {
    this.issuers = List.copyOf(issuers);
  }

  /**
   * Reads the file.
   *
   * @param own names of the cluster itself as an issuer
   * @param servers by which issuers are reached
   * @throws IOException if it cannot be read, or says something that makes no sense
   */
  public static ConfiguredIssuers read(
      Path file, TokenIssuers own, Webhooks servers, InstantSource clock) throws IOException {
    List<Jwt> written = AuthenticationConfiguration.read(file).jwt();
    List<IssuerTokens> issuers = new ArrayList<>();
    Set<String> seen = new HashSet<>(own.names());
    try {
      require(written.size() <= MOST, "there may be at most " + MOST + " issuers");
      for (Jwt jwt : written) {
        check(jwt.issuer(), seen);
        issuers.add(new IssuerTokens(jwt, servers, clock));
      }
    } catch (IllegalArgumentException e) {
      throw new IOException("%s: jwt[%d]: %s".formatted(file, issuers.size(), e.getMessage()), e);
    }
    return new ConfiguredIssuers(issuers);
  }

  @Override
  public Optional<UserInfo> authenticate(Credentials credentials) {
    for (IssuerTokens issuer : issuers) {
      Optional<UserInfo> user = issuer.authenticate(credentials);
      if (user.isPresent()) {
        return user;
      }
    }
    return Optional.empty();
  }

  private static void check(Issuer issuer, Set<String> seen) {
    require(isHttps(issuer.url()), "issuer.url must be an https URL without user, query, fragment");
    require(
        seen.add(issuer.url()),
        "issuer.url " + issuer.url() + " is there twice, or is that of the cluster");
    require(isHttps(issuer.discovery()), "issuer.discoveryURL must be an https URL");
    require(!issuer.discovery().equals(issuer.url()), "issuer.discoveryURL must not be the url");
    require(!issuer.audiences().isEmpty(), "issuer.audiences must name at least one");
    boolean any = "MatchAny".equals(issuer.audienceMatchPolicy());
    require(
        any || (issuer.audiences().size() == 1 && issuer.audienceMatchPolicy() == null),
        "issuer.audienceMatchPolicy must be MatchAny where there are several audiences");
  }

  private static boolean isHttps(String url) {
    try {
      URI uri = URI.create(url);
      return "https".equals(uri.getScheme())
          && uri.getHost() != null
          && uri.getUserInfo() == null
          && uri.getQuery() == null
          && uri.getFragment() == null;
    } catch (IllegalArgumentException none) {
      return false;
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
