package dev.shiplog.api.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.aggregation.ExtensionApis;
import dev.shiplog.api.discovery.AggregatedDiscovery;
import dev.shiplog.api.discovery.Discovery;
import dev.shiplog.api.discovery.ExtensionDiscovery;
import dev.shiplog.api.discovery.RootPaths;
import dev.shiplog.api.discovery.ServerVersion;
import dev.shiplog.api.metrics.MetricsApi;
import dev.shiplog.api.schema.GroupVersion;
import dev.shiplog.api.schema.ResourceCatalogue;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Documents about the API itself: discovery and version. Each is made once per catalogue and kept,
 * with a tag, so that clients who have it already are spared the rest.
 */
final class DocumentEndpoint {

  private final Supplier<ResourceCatalogue> catalogue;
  private final ExtensionApis extensions;
  private final Responder responder;
  private volatile Made made;

  DocumentEndpoint(
      Supplier<ResourceCatalogue> catalogue, ExtensionApis extensions, Responder responder) {
    this.catalogue = catalogue;
    this.extensions = extensions;
    this.responder = responder;
  }

  private record Key(List<String> path, Representation wanted, String address) {}

  /** What was made of one catalogue. Addresses are the clients' to choose, so few are kept. */
  private record Made(
      ResourceCatalogue of, ExtensionDiscovery besides, Map<Key, TaggedDocument> documents) {
    private static final int MOST = 512;

    void keep(Key key, TaggedDocument document) {
      if (documents.size() < MOST) {
        documents.put(key, document);
      }
    }
  }

  /**
   * Answers with the document of a path.
   *
   * @throws dev.shiplog.api.status.ApiFailure {@code NotFound} if there is none
   */
  void handle(Exchange exchange, List<String> path) {
    boolean perhapsAll = path.size() == 1 && path.getFirst().startsWith("api");
    if (perhapsAll) {
      exchange.negotiateDiscovery();
    } else {
      // The root's paths and the version are no objects, so they have no message.
      exchange.negotiate(!path.isEmpty() && path.getFirst().startsWith("api"));
    }
    ResourceCatalogue known = catalogue.get();
    Made current = made;
    ExtensionDiscovery besides = MetricsApi.discovery(extensions);
    if (current == null || current.of() != known || !current.besides().equals(besides)) {
      current = new Made(known, besides, new ConcurrentHashMap<>());
      made = current;
    }
    String address = path.equals(List.of("api")) ? address(exchange) : "";
    Key key = new Key(path, exchange.representation(), address);
    TaggedDocument document = current.documents().get(key);
    if (document == null) {
      document = make(current, key);
      current.keep(key, document);
    }
    responder.sendDocument(exchange, document);
  }

  private TaggedDocument make(Made of, Key key) {
    boolean all = !key.wanted().discovery().isEmpty();
    ObjectNode tree =
        document(of, key.path(), all, key.address()).orElseThrow(ResourceEndpoint::unknown);
    return TaggedDocument.of(responder.encode(tree, key.wanted().syntax()));
  }

  private static Optional<ObjectNode> document(
      Made of, List<String> path, boolean all, String address) {
    ResourceCatalogue known = of.of();
    if (path.isEmpty()) {
      return Optional.of(RootPaths.document(known));
    }
    return switch (path.getFirst()) {
      case "version" -> path.size() == 1 ? Optional.of(ServerVersion.document()) : Optional.empty();
      case "api" -> core(known, path, all, address);
      case "apis" -> groups(of, path, all);
      default -> Optional.empty();
    };
  }

  private static Optional<ObjectNode> core(
      ResourceCatalogue known, List<String> path, boolean all, String address) {
    return switch (path.size()) {
      case 1 ->
          Optional.of(
              all
                  ? new AggregatedDiscovery(known).core()
                  : new Discovery(known).coreVersions(address));
      case 2 -> new Discovery(known).resources(new GroupVersion("", path.get(1)));
      default -> Optional.empty();
    };
  }

  private static Optional<ObjectNode> groups(Made of, List<String> path, boolean all) {
    ResourceCatalogue known = of.of();
    return switch (path.size()) {
      case 1 -> Optional.of(all ? aggregated(of) : listed(of));
      case 2 ->
          Optional.of(
                  of.besides()
                      .group(path.get(1), new Discovery(known).group(path.get(1)).orElse(null)))
              .filter(group -> !group.isEmpty());
      case 3 -> resources(of, new GroupVersion(path.get(1), path.get(2)));
      default -> Optional.empty();
    };
  }

  private static Optional<ObjectNode> resources(Made of, GroupVersion version) {
    return new Discovery(of.of())
        .resources(version)
        .or(() ->
            Optional.ofNullable(of.besides().documents().get(version))
                .map(said -> said.resources().deepCopy()));
  }

  private static ObjectNode aggregated(Made of) {
    ObjectNode all = new AggregatedDiscovery(of.of()).others();
    of.besides().addToAggregated(all);
    return all;
  }

  private static ObjectNode listed(Made of) {
    ObjectNode groups = new Discovery(of.of()).groups();
    of.besides().addToGroups(groups);
    return groups;
  }

  private static String address(Exchange exchange) {
    var authority = exchange.request().authority();
    return authority == null ? "" : authority.toString();
  }
}
