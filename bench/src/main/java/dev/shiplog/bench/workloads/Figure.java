package dev.shiplog.bench.workloads;

import java.util.Locale;

/**
 * What one piece of work came to.
 *
 * @param work in a reader's words
 * @param seconds from the request until a client that watches saw that all was done
 * @param cpuSeconds processor time of the whole product meanwhile
 * @param objects how many pods or other objects were made, replaced or deleted
 * @param target empty for none
 */
record Figure(String work, double seconds, double cpuSeconds, int objects, String target) {

  static final String HEAD =
      """
      | work | seconds | objects per second | processor seconds | ms of it per object | target |
      |---|---|---|---|---|---|
      """;

  String row() {
    return String.format(
        Locale.ROOT,
        "| %s | %.2f | %,.0f | %.1f | %.2f | %s |%n",
        work,
        seconds,
        objects / seconds,
        cpuSeconds,
        1000 * cpuSeconds / objects,
        target);
  }
}
