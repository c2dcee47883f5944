package dev.shiplog.agent.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.agent.cluster.KubernetesJson;
import dev.shiplog.agent.store.StoreFollower;
import dev.shiplog.topics.catalogue.NodeTopics;
import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.fault.FaultHandler;
import dev.shiplog.topics.log.LogSource;
import dev.shiplog.topics.log.StoredRecord;
import dev.shiplog.topics.record.Json;
import dev.shiplog.topics.record.JsonBytes;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Follows network policies, pods and namespaces in their store topics and gives a view of them
 * whenever something changed that policies could ask about. The view is given on the follower's
 * thread, which owns it.
 */
public final class PolicyFollower implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(PolicyFollower.class);

  private final Partition policies;
  private final Partition pods;
  private final Partition namespaces;
  private final StoreFollower follower;

  /**
   * One that does nothing until it is started.
   *
   * @param enforcer is told each view
   */
  public PolicyFollower(
      LogSource log, TopicNames names, PolicyEnforcer enforcer, FaultHandler faults) {
    policies = Partition.only(names.store(NodeTopics.NETWORK_POLICIES));
    pods = Partition.only(names.store(NodeTopics.PODS));
    namespaces = Partition.only(names.store(NodeTopics.NAMESPACES));
    follower =
        new StoreFollower(
            "agent-policies",
            log,
            List.of(policies, pods, namespaces),
            new Builder(enforcer::update),
            faults);
  }

  public void start() {
    follower.start();
  }

  /** Stops following; nobody is told anything once this has returned. */
  @Override
  public void close() {
    follower.close();
  }

  /** Builds the next view beside the one that was given last. */
  private final class Builder implements StoreFollower.Sink {

    private final Consumer<PolicyView> listener;
    private PolicyView next = PolicyView.EMPTY;
    private PolicyView given;

    Builder(Consumer<PolicyView> listener) {
      this.listener = listener;
    }

    @Override
    public void restart() {
      next = PolicyView.EMPTY;
    }

    @Override
    public void record(StoredRecord stored) {
      String key = new String(stored.record().key(), StandardCharsets.UTF_8);
      try {
        next = with(stored.partition(), key, stored.record().value());
      } catch (RuntimeException e) {
        LOG.errorf(e, "%s: cannot read %s; what was known of it stays", stored.partition(), key);
      }
    }

    private PolicyView with(Partition partition, String key, byte[] value) {
      if (partition.equals(policies)) {
        return next.withPolicy(
            key, value == null ? null : KubernetesJson.readStored(value, NetworkPolicy.class));
      }
      JsonNode object =
          value == null ? null : Json.read(JsonBytes.withoutManagedFields(value), JsonNode.class);
      if (partition.equals(namespaces)) {
        return next.withNamespace(key, object == null ? null : PolicyPod.labels(object));
      }
      PolicyPod pod = object == null ? null : PolicyPod.of(object).orElse(null);
      // Most of what happens to pods is of no interest here.
      return pod != null && pod.equals(next.pods().get(key)) ? next : next.withPod(key, pod);
    }

    /** Every change makes a new view, so that another object is another state. */
    @Override
    @SuppressWarnings("ReferenceEquality")
    public void caughtUp() {
      if (given != next) {
        given = next;
        listener.accept(next);
      }
    }
  }
}
