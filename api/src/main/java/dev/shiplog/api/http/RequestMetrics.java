package dev.shiplog.api.http;

import dev.shiplog.api.schema.ResourceType;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * What is counted of requests, by the names and labels of kube-apiserver. Labels come from what is
 * served, never from what a client wrote, so their number is bounded. Any thread.
 */
final class RequestMetrics {

  /** Kubernetes' bounds, and a few below them, in milliseconds: most requests take less than 5. */
  private static final Duration[] BUCKETS =
      Stream.of(
              0.5, 1.0, 2.5, 5.0, 10.0, 25.0, 50.0, 100.0, 200.0, 400.0, 600.0, 800.0, 1000.0,
              1250.0, 1500.0, 2000.0, 3000.0, 4000.0, 5000.0, 6000.0, 8000.0, 10000.0, 15000.0,
              20000.0, 30000.0, 45000.0, 60000.0)
          .map(ms -> Duration.ofNanos((long) (ms * 1e6)))
          .toArray(Duration[]::new);

  private static final Map<String, String> VERBS =
      Map.of(
          "create", "POST",
          "update", "PUT",
          "patch", "PATCH",
          "get", "GET",
          "list", "LIST",
          "watch", "WATCH",
          "delete", "DELETE",
          "deletecollection", "DELETECOLLECTION");

  private static final Set<String> PATHS =
      Set.of("", "api", "apis", "openapi", "version", "healthz", "livez", "readyz", "metrics");

  private final MeterRegistry registry;
  private final Map<Sort, RequestMeters> known = new ConcurrentHashMap<>();
  private final Map<Sort, Counter> events = new ConcurrentHashMap<>();

  RequestMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * Requests that are counted together.
   *
   * @param verb Kubernetes' for access rules, or a method in capitals
   * @param scope {@code cluster}, {@code namespace}, {@code resource}, or empty
   */
  private record Sort(
      String verb,
      String group,
      String version,
      String resource,
      String subresource,
      String scope) {}

  /** Of requests about what is served here. */
  RequestMeters of(String verb, ResourceType type, ApiPath.Resource path) {
    String subresource = path.subresource();
    boolean offered = subresource.isEmpty() || type.subresources().containsKey(subresource);
    return of(
        new Sort(
            offered && !subresource.isEmpty() && type.subresources().get(subresource).connect()
                ? "CONNECT"
                : verb,
            type.group(),
            type.version(),
            type.plural(),
            offered ? subresource : "",
            scope(verb, path)));
  }

  /** Of requests that another server answers, or a node. */
  RequestMeters elsewhere(String verb, String group, String version) {
    return of(new Sort(verb, group, version, "", "", ""));
  }

  /** Of requests for a path that is no resource; by its first segment, if that means something. */
  RequestMeters path(String method, String first) {
    return of(
        new Sort(
            method.equals("GET") || method.equals("HEAD") ? "GET" : "OTHER",
            "",
            "",
            "",
            PATHS.contains(first) ? "/" + first : "",
            ""));
  }

  /** Of events that are sent to those who watch a resource. */
  Counter events(ResourceType type) {
    return events.computeIfAbsent(
        new Sort("", type.group(), type.version(), type.kind(), "", ""),
        watched ->
            Counter.builder("apiserver.watch.events")
                .description("Events sent to watchers")
                .tags("group", watched.group, "version", watched.version, "kind", watched.resource)
                .register(registry));
  }

  private static String scope(String verb, ApiPath.Resource path) {
    if (!path.name().isEmpty() || verb.equals("create")) {
      return "resource";
    }
    return path.namespace().isEmpty() ? "cluster" : "namespace";
  }

  private RequestMeters of(Sort sort) {
    RequestMeters meters = known.get(sort);
    return meters == null ? known.computeIfAbsent(sort, this::make) : meters;
  }

  private RequestMeters make(Sort sort) {
    String verb = VERBS.getOrDefault(sort.verb, sort.verb);
    Tags labels =
        Tags.of("verb", verb, "group", sort.group, "version", sort.version)
            .and("resource", sort.resource, "subresource", sort.subresource, "scope", sort.scope)
            .and("component", "apiserver", "dry_run", "");
    boolean lasting = verb.equals("WATCH") || verb.equals("CONNECT") || isLog(sort);
    AtomicInteger open = new AtomicInteger();
    if (lasting) {
      Gauge.builder("apiserver.longrunning.requests", open, AtomicInteger::get)
          .description("Requests that go on: watches")
          .tags(labels)
          .strongReference(true)
          .register(registry);
    }
    return new RequestMeters(lasting, timer(labels, lasting), open, code -> counter(labels, code));
  }

  private static boolean isLog(Sort sort) {
    return sort.subresource.equals("log") && sort.resource.equals("pods");
  }

  private Timer timer(Tags labels, boolean lasting) {
    return lasting
        ? null
        : Timer.builder("apiserver.request.duration")
            .description("From the head of a request to the end of its answer")
            .tags(labels)
            .serviceLevelObjectives(BUCKETS)
            .register(registry);
  }

  private Counter counter(Tags labels, int code) {
    return Counter.builder("apiserver.request")
        .description("Requests, by how they were answered; those that go on, once they began")
        .tags(labels.and("code", Integer.toString(code)))
        .register(registry);
  }
}
