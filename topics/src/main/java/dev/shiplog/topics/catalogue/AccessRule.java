package dev.shiplog.topics.catalogue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a component must be allowed on a Kafka with ACLs, and needs no more of.
 *
 * @param kind what it is about
 * @param name its name, or how its name begins
 * @param prefixed whether the name is only how it begins
 * @param operations what must be allowed, in Kafka's words
 */
public record AccessRule(Kind kind, String name, boolean prefixed, Set<String> operations) {

  /** What Kafka's ACLs can be about, as far as we need it. */
  public enum Kind {
    TOPIC,
    GROUP,
    TRANSACTIONAL_ID
  }

  /** Who reads or writes Shiplog's topics. */
  public enum Component {
    /** Makes all topics, and alone writes to all but commands. */
    API_SERVER,
    CONTROLLERS,
    SCHEDULER,
    /** What runs on nodes: it reads what concerns nodes and writes nothing. */
    AGENT,
    /** Whoever reads the audit trail. */
    AUDITOR
  }

  private static final Set<String> READ = Set.of("Read", "Describe");
  private static final Set<String> WRITE = Set.of("Write", "Describe");

  public AccessRule {
    operations = Set.copyOf(operations);
  }

  /** What a component needs, in a cluster with these topics. */
  public static List<AccessRule> of(Component component, TopicNames names) {
    return switch (component) {
      case API_SERVER -> apiServer(names);
      case CONTROLLERS -> application("controllers", names);
      case SCHEDULER -> application("scheduler", names);
      case AGENT -> NodeTopics.read(names).stream().map(name -> topic(name, READ)).toList();
      case AUDITOR -> List.of(topic(names.audit(), READ));
    };
  }

  private static List<AccessRule> apiServer(TopicNames names) {
    return List.of(
        new AccessRule(
            Kind.TOPIC,
            names.prefix() + ".",
            true,
            // Delete also is what cutting the journal needs.
            Set.of("Create", "Describe", "DescribeConfigs", "Read", "Write", "Delete")),
        new AccessRule(
            Kind.TRANSACTIONAL_ID, names.prefix() + ".", true, Set.of("Describe", "Write")));
  }

  /** A controller reads objects and what became of its commands, and writes commands. */
  private static List<AccessRule> application(String name, TopicNames names) {
    List<AccessRule> rules = new ArrayList<>();
    rules.add(new AccessRule(Kind.TOPIC, names.prefix() + ".store.", true, READ));
    rules.add(topic(names.outcomes(), READ));
    rules.add(topic(names.commands(), WRITE));
    rules.add(
        new AccessRule(Kind.GROUP, names.prefix() + "-" + name, false, Set.of("Read", "Describe")));
    return List.copyOf(rules);
  }

  private static AccessRule topic(String name, Set<String> operations) {
    return new AccessRule(Kind.TOPIC, name, false, operations);
  }
}
