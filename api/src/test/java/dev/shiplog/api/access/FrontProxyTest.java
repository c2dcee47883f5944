package dev.shiplog.api.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.topics.journal.UserInfo;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A proxy that shows a certificate of the proxies' own authority, and others that do not. */
class FrontProxyTest {

  private static final Authenticator PROXIES =
      credentials ->
          credentials.bearerToken().map(shown -> UserInfo.of(shown)); // stands for a certificate

  private record Sent(Map<String, List<String>> values) implements Credentials.Headers {
    @Override
    public List<String> all(String name) {
      return values.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    @Override
    public Map<String, List<String>> startingWith(String prefix) {
      return values.entrySet().stream()
          .filter(header -> header.getKey().startsWith(prefix))
          .collect(
              Collectors.toMap(
                  header -> header.getKey().substring(prefix.length()), Map.Entry::getValue));
    }
  }

  private static Optional<UserInfo> ask(Optional<String> proxy, Map<String, List<String>> sent) {
    return new FrontProxy(PROXIES, Set.of("front"))
        .authenticate(Credentials.of(Optional.empty(), proxy, new Sent(sent)));
  }

  @Test
  void whatAProxySaysOfItsClientIsBelieved() {
    UserInfo user =
        ask(
                Optional.of("front"),
                Map.of(
                    "x-remote-user", List.of("jane"),
                    "x-remote-group", List.of("a", "b"),
                    "x-remote-uid", List.of("7"),
                    "x-remote-extra-example.com%2fscope", List.of("read")))
            .orElseThrow();

    assertThat(user.username()).isEqualTo("jane");
    assertThat(user.uid()).isEqualTo("7");
    assertThat(user.groups()).containsExactly("a", "b");
    assertThat(user.extra()).isEqualTo(Map.of("example.com/scope", List.of("read")));
  }

  @Test
  void fromAnybodyElseItMeansNothing() {
    Map<String, List<String>> says = Map.of("x-remote-user", List.of("admin"));

    assertThat(ask(Optional.empty(), says)).isEmpty();
    assertThat(ask(Optional.of("stranger"), says)).isEmpty();
  }

  @Test
  void aProxyThatNamesNobodySpeaksForNobody() {
    assertThat(ask(Optional.of("front"), Map.of("x-remote-group", List.of("system:masters"))))
        .isEmpty();
    assertThat(ask(Optional.of("front"), Map.of("x-remote-user", List.of("")))).isEmpty();
  }
}
