package dev.shiplog.agent.proxy;

import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.catalogue.TopicCatalogue;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.testing.InMemoryTopicLog;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** The store topics a proxy follows, in memory, and short ways to fill them. */
final class ServiceTopics {

  static final TopicNames NAMES = new TopicNames("test");

  private static final StorageResource SERVICES = StorageResource.of("services", "");
  private static final StorageResource SLICES =
      StorageResource.of("endpointslices", "discovery.k8s.io");

  final InMemoryTopicLog log = new InMemoryTopicLog();
  private final KubernetesSerialization json = new KubernetesSerialization();

  ServiceTopics() {
    var catalogue = new TopicCatalogue(NAMES, 1, 1);
    log.ensureTopics(List.of(catalogue.store(SERVICES), catalogue.store(SLICES)));
  }

  void put(HasMetadata object) {
    write(object, json.asJson(object).getBytes(StandardCharsets.UTF_8));
  }

  void delete(HasMetadata object) {
    write(object, null);
  }

  void write(HasMetadata object, byte[] value) {
    write(object, value, true);
  }

  /** A projection that never commits what it wrote. */
  void writeInVain(HasMetadata object) {
    write(object, json.asJson(object).getBytes(StandardCharsets.UTF_8), false);
  }

  private void write(HasMetadata object, byte[] value, boolean commit) {
    String key = object.getMetadata().getNamespace() + "/" + object.getMetadata().getName();
    StorageResource resource = object instanceof Service ? SERVICES : SLICES;
    var headers = Map.<String, byte[]>of();
    try (var writer = log.openTransactionalWriter("projection")) {
      writer.begin();
      var _ =
          writer.append(
              Partition.only(NAMES.store(resource)),
              new LogRecord(key.getBytes(StandardCharsets.UTF_8), value, 0, headers));
      if (commit) {
        writer.commit();
      } else {
        writer.abort();
      }
    }
  }
}
