package dev.shiplog.topics.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shiplog.broker.BrokerSettings;
import dev.shiplog.broker.EmbeddedBroker;
import dev.shiplog.topics.catalogue.AccessRule;
import dev.shiplog.topics.catalogue.AccessRule.Component;
import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.catalogue.TopicCatalogue;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.catalogue.TopicSpec;
import dev.shiplog.topics.log.Isolation;
import dev.shiplog.topics.log.LogReader;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.log.LogWriter;
import dev.shiplog.topics.log.TopicLog;
import dev.shiplog.topics.log.TransactionalWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that lets nobody do what no ACL allows: what each component can do, and cannot. */
class AccessRulesIT {

  private static final TopicNames NAMES = new TopicNames("guarded");
  private static final StorageResource SECRETS = StorageResource.of("secrets", "");
  private static final StorageResource SERVICES = StorageResource.of("services", "");
  private static final StorageResource SLICES =
      StorageResource.of("endpointslices", "discovery.k8s.io");
  private static final TopicCatalogue CATALOGUE = new TopicCatalogue(NAMES, 1, 2);
  private static final List<TopicSpec> TOPICS = CATALOGUE.all(List.of(SECRETS, SERVICES, SLICES));
  private static final Duration SECONDS = Duration.ofSeconds(30);

  /** An agent with a name of its own, and one that nobody granted anything. */
  private static final String NODE = "node-a";

  private static final String STRANGER = "node-b";

  @TempDir private static Path directory;
  private static EmbeddedBroker broker;

