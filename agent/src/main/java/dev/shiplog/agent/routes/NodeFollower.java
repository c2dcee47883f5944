package dev.shiplog.agent.routes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.agent.store.StoreFollower;
import dev.shiplog.topics.catalogue.NodeTopics;
import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.fault.FaultHandler;
import dev.shiplog.topics.log.LogSource;
import dev.shiplog.topics.log.StoredRecord;
import dev.shiplog.topics.record.Json;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** Knows from the nodes' store topic which node has which pods' addresses. */
public final class NodeFollower implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(NodeFollower.class);

  private final StoreFollower follower;

  /**
   * One that does nothing until it is started.
   *
   * @param self the node that this is for
   * @param routes is told, by subnet, the addresses of the other nodes; on the follower's thread,
   *     when something about that has changed
   */
  public NodeFollower(
      LogSource log,
      TopicNames names,
      String self,
      Consumer<Map<String, String>> routes,
      FaultHandler faults) {
    Partition nodes = Partition.only(names.store(NodeTopics.NODES));
    follower =
        new StoreFollower("agent-nodes", log, List.of(nodes), new Sink(self, routes), faults);
  }

  public void start() {
    follower.start();
  }

  @Override
  public void close() {
    follower.close();
  }

  /** Where a node's pods are. */
  private record Place(String subnet, String address) {

    static Optional<Place> of(JsonNode node) {
      String subnet = node.path("spec").path("podCIDR").asText("");
      for (JsonNode address : node.path("status").path("addresses")) {
        if (address.path("type").asText().equals("InternalIP") && !subnet.isEmpty()) {
          return Optional.of(new Place(subnet, address.path("address").asText()));
        }
      }
      return Optional.empty();
    }
  }

  private static final class Sink implements StoreFollower.Sink {

    private final String self;
    private final Consumer<Map<String, String>> listener;
    private final Map<String, Place> places = new HashMap<>();
    private Map<String, String> given;

    Sink(String self, Consumer<Map<String, String>> listener) {
      this.self = self;
      this.listener = listener;
    }

    @Override
    public void restart() {
      places.clear();
    }

    @Override
    public void record(StoredRecord stored) {
      String name = new String(stored.record().key(), StandardCharsets.UTF_8);
      byte[] value = stored.record().value();
      try {
        places.remove(name);
        if (value != null && !name.equals(self)) {
          Place.of(Json.read(value, JsonNode.class)).ifPresent(place -> places.put(name, place));
        }
      } catch (RuntimeException e) {
        LOG.errorf(e, "%s: cannot read %s; its pods get no route", stored.partition(), name);
      }
    }

    /** Heartbeats come all the time and change nothing here. */
    @Override
    public void caughtUp() {
      Map<String, String> routes = new HashMap<>();
      places.values().forEach(place -> routes.put(place.subnet(), place.address()));
      if (!routes.equals(given)) {
        given = routes;
        listener.accept(routes);
      }
    }
  }
}
