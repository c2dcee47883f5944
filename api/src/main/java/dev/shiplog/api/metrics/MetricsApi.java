package dev.shiplog.api.metrics;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.aggregation.ExtensionApi;
import dev.shiplog.api.aggregation.ExtensionApis;
import dev.shiplog.api.aggregation.ExtensionApis.Documents;
import dev.shiplog.api.discovery.ExtensionDiscovery;
import dev.shiplog.api.remote.Trust;
import dev.shiplog.api.schema.GroupVersion;
import dev.shiplog.topics.record.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The part of the API that is about usage, as discovery tells of it. */
public final class MetricsApi {

  public static final GroupVersion VERSION = new GroupVersion("metrics.k8s.io", "v1beta1");

  /** It stands where a server beside the API server would, with the usual priorities. */
  private static final ExtensionApi OWN =
      new ExtensionApi(
          "v1beta1.metrics.k8s.io", VERSION, "", "", 0, Trust.anything(), 100, 100, true);

  private static final Documents DOCUMENTS = new Documents(resources(), "");

  private MetricsApi() {}

  /** What is served beside the built-in resources. */
  public static ExtensionDiscovery discovery(ExtensionApis extensions) {
    if (extensions.find(VERSION.group(), VERSION.version()).isPresent()) {
      return new ExtensionDiscovery(extensions.all(), extensions.documents());
    }
    List<ExtensionApi> apis = new ArrayList<>(extensions.all());
    apis.add(OWN);
    Map<GroupVersion, Documents> documents = new HashMap<>(extensions.documents());
    documents.put(VERSION, DOCUMENTS);
    return new ExtensionDiscovery(apis, documents);
  }

  private static ObjectNode resources() {
    ObjectNode list = Json.MAPPER.createObjectNode();
    list.put("kind", "APIResourceList").put("apiVersion", "v1");
    list.put("groupVersion", VERSION.apiVersion());
    ArrayNode resources = list.putArray("resources");
    resources.add(resource("nodes", "NodeMetrics", false));
    resources.add(resource("pods", "PodMetrics", true));
    return list;
  }

  private static ObjectNode resource(String plural, String kind, boolean namespaced) {
    ObjectNode resource = Json.MAPPER.createObjectNode();
    resource.put("name", plural).put("singularName", "");
    resource.put("namespaced", namespaced).put("kind", kind);
    resource.putArray("verbs").add("get").add("list");
    return resource;
  }
}