  @BeforeAll
  static void startBrokerAndAllowWhatTheRulesSay() throws Exception {
    broker = EmbeddedBroker.start(BrokerSettings.in(directory, why -> {}).withOverrides(guarded()));
    try (Admin admin = Admin.create(new ClientProperties(as("admin")).admin())) {
      List<AclBinding> bindings = new ArrayList<>();
      for (Component component : Component.values()) {
        AccessRule.of(component, NAMES).forEach(rule -> add(rule, name(component), bindings));
      }
      AccessRule.of(Component.AGENT, NAMES).forEach(rule -> add(rule, NODE, bindings));
      admin.createAcls(bindings).all().get(30, TimeUnit.SECONDS);
    }
    try (TopicLog log = log(Component.API_SERVER)) {
      log.ensureTopics(TOPICS);
      for (TopicSpec topic : TOPICS) {
        write(log, topic.name());
      }
    }
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  private static Map<String, String> guarded() {
    String users =
        Stream.concat(
                Stream.of("admin", NODE, STRANGER),
                Stream.of(Component.values()).map(AccessRulesIT::name))
            .map(name -> " user_%s=\"%s\"".formatted(name, name))
            .collect(Collectors.joining());
    return Map.of(
        "listener.security.protocol.map", "CLIENT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
        "listener.name.client.sasl.enabled.mechanisms", "PLAIN",
        "sasl.mechanism.inter.broker.protocol", "PLAIN",
        "listener.name.client.plain.sasl.jaas.config",
            "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"admin\" password=\"admin\""
                + users
                + ";",
        "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users", "User:admin;User:ANONYMOUS");
  }

  private static String name(Component component) {
    return component.name().toLowerCase(Locale.ROOT);
  }

  private static KafkaSettings as(String user) {
    return KafkaSettings.at(broker.bootstrapServers())
        .with(
            Map.of(
                "security.protocol", "SASL_PLAINTEXT",
                "sasl.mechanism", "PLAIN",
                "sasl.jaas.config",
                    "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"%s\" password=\"%s\";"
                        .formatted(user, user)));
  }

  private static TopicLog log(Component component) {
    return log(name(component));
  }

  private static TopicLog log(String user) {
    return new KafkaTopicLog(as(user));
  }

  private static void add(AccessRule rule, String user, List<AclBinding> bindings) {
    ResourcePattern pattern =
        new ResourcePattern(
            ResourceType.valueOf(rule.kind().name()),
            rule.name(),
            rule.prefixed() ? PatternType.PREFIXED : PatternType.LITERAL);
    for (String operation : rule.operations()) {
      AclOperation allowed =
          AclOperation.fromString(operation.replaceAll("([a-z])([A-Z])", "$1_$2"));
      assertThat(allowed).isNotEqualTo(AclOperation.UNKNOWN);
      bindings.add(
          new AclBinding(
              pattern,
              new AccessControlEntry("User:" + user, "*", allowed, AclPermissionType.ALLOW)));
    }
  }

  private static LogRecord record() {
    return LogRecord.of(
        "k".getBytes(StandardCharsets.UTF_8), "v".getBytes(StandardCharsets.UTF_8), 1);
  }

  private static void read(TopicLog log, String topic) {
    Partition partition = new Partition(topic, 0);
    try (LogReader reader = log.openReader(Isolation.READ_COMMITTED)) {
      reader.assign(Map.of(partition, log.range(partition, Isolation.READ_COMMITTED).start()));
      // What may not be read is refused by the first answer that would have had a record.
      long deadline = System.nanoTime() + SECONDS.toNanos();
      while (reader.poll(Duration.ofMillis(500)).isEmpty()) {
        assertThat(System.nanoTime()).isLessThan(deadline);
      }
    }
  }

  private static void write(TopicLog log, String topic) throws Exception {
    try (LogWriter writer = log.openWriter()) {
      long _ =
          writer
              .append(new Partition(topic, 0), record())
              .get(SECONDS.toSeconds(), TimeUnit.SECONDS);
    }
  }

  private static void mayRead(Component component, Set<String> allowed) {
    mayRead(name(component), allowed);
  }

  private static void mayRead(String user, Set<String> allowed) {
    try (TopicLog log = log(user)) {
      for (TopicSpec topic : TOPICS) {
        if (allowed.contains(topic.name())) {
          assertThatCode(() -> read(log, topic.name())).as(topic.name()).doesNotThrowAnyException();
        } else {
          assertThatThrownBy(() -> read(log, topic.name())).as(topic.name()).isNotNull();
        }
      }
    }
  }

  private static void mayWrite(Component component, Set<String> allowed) {
    mayWrite(name(component), allowed);
  }

  private static void mayWrite(String user, Set<String> allowed) {
    try (TopicLog log = log(user)) {
      for (TopicSpec topic : TOPICS) {
        if (allowed.contains(topic.name())) {
          assertThatCode(() -> write(log, topic.name()))
              .as(topic.name())
              .doesNotThrowAnyException();
        } else {
          assertThatThrownBy(() -> write(log, topic.name())).as(topic.name()).isNotNull();
        }
      }
    }
  }

  @Test
  void anApiServerMakesWritesCutsAndDropsTopics() throws Exception {
    StorageResource custom = new StorageResource("ships", "example.com", "u");
    try (TopicLog log = log(Component.API_SERVER)) {
      log.ensureTopics(List.of(CATALOGUE.store(custom)));
      write(log, NAMES.journal());
      try (TransactionalWriter writer = log.openTransactionalWriter("guarded.projection")) {
        writer.begin();
        var _ = writer.append(Partition.only(NAMES.audit()), record());
        writer.commit();
      }
      log.truncateBefore(Partition.only(NAMES.journal()), 1);
      log.deleteTopic(NAMES.store(custom));
      assertThat(log.topicId(NAMES.journal())).isPresent();
    }
  }

  @Test
  void anAgentReadsWhatConcernsNodesAndWritesNothing() {
    mayRead(
        Component.AGENT, Set.of(NAMES.assignments(), NAMES.store(SERVICES), NAMES.store(SLICES)));
    mayWrite(Component.AGENT, Set.of());
  }

  @Test
  void eachNodeIsAUserOfItsOwnAndOneThatWasGrantedNothingReadsNothing() {
    mayRead(NODE, Set.of(NAMES.assignments(), NAMES.store(SERVICES), NAMES.store(SLICES)));
    mayWrite(NODE, Set.of());
    mayRead(STRANGER, Set.of());
  }

  @Test
  void controllersReadObjectsAndWriteCommandsAlone() {
    mayRead(
        Component.CONTROLLERS,
        Set.of(NAMES.store(SECRETS), NAMES.store(SERVICES), NAMES.store(SLICES), NAMES.outcomes()));
    mayWrite(Component.CONTROLLERS, Set.of(NAMES.commands()));
  }

  @Test
  void anApplicationJoinsItsOwnGroupAlone() {
    assertThatCode(() -> join(Component.SCHEDULER, "guarded-scheduler")).doesNotThrowAnyException();
    assertThatThrownBy(() -> join(Component.SCHEDULER, "guarded-controllers")).isNotNull();
  }

  private static void join(Component component, String group) {
    Map<String, Object> properties =
        new HashMap<>(new ClientProperties(as(name(component))).reader(Isolation.READ_COMMITTED));
    properties.put("group.id", group);
    properties.put("auto.offset.reset", "earliest");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(List.of(NAMES.outcomes()));
      var _ = consumer.poll(SECONDS);
    }
  }

  @Test
  void anAuditorReadsTheAuditTrailAlone() {
    mayRead(Component.AUDITOR, Set.of(NAMES.audit()));
    mayWrite(Component.AUDITOR, Set.of());
  }
}
