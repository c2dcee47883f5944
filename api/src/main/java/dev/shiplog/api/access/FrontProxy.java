package dev.shiplog.api.access;

import dev.shiplog.topics.journal.UserInfo;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Believes what a proxy in front says of its clients: headers {@code X-Remote-User}, {@code
 * X-Remote-Group}, {@code X-Remote-Uid} and {@code X-Remote-Extra-NAME}, from who shows a
 * certificate of the proxies' own authority. From anybody else these headers mean nothing.
 */
public final class FrontProxy implements Authenticator {

  private final Authenticator proxies;
  private final Set<String> names;

  /**
   * Believes proxies.
   *
   * @param proxies knows them by their certificates
   * @param names common names of those that are believed; none: all
   */
  public FrontProxy(Authenticator proxies, Set<String> names) {
    this.proxies = proxies;
    this.names = Set.copyOf(names);
  }

  @Override
  public Optional<UserInfo> authenticate(Credentials credentials) {
    List<String> user = credentials.headers().all("X-Remote-User");
    if (user.isEmpty() || user.getFirst().isEmpty()) {
      return Optional.empty();
    }
    return proxies
        .authenticate(credentials)
        .filter(proxy -> names.isEmpty() || names.contains(proxy.username()))
        .map(proxy -> claimed(user.getFirst(), credentials.headers()));
  }

  private static UserInfo claimed(String user, Credentials.Headers headers) {
    Map<String, List<String>> extra = new LinkedHashMap<>();
    headers
        .startingWith("x-remote-extra-")
        .forEach((name, values) -> extra.put(decoded(name), values));
    return new UserInfo(
        user,
        headers.all("X-Remote-Uid").stream().findFirst().orElse(""),
        headers.all("X-Remote-Group"),
        extra);
  }

  private static String decoded(String name) {
    try {
      return URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException unencoded) {
      return name;
    }
  }
}
