package dev.shiplog.topics.catalogue;

/** One partition of one topic. */
public record Partition(String topic, int number) implements Comparable<Partition> {

  /** The only partition of a topic that has one. */
  public static Partition only(String topic) {
    return new Partition(topic, 0);
  }

  @Override
  public int compareTo(Partition other) {
    int byTopic = topic.compareTo(other.topic);
    return byTopic != 0 ? byTopic : Integer.compare(number, other.number);
  }

  @Override
  public String toString() {
    return topic + "-" + number;
  }
}
