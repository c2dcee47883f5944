package dev.shiplog.topics.catalogue;

/** One partition of one topic. */
public record Partition(String topic, int number) implements Comparable<Partition> {

  /** The only partition of a topic that has one. */
  public static Partition only(String topic) {
    return new Partition(topic, 0);
  }

  /**
   * The inverse of {@link #toString}.
   *
   * @throws IllegalArgumentException if the text names no partition
   */
  public static Partition parse(String text) {
    int dash = text.lastIndexOf('-');
    if (dash < 1) {
      throw new IllegalArgumentException("not topic-number: " + text);
    }
    return new Partition(text.substring(0, dash), Integer.parseInt(text.substring(dash + 1)));
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
