package dev.shiplog.api.aggregation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.schema.GroupVersion;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What other servers serve, as the applied APIServices say, and what they said of it when they were
 * last asked. Any thread.
 */
public final class ExtensionApis {

  /** Where APIServices are kept. */
  public static final StorageResource RESOURCE =
      StorageResource.of("apiservices", "apiregistration.k8s.io");

  private final Supplier<Snapshot> state;
  private volatile Known known = new Known(0, Map.of(), List.of());
  private volatile Map<GroupVersion, Documents> documents = Map.of();

  public ExtensionApis(Supplier<Snapshot> state) {
    this.state = state;
  }

  /**
   * What a server says of a group and version.
   *
   * @param resources an APIResourceList
   * @param openApi URL of its OpenAPI v3 document at this server; empty if it has none
   */
  public record Documents(JsonNode resources, String openApi) {}

  private record Known(
      long revision, Map<GroupVersion, ExtensionApi> apis, List<ExtensionApi> list) {}

  /** Who serves a group and version; empty if nobody but the API server itself does. */
  public Optional<ExtensionApi> find(String group, String version) {
    Map<GroupVersion, ExtensionApi> apis = byVersion();
    return apis.isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(apis.get(new GroupVersion(group, version)));
  }

  /** All of them, in no order. The same instance until an APIService changes. */
  public List<ExtensionApi> all() {
    return current().list();
  }

  /** What servers said last. The same instance until one says something else. */
  public Map<GroupVersion, Documents> documents() {
    return documents;
  }

  Snapshot state() {
    return state.get();
  }

  /** Takes over what a server said; by one thread. */
  void learn(GroupVersion groupVersion, Documents said) {
    if (!said.equals(documents.get(groupVersion))) {
      Map<GroupVersion, Documents> next = new HashMap<>(documents);
      next.put(groupVersion, said);
      next.keySet().retainAll(byVersion().keySet());
      documents = Map.copyOf(next);
    }
  }

  private Map<GroupVersion, ExtensionApi> byVersion() {
    return current().apis();
  }

  private Known current() {
    Snapshot now;
    try {
      now = state.get();
    } catch (ApiFailure starting) {
      return known;
    }
    Known current = known;
    return now.lastRevision(RESOURCE) <= current.revision() ? current : read(now);
  }

  private synchronized Known read(Snapshot now) {
    long revision = now.lastRevision(RESOURCE);
    if (revision > known.revision()) {
      Map<String, ExtensionApi> byName = new TreeMap<>();
      now.list(RESOURCE, "", "")
          .forEachRemaining(object -> {
            JsonNode tree = object.tree();
            if (!ExtensionApi.isLocal(tree)) {
              byName.put(object.key().name(), ExtensionApi.of(tree));
            }
          });
      Map<GroupVersion, ExtensionApi> apis = new LinkedHashMap<>();
      byName.values().forEach(api -> apis.put(api.groupVersion(), api));
      known = new Known(revision, Map.copyOf(apis), List.copyOf(apis.values()));
    }
    return known;
  }
}
