package dev.shiplog.streams.kit.kafka;

import dev.shiplog.streams.kit.Application;
import dev.shiplog.streams.kit.ResourceType;
import dev.shiplog.streams.kit.core.CatchUp;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.fault.Pulse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;

/**
 * The topology of an application: store topics and outcomes in, commands out. One sub-topology, and
 * every topic it reads has one partition, so there is one task and the whole state lies in it.
 */
public final class ApplicationTopology {

  private static final String PROCESSOR = "application";

  private final Supplier<Application> applications;
  private final TopicNames names;
  private final Set<ResourceType<?>> types;
  private final Pulse pulse = new Pulse(System::nanoTime);

  /**
   * Describes a topology.
   *
   * @param applications called whenever a process becomes the active one
   */
  public ApplicationTopology(Supplier<Application> applications, TopicNames names) {
    this.applications = applications;
    this.names = names;
    this.types = applications.get().resources();
  }

  /** Builds it for a driver that hands over all there is before it asks for commands. */
  public Topology build() {
    return build(progress -> CatchUp.immediate());
  }

  Topology build(Function<ReadProgress, CatchUp> catchUps) {
    Topology topology = new Topology();
    Map<String, StorageResource> resourcesByTopic = new LinkedHashMap<>();
    List<String> stores = new ArrayList<>();
    List<String> sources = new ArrayList<>();
    for (ResourceType<?> type : types) {
      String topic = names.store(type.resource());
      addView(topology, type, topic);
      resourcesByTopic.put(topic, type.resource());
      stores.add(ViewStoreBuilder.nameOf(type));
      sources.add(topic);
    }
    sources.add(names.outcomes());
    topology.addSource(
        names.outcomes(),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer(),
        names.outcomes());
    topology.addProcessor(
        PROCESSOR,
        () -> new ApplicationProcessor(applications, resourcesByTopic, stores, catchUps, pulse),
        sources.toArray(String[]::new));
    topology.connectProcessorAndStateStores(PROCESSOR, stores.toArray(String[]::new));
    topology.addSink(
        "commands",
        names.commands(),
        new ByteArraySerializer(),
        new ByteArraySerializer(),
        PROCESSOR);
    return topology;
  }

  /**
   * A read-only store is one that Kafka Streams restores from the topic it is fed by. The processor
   * that would feed it has nothing to do: the application's own does, when it sees the record.
   */
  private static void addView(Topology topology, ResourceType<?> type, String topic) {
    topology.addReadOnlyStateStore(
        new ViewStoreBuilder(type),
        topic,
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer(),
        topic,
        "feed-" + ViewStoreBuilder.nameOf(type),
        Idle::new);
  }

  /** Whether the application acts here; others may join meanwhile. Any thread. */
  boolean isActing() {
    return pulse.hasBegun();
  }

  /** Whether the thread that acts makes progress, if this process acts. Any thread. */
  boolean isTurning() {
    return pulse.isThere();
  }

  /** The store topics it reads. */
  public Set<String> storeTopics() {
    Set<String> topics = new TreeSet<>();
    types.forEach(type -> topics.add(names.store(type.resource())));
    return topics;
  }

  /** Every topic it reads or writes. */
  public Set<String> topics() {
    Set<String> topics = new TreeSet<>(storeTopics());
    topics.add(names.outcomes());
    topics.add(names.commands());
    return topics;
  }

  private static final class Idle implements Processor<byte[], byte[], Void, Void> {
    @Override
    public void process(Record<byte[], byte[]> record) {}
  }
}
