package dev.shiplog.scheduler.cycle;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * From which state of the cluster a decision came, so that it can be gone through again later: what
 * was read, and which decisions were not read yet at that time.
 *
 * @param run the scheduler's activation; numbers of different runs have nothing to do with each
 *     other
 * @param number of the decision, counted from the activation
 * @param podsRevision up to which pods had been read
 * @param nodesRevision up to which nodes had been read
 */
public record DecisionMark(String run, long number, long podsRevision, long nodesRevision) {

  /** The annotation of a bound pod that holds it. */
  public static final String ANNOTATION = "scheduler.shiplog.dev/decision";

  private static final Pattern VALUE =
      Pattern.compile("run=(\\w*) number=(\\d{1,18}) pods=(\\d{1,18}) nodes=(\\d{1,18})");

  /** The mark that a pod bears; empty if it bears none. */
  public static Optional<DecisionMark> of(JsonNode pod) {
    Matcher value =
        VALUE.matcher(pod.path("metadata").path("annotations").path(ANNOTATION).asText());
    return value.matches()
        ? Optional.of(
            new DecisionMark(
                value.group(1),
                Long.parseLong(value.group(2)),
                Long.parseLong(value.group(3)),
                Long.parseLong(value.group(4))))
        : Optional.empty();
  }

  /** As the annotation's value. */
  @Override
  public String toString() {
    return "run=%s number=%d pods=%d nodes=%d".formatted(run, number, podsRevision, nodesRevision);
  }
}
