package dev.shiplog.api.namespaces;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.aggregation.ExtensionApi;
import dev.shiplog.api.aggregation.ExtensionApis;
import dev.shiplog.api.remote.Remote;
import dev.shiplog.api.remote.Webhooks;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.store.Snapshot;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;

/**
 * What other servers hold of a namespace that is being deleted: it asks them to delete it, and
 * whether it is gone. Waits for their answers; one thread.
 */
final class ExtensionContent {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Whom those servers are told it is: who does the same in Kubernetes. */
  private static final Map<String, List<String>> AS_CONTROLLER =
      Map.of(
          "X-Remote-User", List.of("system:serviceaccount:kube-system:namespace-controller"),
          "X-Remote-Group",
              List.of(
                  "system:serviceaccounts",
                  "system:serviceaccounts:kube-system",
                  "system:authenticated"));

  private final ExtensionApis apis;
  private final Webhooks calls;

  ExtensionContent(ExtensionApis apis, Webhooks calls) {
    this.apis = apis;
    this.calls = calls;
  }

  /**
   * Has a namespace emptied, and tells what is left of it.
   *
   * @return whether nothing is
   */
  boolean empty(String namespace, Snapshot state, Remains remains) {
    Remains elsewhere = new Remains();
    for (ExtensionApi api : apis.all()) {
      ExtensionApis.Documents known = apis.documents().get(api.groupVersion());
      if (!api.available() || known == null) {
        elsewhere.undiscovered(api.groupVersion().apiVersion());
        continue;
      }
      for (JsonNode resource : known.resources().path("resources")) {
        if (isEmptied(resource)) {
          empty(api, resource, namespace, state, elsewhere);
        }
      }
    }
    remains.add(elsewhere);
    return elsewhere.none();
  }

  private static boolean isEmptied(JsonNode resource) {
    List<String> verbs = Trees.texts(resource, "verbs");
    return resource.path("namespaced").asBoolean()
        && resource.path("name").asText().indexOf('/') < 0
        && verbs.contains("delete")
        && verbs.contains("list");
  }

  private void empty(
      ExtensionApi api, JsonNode resource, String namespace, Snapshot state, Remains remains) {
    String plural = resource.path("name").asText();
    String path =
        "/apis/%s/namespaces/%s/%s".formatted(api.groupVersion().apiVersion(), namespace, plural);
    try {
      Remote remote = api.remote(state);
      JsonNode items = ask(remote, HttpMethod.GET, path).path("items");
      if (!items.isEmpty()) {
        delete(remote, path, items, Trees.texts(resource, "verbs").contains("deletecollection"));
        items = ask(remote, HttpMethod.GET, path).path("items");
      }
      remains.count(plural, api.groupVersion().group(), items.size());
      items.forEach(remains::finalizersOf);
    } catch (ApiFailure | CompletionException failed) {
      Throwable cause = failed.getCause() == null ? failed : failed.getCause();
      remains.failed(
          "%s of %s: %s".formatted(plural, api.groupVersion().apiVersion(), cause.getMessage()));
    }
  }

  private void delete(Remote remote, String path, JsonNode items, boolean atOnce) {
    if (atOnce) {
      var _ = ask(remote, HttpMethod.DELETE, path);
      return;
    }
    for (JsonNode item : items) {
      if (Trees.absent(item, "metadata", "deletionTimestamp")) {
        var _ = ask(remote, HttpMethod.DELETE, path + "/" + Trees.text(item, "metadata", "name"));
      }
    }
  }

  private JsonNode ask(Remote remote, HttpMethod method, String path) {
    return calls.ask(remote, method, path, AS_CONTROLLER, PATIENCE).join();
  }
}
