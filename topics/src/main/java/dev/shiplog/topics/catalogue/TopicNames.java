package dev.shiplog.topics.catalogue;

/**
 * Names of a cluster's topics. The prefix keeps several clusters apart on one Kafka.
 *
 * @param prefix first part of every name, for example {@code shiplog}
 */
public record TopicNames(String prefix) {

  public static final String DEFAULT_PREFIX = "shiplog";

  /** Kafka's limit. */
  private static final int LONGEST = 249;

  public TopicNames {
    if (!prefix.matches("[a-zA-Z0-9][a-zA-Z0-9._-]{0,99}")) {
      throw new IllegalArgumentException(
          "topic prefix '"
              + prefix
              + "' must start with a letter or digit and have at most 100 of a-z A-Z 0-9 . _ -");
    }
  }

  public String journal() {
    return prefix + ".journal";
  }

  public String checkpoint() {
    return prefix + ".checkpoint";
  }

  public String assignments() {
    return prefix + ".assignments";
  }

  public String audit() {
    return prefix + ".audit";
  }

  public String commands() {
    return prefix + ".commands";
  }

  public String outcomes() {
    return prefix + ".outcomes";
  }

  /** The compacted topic that holds the objects of one storage resource. */
  public String store(StorageResource resource) {
    String name = prefix + ".store." + resource.qualifiedName();
    if (resource.uid().isEmpty()) {
      return name;
    }
    // The uid alone tells them apart, so a long group may lose its end.
    int rest = LONGEST - resource.uid().length() - 1;
    return name.substring(0, Math.min(name.length(), rest)) + "." + resource.uid();
  }
}
