package dev.shiplog.agent.server;

import dev.shiplog.agent.cluster.AccessReviews;
import dev.shiplog.agent.cluster.AccessReviews.User;
import dev.shiplog.agent.cluster.ClusterException;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Who may ask a node for what, as the kubelet has it: whoever has a certificate of the cluster's
 * authority or a token of the cluster, and to whom the API server grants the part of the node that
 * the request is about ({@code nodes/metrics}, {@code nodes/stats}, {@code nodes/pods} …, or {@code
 * nodes/proxy} for everything).
 *
 * <p>Judgements are remembered for as long as the kubelet does. Blocks; safe for use by many
 * threads; what is remembered is guarded by this.
 */
public final class NodeDoor {

  private static final Duration TOKEN = Duration.ofMinutes(2);
  private static final Duration GRANTED = Duration.ofMinutes(5);
  private static final Duration DENIED = Duration.ofSeconds(30);
  private static final int MOST_REMEMBERED = 1_000;

  private static final String BEARER = "Bearer ";
  private static final String PROXY = "proxy";

  /** Paths with a subresource of their own, which is all that is needed. */
  private static final Map<String, String> ALONE =
      Map.of("stats", "stats", "metrics", "metrics", "logs", "log", "checkpoint", "checkpoint");

  /** Paths with a subresource of their own, for which the whole node's does too. */
  private static final Map<String, String> FINE =
      Map.of("pods", "pods", "runningpods", "pods", "healthz", "healthz", "configz", "configz");

  private final AccessReviews reviews;
  private final Supplier<String> node;
  private final InstantSource clock;
  private final Map<Object, Remembered> remembered =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Remembered> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  private record Remembered(Object judgement, Instant until) {}

  private record Token(String text) {

    /** Secrets stay out of logs. */
    @Override
    public String toString() {
      return "Token";
    }
  }

  private record Question(User user, String verb, String node, String subresource) {}

  /**
   * The door of a process' nodes.
   *
   * @param node its node; empty if there are several
   * @param clock by which judgements grow old; must not jump
   */
  public NodeDoor(AccessReviews reviews, Supplier<String> node, InstantSource clock) {
    this.reviews = reviews;
    this.node = node;
    this.clock = clock;
  }

  /** Refuses who may not ask this. */
  void require(HttpServerRequest request) {
    try {
      User user = user(request).orElseThrow(RefusedException::unauthorized);
      String verb = verb(request.method().name());
      List<String> subresources = subresources(request.path());
      if (subresources.stream()
          .noneMatch(part -> mayAsk(new Question(user, verb, of(request), part)))) {
        throw RefusedException.forbidden(
            "Forbidden (user=%s, verb=%s, resource=nodes, subresource(s)=%s)"
                .formatted(user.name(), verb, subresources));
      }
    } catch (ClusterException e) {
      throw RefusedException.unjudged("the API server cannot be asked: " + e.getMessage());
    }
  }

  private String of(HttpServerRequest request) {
    String named = request.getParam("node");
    return named == null ? node.get() : named;
  }

  private Optional<User> user(HttpServerRequest request) {
    Optional<User> certified = ClientGroups.user(request);
    String header = request.getHeader("Authorization");
    if (certified.isPresent() || header == null || !header.startsWith(BEARER)) {
      return certified;
    }
    Token token = new Token(header.substring(BEARER.length()).strip());
    @SuppressWarnings("unchecked") // under a token there are users
    Optional<User> known = (Optional<User>) recall(token);
    if (known != null) {
      return known;
    }
    Optional<User> user = reviews.userOf(token.text());
    user.ifPresent(good -> remember(token, user, TOKEN));
    return user;
  }

  private boolean mayAsk(Question question) {
    Boolean known = (Boolean) recall(question);
    if (known != null) {
      return known;
    }
    boolean may =
        reviews.mayAsk(question.user(), question.verb(), question.node(), question.subresource());
    remember(question, may, may ? GRANTED : DENIED);
    return may;
  }

  private synchronized Object recall(Object about) {
    Remembered known = remembered.get(about);
    return known != null && clock.instant().isBefore(known.until()) ? known.judgement() : null;
  }

  private synchronized void remember(Object about, Object judgement, Duration time) {
    remembered.remove(about);
    remembered.put(about, new Remembered(judgement, clock.instant().plus(time)));
  }

  private static String verb(String method) {
    return switch (method) {
      case "POST" -> "create";
      case "PUT" -> "update";
      case "PATCH" -> "patch";
      case "DELETE" -> "delete";
      default -> "get";
    };
  }

  /** Any of them will do. */
  private static List<String> subresources(String path) {
    String first = path.length() < 2 ? "" : path.substring(1).split("/", 2)[0];
    if (ALONE.containsKey(first)) {
      return List.of(ALONE.get(first));
    }
    return FINE.containsKey(first) ? List.of(FINE.get(first), PROXY) : List.of(PROXY);
  }
}
