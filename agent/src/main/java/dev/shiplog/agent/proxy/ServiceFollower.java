package dev.shiplog.agent.proxy;

import dev.shiplog.agent.cluster.KubernetesJson;
import dev.shiplog.agent.store.StoreFollower;
import dev.shiplog.topics.catalogue.NodeTopics;
import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.fault.FaultHandler;
import dev.shiplog.topics.log.LogSource;
import dev.shiplog.topics.log.StoredRecord;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Keeps a view of the cluster's services and endpoint slices, from their store topics. The view is
 * there once both topics were read to their end, and is replaced as they grow; it may be read by
 * any thread.
 */
public final class ServiceFollower implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(ServiceFollower.class);

  private final List<Consumer<ServiceView>> listeners = new CopyOnWriteArrayList<>();
  private final Partition services;
  private final Partition slices;
  private final StoreFollower follower;
  private volatile ServiceView view;

  /** One that does nothing until it is started. */
  public ServiceFollower(LogSource log, TopicNames names, FaultHandler faults) {
    services = Partition.only(names.store(NodeTopics.SERVICES));
    slices = Partition.only(names.store(NodeTopics.ENDPOINT_SLICES));
    follower =
        new StoreFollower("agent-services", log, List.of(services, slices), new Builder(), faults);
  }

  /**
   * Who is told each new view, on the follower's thread: must not block nor throw. To be added
   * before the start.
   */
  public void onChange(Consumer<ServiceView> listener) {
    listeners.add(listener);
  }

  public void start() {
    follower.start();
  }

  /** Empty until there is one. */
  public Optional<ServiceView> view() {
    return Optional.ofNullable(view);
  }

  /** Stops following; no listener is told anything once this has returned. */
  @Override
  public void close() {
    follower.close();
  }

  /** Builds the next view beside the published one. */
  private final class Builder implements StoreFollower.Sink {

    private ServiceView next = ServiceView.EMPTY;

    @Override
    public void restart() {
      next = ServiceView.EMPTY;
    }

    @Override
    public void record(StoredRecord stored) {
      String key = new String(stored.record().key(), StandardCharsets.UTF_8);
      byte[] value = stored.record().value();
      try {
        next =
            stored.partition().equals(services)
                ? next.withService(key, read(value, Service.class))
                : next.withSlice(key, read(value, EndpointSlice.class));
      } catch (RuntimeException e) {
        LOG.errorf(e, "%s: cannot read %s; what was known of it stays", stored.partition(), key);
      }
    }

    private <T extends KubernetesResource> T read(byte[] value, Class<T> type) {
      return value == null ? null : KubernetesJson.readStored(value, type);
    }

    @Override
    public void caughtUp() {
      view = next;
      listeners.forEach(listener -> listener.accept(next));
    }
  }
}
