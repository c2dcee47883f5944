package dev.shiplog.api.access.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.access.Authenticator;
import dev.shiplog.api.access.Credentials;
import dev.shiplog.topics.journal.UserInfo;
import dev.shiplog.topics.record.Json;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;

/**
 * Knows senders by what a server says of their tokens, asked by {@code TokenReview} of {@code
 * authentication.k8s.io/v1}. To be asked last: whoever shows any other token is not sent there.
 */
public final class TokenWebhook implements Authenticator {

  private static final Logger LOG = Logger.getLogger(TokenWebhook.class);
  private static final Duration AT_MOST = Duration.ofSeconds(10);

  private final WebhookConnection server;
  private final Duration lasts;
  private final List<String> own;
  private final Answers<Optional<UserInfo>> answers;

  /**
   * A webhook.
   *
   * @param own audiences of tokens that are for this server
   * @param lasts how long an answer is good
   */
  public TokenWebhook(
      WebhookConnection server, List<String> own, Duration lasts, InstantSource clock) {
    this.server = server;
    this.own = List.copyOf(own);
    this.lasts = lasts;
    this.answers = new Answers<>(clock);
  }

  @Override
  public boolean knowsAudiences() {
    return true;
  }

  @Override
  public Optional<UserInfo> authenticate(Credentials credentials) {
    return credentials
        .bearerToken()
        .flatMap(token ->
            answers.of(
                credentials.audience() + "\n" + token,
                () -> ask(token, credentials),
                answer -> lasts,
                this::unreachable));
  }

  private CompletableFuture<Optional<UserInfo>> ask(String token, Credentials credentials) {
    ObjectNode review =
        Json.MAPPER
            .createObjectNode()
            .put("apiVersion", "authentication.k8s.io/v1")
            .put("kind", "TokenReview");
    ObjectNode spec = review.putObject("spec").put("token", token);
    audiences(credentials).forEach(spec.putArray("audiences")::add);
    return server.ask(review, AT_MOST).thenApply(answer -> user(answer, credentials));
  }

  /** Nobody is let in because somebody could not be asked. */
  private Optional<UserInfo> unreachable(Throwable failed) {
    LOG.warnf("The token webhook at %s does not answer: %s", server, reason(failed));
    return Optional.empty();
  }

  static String reason(Throwable failed) {
    return failed.getCause() == null ? failed.toString() : failed.getCause().toString();
  }

  private List<String> audiences(Credentials credentials) {
    return credentials.isForThisServer() ? own : List.of(credentials.audience());
  }

  private Optional<UserInfo> user(JsonNode review, Credentials credentials) {
    JsonNode status = review.path("status");
    if (!status.path("authenticated").asBoolean() || !isFor(status, credentials)) {
      return Optional.empty();
    }
    JsonNode user = status.path("user");
    String name = user.path("username").asText("");
    if (name.isEmpty()) {
      return Optional.empty();
    }
    Map<String, List<String>> extra = new LinkedHashMap<>();
    user.path("extra")
        .properties()
        .forEach(entry -> extra.put(entry.getKey(), texts(entry.getValue())));
    return Optional.of(
        new UserInfo(name, user.path("uid").asText(""), texts(user.path("groups")), extra));
  }

  /** A server that knows nothing of audiences means this API server. */
  private boolean isFor(JsonNode status, Credentials credentials) {
    List<String> audiences = texts(status.path("audiences"));
    return audiences.isEmpty()
        ? credentials.isForThisServer()
        : audiences.stream().anyMatch(audiences(credentials)::contains);
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(text -> texts.add(text.asText()));
    return texts;
  }
}
