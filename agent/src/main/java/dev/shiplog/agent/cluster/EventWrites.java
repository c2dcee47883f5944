package dev.shiplog.agent.cluster;

import dev.shiplog.agent.cluster.PlainRequests.RefusedRequestException;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Events as requests: one as itself, several as one transaction. A transaction is all or nothing;
 * if it is refused because of some of them, the others are sent once more without those, and if
 * that is refused too, or the server knows no transactions, each by itself.
 */
final class EventWrites {

  private static final String TRANSACTIONS = "/apis/shiplog.dev/v1/transactions";
  private static final Pattern PLACE = Pattern.compile("spec\\.operations\\[(\\d+)].*");

  private final PlainRequests requests;
  private final KubernetesSerialization json;

  EventWrites(PlainRequests requests, KubernetesSerialization json) {
    this.requests = requests;
    this.json = json;
  }

  /** Sends them; returns by index why some were refused. */
  Map<Integer, String> send(List<EventChange> changes) {
    Map<Integer, String> refused = new TreeMap<>();
    List<Integer> left = new ArrayList<>();
    for (int i = 0; i < changes.size(); i++) {
      left.add(i);
    }
    if (left.size() > 1 && isDoneTogether(changes, left, refused)) {
      return refused;
    }
    boolean someAreKnown = !refused.isEmpty();
    left.removeAll(refused.keySet());
    if (someAreKnown && left.size() > 1 && isDoneTogether(changes, left, new TreeMap<>())) {
      return refused;
    }
    left.forEach(i -> sendAlone(changes.get(i), i, refused));
    return refused;
  }

  private void sendAlone(EventChange change, int index, Map<Integer, String> refused) {
    try {
      switch (change) {
        case EventChange.First(Event event) ->
            requests.send(
                "POST",
                events(event.getMetadata().getNamespace()),
                PlainRequests.JSON,
                json.asJson(event));
        case EventChange.Again again ->
            requests.send(
                "PATCH",
                events(again.namespace()) + "/" + again.name(),
                PlainRequests.MERGE_PATCH,
                json.asJson(patch(again)));
      }
    } catch (RefusedRequestException e) {
      requireRefusal(e);
      refused.put(index, e.getMessage());
    }
  }

  /** Whether it was done; if not, what is refused is added where the server says so. */
  private boolean isDoneTogether(
      List<EventChange> changes, List<Integer> indexes, Map<Integer, String> refused) {
    try {
      String body = transaction(indexes.stream().map(changes::get).toList());
      byte[] _ = requests.send("POST", TRANSACTIONS, PlainRequests.JSON, body);
      return true;
    } catch (RefusedRequestException e) {
      requireRefusal(e);
      causes(e)
          .forEach((place, why) -> {
            if (place < indexes.size()) {
              refused.put(indexes.get(place), why);
            }
          });
      return false;
    }
  }

  private static void requireRefusal(RefusedRequestException e) {
    if (Fabric8ClusterClient.judge(e.code(), e.getMessage(), e)
        instanceof ClusterUnavailableException unavailable) {
      throw unavailable;
    }
  }

  private static Map<Integer, String> causes(RefusedRequestException refusal) {
    Map<Integer, String> causes = new TreeMap<>();
    if (refusal.status().getDetails() != null) {
      for (StatusCause cause : refusal.status().getDetails().getCauses()) {
        Matcher place = PLACE.matcher(String.valueOf(cause.getField()));
        if (place.matches()) {
          causes.put(Integer.valueOf(place.group(1)), cause.getMessage());
        }
      }
    }
    return causes;
  }

  private String transaction(List<EventChange> changes) {
    Map<String, Object> transaction = new LinkedHashMap<>();
    transaction.put("apiVersion", "shiplog.dev/v1");
    transaction.put("kind", "Transaction");
    transaction.put(
        "spec", Map.of("operations", changes.stream().map(EventWrites::operation).toList()));
    return json.asJson(transaction);
  }

  private static Map<String, Object> operation(EventChange change) {
    return switch (change) {
      case EventChange.First(Event event) -> Map.of("operation", "Create", "object", event);
      case EventChange.Again again ->
          Map.of(
              "operation",
              "Patch",
              "target",
              Map.of(
                  "apiVersion",
                  "v1",
                  "kind",
                  "Event",
                  "namespace",
                  again.namespace(),
                  "name",
                  again.name()),
              "patch",
              patch(again));
    };
  }

  private static Map<String, Object> patch(EventChange.Again again) {
    Instant last = again.last();
    return Map.of("count", again.count(), "lastTimestamp", last.toString());
  }

  private static String events(String namespace) {
    return "/api/v1/namespaces/" + namespace + "/events";
  }
}
